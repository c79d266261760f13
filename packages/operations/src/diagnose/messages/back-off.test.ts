import { parseBackOff } from './back-off.ts';
import { describeParser } from './laws.suite.ts';
import { rows } from './corpus/back-off.suite.ts';

describeParser('parseBackOff', { parse: parseBackOff, rows });
