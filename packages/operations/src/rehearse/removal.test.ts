import type { Assessment, Phase } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { withoutUseless, type RemovalInput } from './removal.ts';

const BUDGET = { group: 'policy', kind: 'PodDisruptionBudget', namespace: 'shop', name: 'web' };
const CAUSE = 'disruption-budget-blocks-drain@web';

const finding = (severity: string) => ({ id: 'f', code: 'disruption-budget-too-strict', resource: BUDGET, severity });
const cause = { id: CAUSE, resource: BUDGET, explains: ['f'] };

/** A course of two actions, the first of which makes a budget allow evictions; the second, that nothing is to be evicted. */
function input(leftWithout: readonly object[]): RemovalInput {
  const action = (id: string, score: number) => ({
    id,
    title: id,
    after: [],
    resolves: [CAUSE],
    risk: { score },
    probe: { conditions: [] },
  });
  const phases = [{ number: 1, barrier: [], actions: [action('tune', 0.5), action('uncordon', 0.1)] }];
  const courseOf = (given: readonly Phase[], findings: readonly object[]) => ({
    phases: given,
    outcomes: given.flatMap(({ actions }) => actions.map(({ id }) => ({ id, outcome: 'held' }))),
    failed: new Map(),
    end: () => ({ figures: { pods: { total: 1, succeeding: 1 } }, assessment: { findings, rootCauses: [] } }),
    stop: () => undefined,
  });
  const run = (shorter: readonly Phase[]) => courseOf(shorter, leftWithout);
  const course = courseOf(phases as unknown as readonly Phase[], []);
  const assessment = { findings: [finding('medium')], rootCauses: [cause] } as unknown as Assessment;
  return {
    course,
    dependencies: [],
    trials: 1,
    goalsLeft: () => new Set(),
    assessment,
    run,
  } as unknown as RemovalInput;
}

describe('an action without which the twin has no goal more', () => {
  const removedOf = (left: readonly object[]) => withoutUseless(input(left)).removed.map(({ id }) => id);

  it('is left out where nothing is found of what it was for', () => {
    expect(removedOf([])).toEqual(['tune']);
    expect(removedOf([finding('info')])).toEqual(['tune']);
  });

  it('stays where the very thing that it was for is found, if only as something lesser', () => {
    expect(removedOf([finding('low')])).toEqual([]);
  });
});
