import { describe } from 'vitest';
import { describeField } from './field.suite.ts';
import type { ScaleUpMessage, SchedulingMessage, SchedulingReason } from './message.ts';
import { parseScaleUp } from './scale-up.ts';
import { parseScheduling } from './scheduling.ts';
import { scheduling, scaleUps } from './corpus/field-scheduling.suite.ts';

const item = ({ count, class: of, resource, taint }: SchedulingReason): string =>
  `${count} ${of}${resource === undefined ? '' : ` ${resource}`}${taint === undefined ? '' : ` ${taint.key}=${taint.value}`}`;

/** `0/3: 1 taint, 2 capacity cpu; preemption 1+2`, in the text's order. */
function schedulingDigest(message: SchedulingMessage | undefined): string | undefined {
  if (message === undefined) return undefined;
  const reasons = message.prefilter === undefined ? message.reasons : [message.prefilter];
  const tail = message.preemption.map(({ count }) => count).join('+');
  return `${message.available}/${message.total}: ${reasons.map(item).join(', ')}${tail === '' ? '' : `; preemption ${tail}`}`;
}

function scaleUpDigest(message: ScaleUpMessage | undefined): string | undefined {
  if (message === undefined) return undefined;
  const refusals = message.refusals.map(({ cause, metric, region, zone }) =>
    [cause, metric, region, zone].filter((part) => part !== undefined).join(' '),
  );
  return `${message.outcome}: ${[...message.reasons.map(item), ...refusals].join(', ')}${message.truncated ? ' …' : ''}`;
}

describe('scheduler in the field', () => {
  describeField(scheduling, (_reason, text) => schedulingDigest(parseScheduling(text)));
});

/** `not-triggered: 2 capacity cpu, max-size`. */
describe('autoscaler in the field', () => {
  describeField(scaleUps, (reason, text) => scaleUpDigest(parseScaleUp(reason, text)));
});
