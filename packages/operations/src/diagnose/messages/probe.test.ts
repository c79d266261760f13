import { describeParser } from './laws.suite.ts';
import { parseProbe } from './probe.ts';
import { rows } from './corpus/probe.suite.ts';

describeParser('parseProbe', { parse: parseProbe, rows, weaker: ['exec', 'grpc'] });
