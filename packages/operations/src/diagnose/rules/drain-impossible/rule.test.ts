import type { KubeObject } from '@aia/cluster';
import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const again = (change: (object: KubeObject & { spec?: object }) => unknown, more: readonly unknown[] = []) =>
    check(
      rule,
      examine({
        observedAt: '2025-09-27T12:00:00Z',
        objects: [...failing.snapshot.objects.map((one) => change(structuredClone(one))), ...more],
      }),
    );

  it('names the node, the pods and why', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'medium',
        message:
          'Node n1 cannot be drained: Disruption budget shop/web allows 1 of its 3 pods to be down, no other node takes what is evicted from it, and so shop/web-1-b, shop/web-1-c may not go.',
        facts: {
          nodes: ['n1'],
          pods: ['shop/web-1-b', 'shop/web-1-c'],
          cause: 'placement',
          workload: 'apps/ReplicaSet/shop/web-1',
        },
      },
    ]);
  });
  it('leaves the world of the examination as it was', () => {
    check(rule, failing);
    expect(failing.world.node('n1')?.podCount).toBe(3);
    expect(failing.world.node('n2')?.podCount).toBe(0);
  });
  const anywhere = (object: KubeObject & { spec?: object }) =>
    object.kind === 'Pod' ? { ...object, spec: { ...object.spec, nodeSelector: undefined } } : object;
  it('is low where only room is lacking, and silent where the cluster grows', () => {
    const full = (object: KubeObject & { spec?: object }) =>
      object.metadata.name === 'n2'
        ? { ...object, status: { allocatable: { cpu: '100m', memory: '1Gi', pods: '10' } } }
        : anywhere(object);
    expect(again(full)).toMatchObject([{ severity: 'low', facts: { cause: 'capacity' } }]);
    const karpenter = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'karpenter', namespace: 'kube-system' },
    };
    expect(again(full, [karpenter])).toEqual([]);
  });
  it('is silent where the other node takes them', () => {
    expect(again(anywhere)).toEqual([]);
  });
  it('has nothing to say of a single node', () => {
    const objects = failing.snapshot.objects.filter(({ metadata }) => metadata.name !== 'n2');
    expect(check(rule, examine({ observedAt: '2025-09-27T12:00:00Z', objects: structuredClone(objects) }))).toEqual([]);
  });
});
