import { contextOf } from '@aia/cluster/faults';
import { describe, expect, it } from 'vitest';
import { accuracyPage } from './accuracy-page.ts';
import { contextOfSeed, judgeContext, SIZES, type JudgedContext, type JudgedFault } from './contexts.ts';
import { accuracyBy, accuracyOfAll, runsOf } from './runs.ts';
import { falseClasses, missedKinds } from './shortfalls.ts';

const TRUTH = { entities: ['Deployment shop/web'], classes: ['image-unavailable'] };

function judged(
  faults: readonly Partial<JudgedFault>[],
  precision: number,
  wrong: readonly string[] = [],
): JudgedContext {
  const whole = faults.map((one): JudgedFault => ({
    ...{ kind: 'image-missing', family: 'image', truth: TRUTH, rank: 1, isHidden: false, named: [], ...one },
  }));
  return {
    ...{ seed: 's', split: 'training', context: contextOf(), faults: whole },
    outcome: {
      ...{ name: 'x', group: 'several', seed: 0, isFirstRight: whole[0]?.rank === 1, precision, missed: [], wrong },
      ...{ ranks: whole.map(({ rank }) => rank), stated: [] },
    },
  };
}

describe('contexts', () => {
  it('are small, have faults, and are held out by a dimension that is left free', () => {
    for (const split of ['training', 'held-out'] as const)
      for (let i = 0; i < 50; i++) {
        const context = contextOfSeed(`${i}`, split);
        expect(contextOf(context)).toEqual(context);
        expect(context.nodes).toBeLessThanOrEqual(SIZES.nodes[1]);
        expect([1, 2, 3]).toContain(context.fault_count);
      }
  });

  it('are judged the same for the same seed', async () => {
    const [one, again] = [
      await judgeContext('training-same', 'training'),
      await judgeContext('training-same', 'training'),
    ];
    expect(one).toEqual(again);
    expect(one?.faults.length).toBeGreaterThan(0);
  });

  it('are run and told on a page', async () => {
    const runs = await runsOf('training', { runs: 1, contexts: 2 }, () => undefined);
    const page = accuracyPage([{ split: 'training', runs }]);
    expect(page).toContain('## Training contexts');
    expect(page).toContain('### What falls short');
  });
});

describe('accuracy', () => {
  it('counts what can be seen, run by run', () => {
    const runs = [
      [judged([{ rank: 1 }], 1), judged([{ rank: undefined }], 0)],
      [judged([{ rank: 1 }, { rank: undefined, isHidden: true, kind: 'oom', family: 'program' }], 1)],
    ];
    expect(accuracyOfAll(runs)).toMatchObject({
      faults: 3,
      named: { mean: 0.75, least: 0.5, most: 1 },
      precision: { mean: 0.75, least: 0.5, most: 1 },
      first: { mean: 0.75, least: 0.5, most: 1 },
    });
    expect(accuracyBy(runs, ({ family }) => [family]).find(({ name }) => name === 'program')).toMatchObject({
      faults: 0,
    });
  });
});

describe('what falls short', () => {
  it('is told by kind, with why', () => {
    const contexts = [
      judged([{ rank: undefined, named: ['registry-unreachable at Deployment shop/web (high, 0.9)'] }], 0),
      judged([{ rank: undefined }], 0),
      judged([{ rank: undefined, isHidden: true }], 0),
      judged([{ rank: 1 }], 1),
    ];
    expect(missedKinds(contexts)).toEqual([
      {
        ...{ kind: 'image-missing', missed: 2, of: 3, seed: 's' },
        reasons: [
          ['nothing is named there', 1],
          ['told as registry-unreachable', 1],
        ],
      },
    ]);
  });

  it('is told by class of what is not true', () => {
    const wrong = ['node-full at Node a (high, 0.9)', 'node-full at Node b (high, 0.9)'];
    expect(falseClasses([judged([{ rank: 2 }], 0.5, wrong)])).toMatchObject([
      { name: 'node-full', count: 2, above: 1, beside: ['image-missing'], example: wrong[0] },
    ]);
  });
});
