import { withPatch, type KubeObject } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { strategise } from '../../../strategy.ts';
import { planningWith, type Use } from '../../capacity/usage-scene.suite.ts';
import { sizingOf } from '../../capacity/sizing.ts';
import { templateOf, type Planning } from '../../planning.ts';
import { clusterWith, deployment, proposalsOf, put } from '../../trial.suite.ts';
import { resourcesPatch } from './right-size-draft.ts';
import { rightSizeRequests } from './right-size-requests.ts';

const USE: Use = { cpu: [40, 50, 60, 200], memory: [100, 150] };
const asking = (cpu: string, memory = '512Mi', limits: object = { memory: '1Gi' }) => ({
  resources: { requests: { cpu, memory }, limits },
});
const POOL = {
  nodePools: [
    { name: 'general', initialNodes: 3, zones: ['europe-west1-b'], autoscaling: { minNodes: 1, maxNodes: 3 } },
  ],
};

function sized(
  planning: Planning,
  resources: readonly ('cpu' | 'memory')[] = ['cpu', 'memory'],
  name = 'web',
  kind = 'Deployment',
) {
  const workload = planning.snapshot.resolve({ group: 'apps', kind, namespace: 'shop', name }) as KubeObject;
  return sizingOf(workload, new Set(resources), planning);
}

function amounts(planning: Planning, resources?: readonly ('cpu' | 'memory')[]) {
  const outcome = sized(planning, resources);
  if (outcome.kind !== 'sized') return outcome.kind === 'refused' ? outcome.reason : outcome.kind;
  const { workload } = outcome.sizing;
  const change = resourcesPatch(outcome.sizing);
  const patched = change.kind === 'patch' ? withPatch(workload, change.patch) : workload;
  const containers = templateOf(patched)?.containers;
  return containers?.[0]?.resources;
}

