/** Disruption budgets that lack healthy pods, and drains that come to a halt. */
import { describe, expect, it } from 'vitest';
import { condition, crashing, running } from './pod-states.suite.ts';
import { causesOf, Scene } from './scene.suite.ts';

function budget(made: Scene, name: string, spec: object, status: object): void {
  made.add('policy/v1', 'PodDisruptionBudget', name, 'shop', {
    spec: { selector: { matchLabels: { app: name } }, ...spec },
    status: { observedGeneration: 1, ...status },
  });
}

describe('disruption budgets', () => {
  it('pods that crash leave the budget short: one cause', () => {
    const made = new Scene();
    const [one = '', other = ''] = made.nodes(2);
    made.deployment('api', { pods: [running(one), crashing(other, { exitCode: 1, reason: 'Error' })] });
    budget(
      made,
      'api',
      { minAvailable: 2 },
      {
        disruptionsAllowed: 0,
        currentHealthy: 1,
        desiredHealthy: 2,
        expectedPods: 2,
        conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')],
      },
    );
    const { rootCauses, findings } = made.assess();
    expect(rootCauses).toHaveLength(1);
    expect(rootCauses[0]?.class).not.toMatch(/^disruption/);
    expect(findings.find(({ code }) => code === 'disruption-budget-unhealthy')?.explainedBy).toBe(rootCauses[0]?.id);
  });
  it('a budget that wants more pods than there are is a cause by itself', () => {
    const made = new Scene();
    const [one = '', other = ''] = made.nodes(2);
    made.deployment('api', { pods: [running(one), running(other)] });
    budget(
      made,
      'api',
      { minAvailable: 3 },
      {
        disruptionsAllowed: 0,
        currentHealthy: 2,
        desiredHealthy: 3,
        expectedPods: 2,
        conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')],
      },
    );
    const { rootCauses } = made.assess();
    expect(rootCauses.map(({ title }) => title)).toEqual([
      'Disruption budget lacks healthy pods: PodDisruptionBudget shop/api',
    ]);
  });
  it('replicas that only one node takes: the drain of that node', () => {
    const made = new Scene();
    const [one = ''] = made.nodes(2);
    made.deployment('api', {
      pods: [running(one), running(one)],
      spec: { nodeSelector: { 'kubernetes.io/hostname': one } },
    });
    budget(
      made,
      'api',
      { maxUnavailable: 1 },
      {
        disruptionsAllowed: 1,
        currentHealthy: 2,
        desiredHealthy: 1,
        expectedPods: 2,
        conditions: [condition('DisruptionAllowed', 'True', 'SufficientPods')],
      },
    );
    expect(causesOf(made.assess())).toEqual(['drain-impossible PodDisruptionBudget shop/api 0']);
  });
});
