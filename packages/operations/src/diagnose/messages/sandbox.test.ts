import { describeParser } from './laws.suite.ts';
import { parseSandbox } from './sandbox.ts';
import { rows } from './corpus/sandbox.suite.ts';

describeParser('parseSandbox', { parse: parseSandbox, rows, weaker: ['network'] });