describe('the size of a workload', () => {
  const plain = () => clusterWith([deployment('web', {}, asking('1'))]);

  it('is the percentile of CPU and the peak of memory with their margins, limits untouched', () => {
    // The 95th percentile of (40, 50, 60, 200) is 200: 230 with 15 %; the peak of 150 MiB makes 172.5, rounded up to eights.
    expect(amounts(planningWith(plain(), { web: USE }))).toEqual({
      requests: { cpu: '230m', memory: '176Mi' },
      limits: { memory: '1Gi' },
    });
  });

  it('goes by the percentile, the margins and the floors of the policy', () => {
    const rightSizing = {
      cpuPercentile: 0.75,
      cpuMargin: 0.5,
      memoryMargin: 1,
      cpuFloorMillis: 20,
      memoryFloorMib: 320,
    };
    const planning = planningWith(plain(), { web: USE }, { policy: { version: 1, rightSizing } });
    expect(amounts(planning)).toMatchObject({ requests: { cpu: '90m', memory: '320Mi' } });
    const odd = planningWith(plain(), { web: USE }, { policy: { version: 1, rightSizing: { cpuPercentile: 0.7 } } });
    expect(amounts(odd, ['cpu'])).toMatchObject({ requests: { cpu: '70m' } });
  });

  it('changes only what is asked for, and only where it is worth it', () => {
    expect(amounts(planningWith(plain(), { web: USE }), ['cpu'])).toMatchObject({
      requests: { cpu: '230m', memory: '512Mi' },
    });
    expect(amounts(planningWith(plain(), { web: { cpu: 800, memory: 430 } }))).toBe('fitting');
    expect(amounts(planningWith(plain(), { web: { cpu: 1500, memory: 900 } }))).toBe('fitting');
  });

  it('keeps Guaranteed pods so, by their peaks', () => {
    const limits = { cpu: '1', memory: '512Mi' };
    const planning = planningWith(clusterWith([deployment('web', {}, asking('1', '512Mi', limits))]), {
      web: { cpu: [...Array<number>(99).fill(50), 400], memory: 150 },
    });
    expect(amounts(planning)).toEqual({
      requests: { cpu: '460m', memory: '176Mi' },
      limits: { cpu: '460m', memory: '176Mi' },
    });
  });

  it('stays above a heap that was asked for', () => {
    const container = { ...asking('1'), env: [{ name: 'JAVA_TOOL_OPTIONS', value: '-Xmx300m' }] };
    const planning = planningWith(clusterWith([deployment('web', {}, container)]), { web: USE });
    expect(amounts(planning)).toMatchObject({ requests: { memory: '384Mi' } });
  });

  it('stays within a LimitRange', () => {
    const limit = { type: 'Container', min: { cpu: '250m' }, maxLimitRequestRatio: { memory: '4' } };
    const range = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'bounds', namespace: 'shop' },
      spec: { limits: [limit] },
    };
    const planning = planningWith(clusterWith([deployment('web', {}, asking('1')), range]), { web: USE });
    expect(amounts(planning)).toMatchObject({ requests: { cpu: '250m', memory: '256Mi' } });
  });

  it('counts pods of earlier revisions, whose use is the workload’s too', () => {
    const planning = planningWith(
      plain(),
      { web: USE },
      { gone: { 'web-7d9f8c6b5-x2b4k': { cpu: 300, memory: 200 } } },
    );
    expect(amounts(planning)).toMatchObject({ requests: { cpu: '350m', memory: '232Mi' } });
  });

  it('is told by what a VerticalPodAutoscaler recommends that does not act', () => {
    const planning = planningWith(withVpa('Off'), { web: USE });
    expect(amounts(planning)).toMatchObject({ requests: { cpu: '300m', memory: '176Mi' } });
    expect(amounts(planningWith(withVpa('Recreate'), { web: USE }))).toMatch(/VerticalPodAutoscaler web sets/);
  });

  it('is not told', () => {
    expect(amounts(planningWith(plain()))).toMatch(/nothing was measured/);
    expect(amounts(planningWith(plain(), { web: { ...USE, hours: 20 } }))).toMatch(/measured for 20 h/);
    const throttled = clusterWith([deployment('web', {}, asking('1', '512Mi', { cpu: '1' }))]);
    expect(amounts(planningWith(throttled, { web: { cpu: 950, memory: 100 } }), ['cpu'])).toBe('fitting');
  });

  it('is not told by pods that were killed for memory', () => {
    const cluster = clusterWith([]);
    cluster.behave({ container: ({ container }) => (container === 'app' ? GREEDY : undefined) });
    put(cluster, [deployment('web', {}, asking('1'))]);
    cluster.clock.advance(600_000);
    expect(amounts(planningWith(cluster, { web: USE }))).toMatch(/OOM-killed/);
  });

  it('leaves what an autoscaler scales by', () => {
    const hpa = (target: object) => ({
      ...{
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web', namespace: 'shop' },
      },
      spec: {
        ...{
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          minReplicas: 2,
          maxReplicas: 4,
        },
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      },
    });
    const scene = (target: object) =>
      planningWith(clusterWith([deployment('web', {}, asking('1')), hpa(target)]), { web: USE });
    const shared = scene({ type: 'Utilization', averageUtilization: 80 });
    expect(amounts(shared)).toMatchObject({ requests: { cpu: '1', memory: '176Mi' } });
    expect(amounts(shared, ['cpu'])).toBe('fitting');
    expect(amounts(scene({ type: 'AverageValue', averageValue: '500m' }), ['cpu'])).toMatchObject({
      requests: { cpu: '230m' },
    });
  });
});

const MIB = 2 ** 20;
const GREEDY = { usage: () => ({ cpuMillis: 50, memoryBytes: 2048 * MIB }) };

