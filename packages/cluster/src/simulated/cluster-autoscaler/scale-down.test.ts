import { describe, expect, it } from 'vitest';
import { NODES, POD_DISRUPTION_BUDGETS, PODS } from '../api/built-in-types.ts';
import {
  autoscaledCluster,
  deploy,
  eventsAbout,
  nodesOf,
  placedOf,
  podsOf,
  quotaOf,
  scale,
} from './autoscaler-cluster.suite.ts';

const MINUTE = 60_000;
const plain = (text: string) =>
  text
    .replaceAll(/gke-example-web-[0-9a-f]{8}-[a-z0-9]{4}/g, 'NODE')
    .replaceAll(/[a-z]+-[a-z0-9]{8,10}-[a-z0-9]{5}/g, 'POD');

/** Three nodes, each with a pod that fills it, of which one pod is left after 20 minutes. */
function shrunk(pod: object = {}) {
  const cluster = autoscaledCluster();
  deploy(cluster, 'web', 3, '3', pod);
  cluster.clock.advance(20 * MINUTE);
  scale(cluster, 'web', 1);
  return cluster;
}

describe('scale-down', () => {
  it('removes empty nodes ten minutes after they were needed, and gives their quota back', () => {
    const cluster = shrunk();
    expect(quotaOf(cluster, 'CPUS')).toBe(12);
    cluster.clock.advance(9 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(3);
    const marked = nodesOf(cluster).flatMap(({ spec }) => spec?.taints ?? []);
    expect(marked).toHaveLength(2);
    expect(marked[0]).toMatchObject({ key: 'DeletionCandidateOfClusterAutoscaler', effect: 'PreferNoSchedule' });
    expect(marked[0]?.value).toMatch(/^\d{10}$/);
    expect(cluster.cloud?.snapshot.autoscaler?.nodeGroups[0]?.scaleDown).toBe('CandidatesPresent');
    cluster.clock.advance(4 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(1);
    expect(quotaOf(cluster, 'CPUS')).toBe(4);
    expect(eventsAbout(cluster, 'ConfigMap').map(plain)).toEqual(
      expect.arrayContaining([
        'Normal ScaleDownEmpty Scale-down: removing empty node "NODE"',
        'Normal ScaleDownEmpty Scale-down: empty node NODE removed',
      ]),
    );
    expect(eventsAbout(cluster, 'Node').map(plain)).toEqual(
      expect.arrayContaining([
        'Normal ScaleDown marked the node as toBeDeleted/unschedulable',
        'Normal ScaleDown nodes removed by cluster autoscaler',
      ]),
    );
    expect(cluster.cloud?.snapshot.visibility?.some(({ type }) => type === 'scale-down')).toBe(true);
  });

  it('evicts pods that fit elsewhere, one node at a time', () => {
    const cluster = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 3 }] });
    deploy(cluster, 'web', 3, '1');
    cluster.clock.advance(40 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(1);
    expect(placedOf(cluster)).toBe(3);
    expect(eventsAbout(cluster, 'Pod').map(plain)).toContain('Normal ScaleDown deleting pod for node scale down');
    const told = eventsAbout(cluster, 'ConfigMap').map(plain);
    expect(
      told.some((text) =>
        /^Normal ScaleDown Scale-down: removing node NODE, utilization: \{0\.2\d* .*\}, pods to reschedule: POD$/.test(
          text,
        ),
      ),
    ).toBe(true);
    expect(told).toContain('Normal ScaleDown Scale-down: node NODE removed with drain');
  });

  it('leaves as many nodes as the pool must have', () => {
    const autoscaling = { minNodes: 2, maxNodes: 9 };
    const cluster = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 3, autoscaling }] });
    cluster.clock.advance(60 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(2);
  });

  it.each([
    [
      'that is not to be evicted',
      { metadata: { annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' } } },
    ],
    ['without a controller', {}],
  ])('keeps the node of a pod %s', (_what, more: { readonly metadata?: object }) => {
    const cluster = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 2 }] });
    const [, other] = nodesOf(cluster);
    const spec = { nodeName: other?.metadata.name, containers: [{ name: 'app', image: 'registry.example/app:1' }] };
    const metadata = { name: 'bare', namespace: 'shop', ...more.metadata };
    cluster.api.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec } as never);
    cluster.clock.advance(60 * MINUTE);
    expect(nodesOf(cluster).map(({ metadata: { name } }) => name)).toEqual([other?.metadata.name]);
    expect(podsOf(cluster)).toHaveLength(1);
  });

  it('keeps nodes whose pods a budget does not let go, or that are annotated so', () => {
    const cluster = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 2 }] });
    const selector = { matchLabels: { app: 'web' } };
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { maxUnavailable: 0, selector },
    };
    cluster.api.create(POD_DISRUPTION_BUDGETS, budget as never);
    deploy(cluster, 'web', 2, '1', {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: selector,
        },
      ],
    });
    cluster.clock.advance(60 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(2);
    cluster.api.delete(POD_DISRUPTION_BUDGETS, 'shop', 'web');
    const [first] = nodesOf(cluster);
    for (const { metadata } of nodesOf(cluster))
      cluster.api.change(NODES, '', metadata.name, (node) => ({
        ...node,
        metadata: { ...node.metadata, annotations: { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' } },
      }));
    cluster.clock.advance(60 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(2);
    cluster.api.change(NODES, '', first?.metadata.name ?? '', (node) => ({
      ...node,
      metadata: { ...node.metadata, annotations: {} },
    }));
    cluster.clock.advance(20 * MINUTE);
    expect(nodesOf(cluster)).toHaveLength(1);
    expect(placedOf(cluster)).toBe(2);
  });

  it('shrinks sooner and from fuller nodes where utilization is to be optimized', () => {
    const after = (autoscalingProfile: 'BALANCED' | 'OPTIMIZE_UTILIZATION') => {
      const cluster = autoscaledCluster({ autoscalingProfile, nodePools: [{ name: 'web', initialNodes: 3 }] });
      deploy(cluster, 'web', 3, '1900m');
      scale(cluster, 'web', 2);
      cluster.clock.advance(9 * MINUTE);
      return nodesOf(cluster).length;
    };
    expect(after('BALANCED')).toBe(3);
    expect(after('OPTIMIZE_UTILIZATION')).toBeLessThan(3);
  });

  it('releases quota once smaller requests make a node needless', () => {
    const cluster = autoscaledCluster({ nodePools: [{ name: 'web', initialNodes: 4 }], limits: { CPUS: 16 } });
    deploy(cluster, 'web', 4, '3');
    cluster.clock.advance(30 * MINUTE);
    expect(quotaOf(cluster, 'CPUS')).toBe(16);
    scale(cluster, 'web', 0);
    deploy(cluster, 'smaller', 4, '800m');
    cluster.clock.advance(60 * MINUTE);
    expect(placedOf(cluster)).toBe(4);
    expect(quotaOf(cluster, 'CPUS')).toBe(4 * nodesOf(cluster).length);
    expect(nodesOf(cluster).length).toBeLessThan(3);
  });
});
