import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIFORM_PRIORS } from '../../priors/priors.ts';
import type { Hypothesis } from './hypothesis.ts';
import { leading, weigh } from './weigh.ts';

function hypothesis(name: string, findings: readonly string[], ratios: readonly number[]): Hypothesis {
  return {
    class: name,
    resource: { group: '', kind: 'Pod', namespace: 'a', name },
    title: name,
    statement: name,
    effects: findings.map((finding) => ({ finding, relation: 'for the test', evidence: [] })),
    evidence: [],
    weighings: ratios.map((ratio) => ({ observation: 'seen', ratio })),
    remediation: { class: 'none', text: '' },
  };
}

const anyHypotheses = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    findings: fc.uniqueArray(fc.constantFrom('f1', 'f2', 'f3', 'f4'), { minLength: 1 }),
    ratios: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { maxLength: 4 }),
  }),
  { selector: ({ name }) => name, minLength: 1 },
);
const made = (drafts: readonly { name: string; findings: string[]; ratios: number[] }[]) =>
  drafts.map(({ name, findings, ratios }) => hypothesis(name, findings, ratios));

describe('weigh', () => {
  it('gives a lone hypothesis its weight against something else', () => {
    const [only] = weigh([hypothesis('a', ['f'], [9])], UNIFORM_PRIORS);
    expect(only?.probability).toBeCloseTo(0.9);
  });

  it('shares the probability among rivals for the same findings', () => {
    const [strong, weak] = weigh([hypothesis('a', ['f'], [100]), hypothesis('b', ['f'], [5])], UNIFORM_PRIORS);
    expect(strong?.probability).toBeCloseTo(100 / 106);
    expect(strong?.rivals.map(({ hypothesis: rival, probability }) => [rival.class, probability])).toEqual([
      ['b', 5 / 106],
    ]);
    expect(weak?.probability).toBeCloseTo(5 / 106);
  });

  it('lets causes of different findings stand beside each other', () => {
    const weighed = weigh([hypothesis('a', ['f'], [99]), hypothesis('b', ['g'], [99])], UNIFORM_PRIORS);
    expect(weighed.map(({ probability, rivals }) => [probability, rivals.length])).toEqual([
      [0.99, 0],
      [0.99, 0],
    ]);
  });

  it('takes learnt priors into account', () => {
    const [a] = weigh([hypothesis('a', ['f'], [5]), hypothesis('b', ['f'], [5])], { causes: { a: 10 } });
    expect(a?.probability).toBeCloseTo(50 / 56);
  });

  it('keeps every probability and its rivals within one', () => {
    fc.assert(
      fc.property(anyHypotheses, (drafts) => {
        for (const { probability, rivals } of weigh(made(drafts), UNIFORM_PRIORS)) {
          const sum = rivals.reduce((total, rival) => total + rival.probability, probability);
          expect(probability).toBeGreaterThan(0);
          expect(sum).toBeLessThan(1);
        }
      }),
    );
  });

  it('does not depend on the order of the hypotheses', () => {
    fc.assert(
      fc.property(anyHypotheses, (drafts) => {
        const ids = (list: readonly Hypothesis[]) =>
          leading(weigh(list, UNIFORM_PRIORS))
            .map(({ id }) => id)
            .sort();
        expect(ids(made(drafts).toReversed())).toEqual(ids(made(drafts)));
      }),
    );
  });
});

describe('leading', () => {
  it('covers every finding with the weightiest hypothesis', () => {
    const leaders = leading(
      weigh(
        [hypothesis('a', ['f', 'g'], [100]), hypothesis('b', ['f'], [5]), hypothesis('c', ['h'], [2])],
        UNIFORM_PRIORS,
      ),
    );
    expect(leaders.map(({ hypothesis: leader }) => leader.class)).toEqual(['a', 'c']);
  });
});
