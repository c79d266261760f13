import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeParser } from './laws.suite.ts';
import type { ScaleUpMessage } from './message.ts';
import { parseScaleUp } from './scale-up.ts';
import { triggered, refused, failedZones, failedAdding, GROUP, atRisk, zones } from './corpus/scale-up.suite.ts';

describeParser<ScaleUpMessage>('TriggeredScaleUp', {
  parse: (text) => parseScaleUp('TriggeredScaleUp', text),
  rows: triggered,
  except: (text) => !text.endsWith(']'),
});
describeParser<ScaleUpMessage>('NotTriggerScaleUp', {
  parse: (text) => parseScaleUp('NotTriggerScaleUp', text),
  rows: refused,
});
describeParser<ScaleUpMessage>('FailedScaleUp', {
  parse: (text) => parseScaleUp('FailedScaleUp', text),
  rows: failedZones,
});
describeParser<ScaleUpMessage>('ScaleUpFailed', {
  parse: (text) => parseScaleUp('ScaleUpFailed', text),
  rows: failedAdding,
});
describeParser<ScaleUpMessage>('ScaledUpGroup', {
  parse: (text) => parseScaleUp('ScaledUpGroup', text),
  rows: [
    [
      '1.22–1.36',
      'Scale-up: setting group pool-1 size to 3 instead of 2 (max: 5)',
      { outcome: 'triggered', groups: ['pool-1'] },
    ],
    ['1.14–1.21', 'Scale-up: group pool-1 size set to 3', { outcome: 'triggered', groups: ['pool-1'] }],
  ],
});
describeParser<ScaleUpMessage>('FailedToScaleUpGroup', {
  parse: (text) => parseScaleUp('FailedToScaleUpGroup', text),
  rows: [
    [
      '1.14–1.36',
      "Scale-up failed for group pool-1: googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded. Limit: 8.0 in region us-central1., quotaExceeded",
      {
        outcome: 'failed',
        groups: ['pool-1'],
        refusals: [
          {
            cause: 'quota',
            metric: 'IN_USE_ADDRESSES',
            limit: 8,
            region: 'us-central1',
            text: expect.any(String) as unknown as string,
          },
        ],
      },
    ],
    [
      '1.14–1.36',
      'Scale-up failed for group pool-1: something new',
      { refusals: [{ cause: 'other', text: 'something new' }] },
    ],
  ],
});
describeParser<ScaleUpMessage>('ScaleUpTimedOut', {
  parse: (text) => parseScaleUp('ScaleUpTimedOut', text),
  rows: [
    [
      '1.14–1.36',
      `Nodes added to group ${GROUP} failed to register within 15m3s`,
      {
        refusals: [{ cause: 'timeout', zone: 'us-central1-b', text: expect.any(String) as unknown as string }],
        groups: [GROUP],
      },
    ],
  ],
});
describeParser<ScaleUpMessage>('MaxNodesTotalReached', {
  parse: (text) => parseScaleUp('MaxNodesTotalReached', text),
  rows: [
    [
      '1.14–1.36',
      'Max total nodes in cluster reached: 5',
      {
        outcome: 'failed',
        refusals: [{ cause: 'cluster-limit', limit: 5, text: 'Max total nodes in cluster reached: 5' }],
      },
    ],
  ],
});

describe('parseScaleUp', () => {
  it('knows only reasons of the autoscaler', () => {
    expect(parseScaleUp('FailedScheduling', `${zones} GCE quota exceeded. ${atRisk}`)).toBeUndefined();
    expect(parseScaleUp('', '')).toBeUndefined();
  });

  it('marks every cut of a failed scale-up as cut', () => {
    const text = failedZones.find(([, words]) => words.includes('quota exceeded, GCE out of resources. '))?.[1] ?? '';
    const head = 'Node scale up in zones '.length;
    fc.assert(
      fc.property(fc.integer({ min: head + 1, max: text.length - 1 }), (end) => {
        expect(parseScaleUp('FailedScaleUp', text.slice(0, end))?.truncated).toBe(true);
      }),
    );
  });

  it('reads an unordered list whatever its order', () => {
    const items = [
      '1 max node group size reached',
      '2 Insufficient cpu',
      '3 max cluster cpu, memory limit reached',
      "4 node(s) had taint {a: b}, that the pod didn't tolerate",
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(items, { minLength: 4 }), (order) => {
        const found = parseScaleUp('NotTriggerScaleUp', `pod didn't trigger scale-up: ${order.join(', ')}`);
        expect(found?.refusals.map((refusal) => refusal.cause).sort()).toEqual(['cluster-limit', 'max-size']);
        expect(found?.reasons.map((reason) => reason.count).sort()).toEqual([2, 4]);
      }),
    );
  });
});
