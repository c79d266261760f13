import { parseClaim } from './claim.ts';
import { describeParser } from './laws.suite.ts';
import { rows } from './corpus/claim.suite.ts';

describeParser('parseClaim', { parse: (text) => parseClaim('', text), rows, weaker: ['cloud', 'quota'] });
