import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIFORM_PRIORS } from '../../priors/priors.ts';
import type { Hypothesis } from './hypothesis.ts';
import { leadersOf, weigh, type Weighed } from './weigh.ts';

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

const leading = (weighed: readonly Weighed[]) => [...new Set(leadersOf(weighed).values())];

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

  it('shares no more than the whole among all that explain one symptom', () => {
    fc.assert(
      fc.property(anyHypotheses, (drafts) => {
        const weighed = weigh(made(drafts), UNIFORM_PRIORS);
        for (const finding of ['f1', 'f2', 'f3', 'f4']) {
          const claims = weighed.filter(({ hypothesis: one }) =>
            one.effects.some((effect) => effect.finding === finding),
          );
          expect(claims.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThan(1);
        }
      }),
    );
  });

  it('never makes a hypothesis less probable by further evidence for it', () => {
    fc.assert(
      fc.property(anyHypotheses, fc.double({ min: 1, max: 1000, noNaN: true }), (drafts, ratio) => {
        const of = (extra: readonly number[]) =>
          weigh(
            made(drafts.map((draft, i) => (i === 0 ? { ...draft, ratios: [...draft.ratios, ...extra] } : draft))),
            UNIFORM_PRIORS,
          );
        expect(of([ratio])[0]?.probability).toBeGreaterThanOrEqual((of([])[0]?.probability ?? 1) - 1e-12);
      }),
    );
  });

  it('does not let causes compete for what is part of both', () => {
    const shared = { finding: 'quota', relation: 'it is the cause itself', evidence: [], isPart: true };
    const sharing = (name: string, symptom: string) => {
      const one = hypothesis(name, [symptom], [99]);
      return { ...one, effects: [...one.effects, shared] };
    };
    const weighed = weigh([sharing('a', 'f'), sharing('b', 'g')], UNIFORM_PRIORS);
    expect(weighed.map(({ probability, rivals }) => [probability, rivals.length])).toEqual([
      [0.99, 0],
      [0.99, 0],
    ]);
  });

  it('makes no root cause of a hypothesis that has lost all its symptoms and keeps a part', () => {
    const strong = hypothesis('a', ['f'], [100]);
    const weak = hypothesis('b', ['f'], [5]);
    const part = { finding: 'quota', relation: 'it is the cause itself', evidence: [], isPart: true };
    const leaders = leading(weigh([strong, { ...weak, effects: [...weak.effects, part] }], UNIFORM_PRIORS));
    expect(leaders.map(({ hypothesis: leader }) => leader.class)).toEqual(['a']);
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

describe('leadersOf', () => {
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
