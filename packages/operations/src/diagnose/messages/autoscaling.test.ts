import { parseAutoscaling } from './autoscaling.ts';
import { describeParser } from './laws.suite.ts';
import { rows } from './corpus/autoscaling.suite.ts';

describeParser('parseAutoscaling', {
  parse: parseAutoscaling,
  rows,
  weaker: ['no-metrics', 'request-missing', 'other'],
});
