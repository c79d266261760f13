import { createDirectWrites, refOf } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, tried } from '../../trial.suite.ts';
import { tuneDisruptionBudget } from './tune-disruption-budget.ts';

const budget = (spec: object) => ({
  ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'shop' } },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

/** All nodes are cordoned, so that a drain waits for the budget. */
function guarded(spec: object, replicas = 2) {
  const cluster = clusterWith([deployment('web', {}, {}, { replicas }), budget(spec)]);
  for (const node of planningOf(cluster).snapshot.list('Node'))
    createDirectWrites(cluster, 'test').patch(refOf(node), { type: 'merge', patch: { spec: { unschedulable: true } } });
  cluster.clock.advance(1_200_000);
  return planningOf(cluster);
}

describe('tune-disruption-budget', () => {
  it.each([[{ minAvailable: 2 }], [{ minAvailable: '100%' }], [{ maxUnavailable: 0 }]])('opens %j for one', (spec) => {
    const planning = guarded(spec);
    const [best] = proposalsOf(tuneDisruptionBudget, planning);
    const { outcomes, causes } = tried([tuneDisruptionBudget], best as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('disruption-budget-blocks-drain');
  });

  it('says what a single replica risks', () => {
    const [best] = proposalsOf(tuneDisruptionBudget, guarded({ minAvailable: 1 }, 1));
    expect(best?.drafts[0]?.risks).toHaveLength(1);
    expect(best?.fit).toBeLessThan(0.9);
  });

  it('leaves a budget alone that allows one already', () => {
    expect(proposalsOf(tuneDisruptionBudget, guarded({ maxUnavailable: 1 }))).toEqual([]);
  });
});
