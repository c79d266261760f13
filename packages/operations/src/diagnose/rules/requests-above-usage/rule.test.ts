import type { UsageHistory } from '@aia/cluster';
import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { allocatable: { cpu: '4', memory: '16Gi', pods: '110' }, conditions: [{ type: 'Ready', status: 'True' }] },
};

function pod(name: string, cpu: string, namespace = 'shop') {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: name },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', resources: { requests: { cpu, memory: '256Mi' } } }] },
    status: { phase: 'Running' },
  };
}

/** Two days at one sample each half hour. */
function usage(pods: readonly string[], cpuMillis: number, hours = 60, namespace = 'shop'): UsageHistory {
  const times = Array.from(
    { length: hours * 2 },
    (_, i) => Date.parse('2025-09-27T12:00:00Z') - (hours * 2 - 1 - i) * 1_800_000,
  );
  const series = (value: number) => ({ times, values: times.map(() => value) });
  return {
    sources: ['prometheus'],
    containers: pods.map((name) => ({
      namespace,
      pod: name,
      container: 'app',
      cpu: series(cpuMillis),
      memory: series(2 ** 26),
    })),
  };
}

const observedAt = '2025-09-27T12:00:00Z';
const crowded = [node, pod('a', '1800m'), pod('b', '1800m')];

describeRule(rule, import.meta.url, () => {
  it('fires when requests crowd the nodes and usage is far below', () => {
    const [finding] = check(rule, examine({ observedAt, objects: crowded, usage: usage(['a', 'b'], 300) }));
    expect(finding?.severity).toBe('medium');
    expect(finding?.facts).toMatchObject({ requestedCpuMillis: 3600, neededCpuMillis: 600, requestedShare: 0.9 });
  });
  it('judges memory by its peak, apart from CPU', () => {
    const greedy = ['a', 'b'].map((name) => {
      const one = pod(name, '100m');
      const [app] = one.spec.containers;
      return {
        ...one,
        spec: { ...one.spec, containers: [{ ...app, resources: { requests: { cpu: '100m', memory: '7Gi' } } }] },
      };
    });
    const [finding, ...others] = check(
      rule,
      examine({ observedAt, objects: [node, ...greedy], usage: usage(['a', 'b'], 80) }),
    );
    expect(others).toEqual([]);
    expect([finding?.severity, finding?.facts]).toEqual([
      'medium',
      {
        requestedMemoryBytes: 14 * 2 ** 30,
        neededMemoryBytes: 2 * 2 ** 26,
        requestedShare: 0.875,
        workloads: ['Pod shop/a', 'Pod shop/b'],
      },
    ]);
    const peak = usage(['a', 'b'], 80);
    const filledOnce = peak.containers.map((one) => ({
      ...one,
      memory: {
        times: one.memory?.times ?? [],
        values: (one.memory?.values ?? []).map((value, i) => (i === 3 ? 6 * 2 ** 30 : value)),
      },
    }));
    const history = { ...peak, containers: filledOnce };
    expect(check(rule, examine({ observedAt, objects: [node, ...greedy], usage: history }))).toEqual([]);
  });
  it.each([
    ['usage near the requests', crowded, usage(['a', 'b'], 1200)],
    ['half the usage while there is room', [node, pod('a', '900m'), pod('b', '900m')], usage(['a', 'b'], 400)],
    ['a history of half a day', crowded, usage(['a', 'b'], 100, 12)],
    ['no history', crowded, usage([], 0)],
    ['system pods only', [node, pod('a', '3800m', 'kube-system')], usage(['a'], 10, 60, 'kube-system')],
  ])('stays silent with %s', (_, objects, history) => {
    expect(check(rule, examine({ observedAt, objects, usage: history }))).toEqual([]);
  });
});
