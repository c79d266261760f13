import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('reports the pods of a workload once, with what the node was short of', () => {
    expect(about('web')).toMatchObject([
      {
        resource: { kind: 'Deployment' },
        facts: {
          workload: 'apps/Deployment/shop/web',
          resource: 'ephemeral-storage',
          node: 'gke-prod-default-pool-7c1a9f3e-k2xw',
          pods: 3,
        },
      },
    ]);
    expect(about('web')[0]?.facts['nodes']).toHaveLength(2);
  });
  it('keeps reporting a pod that nobody replaces', () => {
    expect(about('scratch')).toMatchObject([{ severity: 'medium', resource: { kind: 'Pod' } }]);
  });

  it('is low once the workload is complete again, unless its pods exceed limits of their own time and again', () => {
    const severityOf = (count: number, minutesAgo: number, message = LIMIT) =>
      check(rule, examine({ observedAt: NOW, objects: evictions(count, minutesAgo, message) }))[0]?.severity;
    expect(severityOf(3, 20)).toBe('medium');
    expect(severityOf(2, 20)).toBe('low');
    expect(severityOf(3, 120)).toBe('low');
    expect(
      severityOf(3, 20, 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. '),
    ).toBe('low');
  });

  it('tells of StatefulSets and DaemonSets by events, of pods of the newest revision', () => {
    const found = (kind: string, pod: string, count: number, revisions: readonly number[] = [600, 300]) =>
      check(rule, examine({ observedAt: NOW, objects: madeAnew(kind, pod, count, revisions) }));
    expect(found('StatefulSet', 'cache-0', 3)).toMatchObject([
      { severity: 'medium', resource: { kind: 'StatefulSet', name: 'cache' }, facts: { pods: 3, container: 'cache' } },
    ]);
    expect(found('DaemonSet', 'cache-x2b7q', 3)).toMatchObject([{ resource: { kind: 'DaemonSet' } }]);
    expect(found('StatefulSet', 'cache-0', 2)).toEqual([]);
    expect(found('StatefulSet', 'other-0', 3)).toEqual([]);
    // Rolled out before the last eviction, but after its pod was made; and rolled back, nobody knows when.
    expect(found('StatefulSet', 'cache-0', 3, [600, 10])).toEqual([]);
    expect(found('StatefulSet', 'cache-0', 3, [300, 600])).toEqual([]);
  });

  it('is low for pods of a revision that was replaced', () => {
    const objects = evictions(3, 20, LIMIT, 0);
    expect(check(rule, examine({ observedAt: NOW, objects }))[0]?.severity).toBe('low');
  });
});

const NOW = '2025-09-27T12:00:00Z';
const LIMIT = 'Container cache exceeded its local ephemeral storage limit "1Gi". ';

/** A StatefulSet of one pod that runs, and pods of it that were evicted, the last made so long ago. */
function evictions(count: number, minutesAgo: number, message: string, replicas = 1): readonly object[] {
  const at = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cache', uid: 'set', controller: true };
  const labels = { app: 'cache' };
  const pod = (name: string, minutes: number, status: object) => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace: 'shop', uid: name, labels, creationTimestamp: at(minutes), ownerReferences: [owner] },
    spec: { nodeName: 'n1', containers: [{ name: 'cache', image: 'r/cache:1' }] },
    status,
  });
  const spec = { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: {} } };
  return [
    ...[
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'cache', namespace: 'shop', uid: 'set' },
        spec,
        status: { replicas, readyReplicas: replicas },
      },
    ],
    pod('cache-r', 1, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
    ...Array.from({ length: count }, (_, i) =>
      pod(`cache-${i}`, minutesAgo + i, { phase: 'Failed', reason: 'Evicted', message, startTime: at(minutesAgo + i) }),
    ),
  ];
}

/** A workload with its revisions in their order, and events about evictions of a pod that is gone, ten minutes apart, the last five minutes ago. */
function madeAnew(kind: string, pod: string, count: number, revisionsMadeMinutesAgo: readonly number[]) {
  const at = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
  const ownerReferences = [{ apiVersion: 'apps/v1', kind, name: 'cache', uid: 'set', controller: true }];
  return [
    { apiVersion: 'apps/v1', kind, metadata: { name: 'cache', namespace: 'shop', uid: 'set' }, spec: {} },
    ...revisionsMadeMinutesAgo.map((minutes, i) => ({
      ...{ apiVersion: 'apps/v1', kind: 'ControllerRevision', revision: i + 1 },
      metadata: { name: `cache-${i}`, namespace: 'shop', creationTimestamp: at(minutes), ownerReferences },
    })),
    ...Array.from({ length: count }, (_, i) =>
      ['Scheduled', 'Evicted'].map((reason) => ({
        ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `${pod}.${reason}.${i}`, namespace: 'shop' } },
        ...{ reason, message: LIMIT, type: 'Warning' },
        lastTimestamp: at((reason === 'Evicted' ? 5 : 14) + 10 * i),
        involvedObject: { kind: 'Pod', namespace: 'shop', name: pod, uid: `gone-${i}` },
      })),
    ).flat(),
  ];
}
