import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const found = check(rule, failing);
  const of = (name: string) => found.find(({ resource }) => resource.name === name);
  const again = (cloud: object, more: readonly unknown[] = []) =>
    check(
      rule,
      examine({
        observedAt: '2025-09-27T12:00:00Z',
        objects: [...structuredClone(failing.snapshot.objects), ...more],
        cloud,
      }),
    );

  it('sums up the nodes that the pods may run on', () => {
    expect(of('large')).toMatchObject({
      severity: 'low',
      message:
        'Autoscaler shop/large at its maximum of 5 replicas would request 10 CPU of 8 that the 2 nodes that its pods may run on have.',
      facts: { maximum: 5, resources: ['cpu'], nodes: 2, workload: 'apps/Deployment/shop/large' },
    });
    expect(of('picky')?.facts).toMatchObject({ resources: ['cpu', 'memory'], nodes: 1 });
  });
  it('says of those that fit alone whether they fit together', () => {
    expect(of('a')).toBeUndefined();
    expect(of('autoscalers')?.facts).toEqual({ resources: ['cpu'], nodes: 3, autoscalers: 3 });
  });
  it('is silent where the cluster can grow', () => {
    const group = {
      name: 'g',
      health: 'Healthy',
      ready: 3,
      target: 3,
      minSize: 1,
      maxSize: 9,
      scaleUp: '',
      scaleDown: '',
    };
    const autoscaler = {
      format: 'yaml',
      status: '',
      health: '',
      scaleUp: '',
      scaleDown: '',
      updatedAt: undefined,
    } as const;
    expect(again({ autoscaler: { ...autoscaler, nodeGroups: [{ ...group, backoff: undefined }] } })).toEqual([]);
    expect(
      again({ autoscaler: { ...autoscaler, nodeGroups: [{ ...group, target: 9, backoff: undefined }] } }),
    ).toHaveLength(3);
    expect(
      again({}, [
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'karpenter', namespace: 'kube-system' } },
      ]),
    ).toEqual([]);
  });
});