function withVpa(updateMode: string) {
  const cluster = clusterWith([deployment('web', {}, asking('1'))]);
  const versions = [
    {
      name: 'v1',
      served: true,
      storage: true,
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    },
  ];
  const names = { plural: 'verticalpodautoscalers', singular: 'verticalpodautoscaler', kind: 'VerticalPodAutoscaler' };
  put(cluster, [
    {
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
      metadata: {
        name: 'verticalpodautoscalers.autoscaling.k8s.io',
        annotations: { 'api-approved.kubernetes.io': 'https://example.com' },
      },
      spec: { group: 'autoscaling.k8s.io', scope: 'Namespaced', names, versions },
    },
  ]);
  cluster.clock.advance(10_000);
  put(cluster, [
    {
      ...{
        apiVersion: 'autoscaling.k8s.io/v1',
        kind: 'VerticalPodAutoscaler',
        metadata: { name: 'web', namespace: 'shop' },
      },
      spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, updatePolicy: { updateMode } },
      status: {
        recommendation: {
          containerRecommendations: [{ containerName: 'app', target: { cpu: '300m', memory: '100Mi' } }],
        },
      },
    },
  ]);
  return cluster;
}

/** Three nodes full of requests that nobody uses, and pods that wait. */
function crowded(hours?: number) {
  const cluster = clusterWith(
    [
      deployment('web', {}, asking('1200m'), { replicas: 4 }),
      deployment('search', {}, asking('1500m'), { replicas: 2 }),
      deployment('cache', {}, asking('700m', '1Gi'), { replicas: 2 }),
    ],
    { ...POOL, limits: { CPUS: 12 } },
  );
  put(cluster, [deployment('late', {}, asking('1100m'), { replicas: 3 })]);
  cluster.clock.advance(20 * 60_000);
  const since = hours === undefined ? {} : { hours };
  const search = { cpu: 90, memory: 300, ...since };
  return planningWith(cluster, { web: { ...USE, ...since }, search, cache: { cpu: 30, memory: 80, ...since } });
}

describe('a cluster full of requests that nobody uses', () => {
  it('gets room by the fewest workloads, what frees most first; pods that never ran keep their requests', () => {
    const planning = crowded();
    const [cause] = planning.causesOf('requests-exceed-*', 'node-pool-at-maximum');
    const remedies = proposalsOf(rightSizeRequests, planning);
    const smallest = remedies.toSorted((a, b) => a.drafts.length - b.drafts.length)[0];
    expect(cause).toBeDefined();
    expect(smallest?.resolves).toContain(cause?.id);
    expect(smallest?.fit).toBe(1);
    expect(smallest?.drafts.map(({ target }) => target.name)).not.toContain('late');
    expect(smallest?.drafts[0]?.target.name).toBe('web');
  });

  it('stays as it is where its use was seen for a moment only: a person has it measured first', () => {
    const remedies = proposalsOf(rightSizeRequests, crowded(0));
    const changes = remedies.flatMap(({ drafts }) => drafts.flatMap((draft) => draft.changes));
    expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(['manual']));
    const [first] = changes;
    const instruction = first?.kind === 'manual' ? first.instruction : '';
    expect(instruction).toContain('Deployment shop/web asks for 1200m in each of 4 pods and used 40m');
    expect(instruction).not.toContain('late');
    expect(Math.max(...remedies.map(({ fit }) => fit))).toBeLessThan(0.5);
  });

  it('places all pods on the twin, without more quota', () => {
    const { snapshot } = crowded();
    const { rehearsal, plan } = strategise(snapshot, { version: 'test' });
    expect(rehearsal?.after.pods).toMatchObject({ total: rehearsal?.after.pods.succeeding });
    expect(rehearsal?.removed).toEqual([]);
    expect(plan.goals.find(({ id }) => /^(?:requests-exceed|node-pool-at-maximum)/.test(id))?.state).toBe('planned');
    expect(rehearsal?.after.requestedCpu).toBeLessThanOrEqual(0.8);
  });
});
