import { describe, expect, it } from 'vitest';
import { adjustLimitRange } from '../actions/adjust-limit-range/adjust-limit-range.ts';
import { adjustResourceQuota } from '../actions/adjust-resource-quota/adjust-resource-quota.ts';
import { createLimitRange } from '../actions/create-limit-range/create-limit-range.ts';
import { setLimits } from '../actions/set-limits/set-limits.ts';
import { tuneAutoscaler } from '../actions/tune-autoscaler/tune-autoscaler.ts';
import { ACTION_KINDS } from '../catalogue.ts';
import { clusterWith, deployment, proposalsOf, put, rollOut, tried } from '../trial.suite.ts';
import { planningWith } from './usage-scene.suite.ts';

const MIB = 2 ** 20;
const resources = (limits: object = {}) => ({ resources: { requests: { cpu: '100m', memory: '200Mi' }, limits } });
const inShop = (kind: string, name: string, spec: object) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
});

/** A workload that is rolled out after its namespace got a bound. */
function bounded(bound: object, limits: object = {}) {
  const cluster = clusterWith([deployment('web', {}, resources(limits))]);
  put(cluster, [bound]);
  cluster.clock.advance(60_000);
  rollOut(cluster, 'web', { terminationGracePeriodSeconds: 20 });
  return planningWith(cluster);
}

function patchesOf(remedy: ReturnType<typeof proposalsOf>[number] | undefined): string {
  return JSON.stringify(remedy?.drafts.flatMap(({ changes }) => changes) ?? []);
}

describe('adjust-limit-range', () => {
  it.each([
    ['max', { max: { memory: '300Mi' } }, '"max":{"memory":"400Mi"}'],
    ['min', { min: { memory: '256Mi' } }, '"min":{"memory":"200Mi"}'],
  ])('moves the %s just so far that the refused pods pass', (_, item, text) => {
    const planning = bounded(inShop('LimitRange', 'bounds', { limits: [{ type: 'Container', ...item }] }), {
      memory: '400Mi',
    });
    const [remedy] = proposalsOf(adjustLimitRange, planning);
    expect(patchesOf(remedy)).toContain(text);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).toEqual([]);
  });
});

describe('set-limits', () => {
  const quota = inShop('ResourceQuota', 'team', { hard: { 'limits.cpu': '20', 'limits.memory': '10Gi' } });

  it('states what the quota obliges containers to, by what they request', () => {
    const planning = bounded(quota);
    const [remedy] = proposalsOf(setLimits, planning);
    expect(patchesOf(remedy)).toContain('"limits":{"cpu":"200m","memory":"400Mi"}');
    expect(tried(ACTION_KINDS, remedy as never, planning).outcomes).toEqual(['held']);
  });

  it('states it in the Jobs of a CronJob', () => {
    const container = { name: 'task', image: 'registry.example.com/task:1.0.0', ...resources() };
    const template = { spec: { restartPolicy: 'Never', containers: [container] } };
    const nightly = {
      ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly', namespace: 'shop' } },
      spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } } },
    };
    const cluster = clusterWith([quota, nightly]);
    cluster.clock.advance(20 * 60_000);
    const planning = planningWith(cluster);
    const [remedy] = proposalsOf(setLimits, planning);
    expect(patchesOf(remedy)).toContain('"jobTemplate":{"spec":{"template"');
    expect(tried(ACTION_KINDS, remedy as never, planning).outcomes).toEqual(['held']);
  });

  it('leaves more than was ever measured', () => {
    const cluster = clusterWith([deployment('web', {}, resources())]);
    put(cluster, [quota]);
    cluster.clock.advance(60_000);
    rollOut(cluster, 'web', { terminationGracePeriodSeconds: 20 });
    const planning = planningWith(cluster, { web: { cpu: 300, memory: 800 } });
    // A peak of 300 millicores and 800 MiB, with a quarter more.
    expect(patchesOf(proposalsOf(setLimits, planning)[0])).toContain('"limits":{"cpu":"380m","memory":"1008Mi"}');
  });

  it('says nothing where nothing tells a value', () => {
    const cluster = clusterWith([deployment('web', {}, { resources: {} })]);
    put(cluster, [quota]);
    cluster.clock.advance(60_000);
    rollOut(cluster, 'web', { terminationGracePeriodSeconds: 20 });
    expect(proposalsOf(setLimits, planningWith(cluster))).toEqual([]);
  });
});

describe('create-limit-range', () => {
  const quota = (hard: object) => inShop('ResourceQuota', 'team', { hard });

  it('lets the refused pods in, and replaces none that runs', () => {
    const planning = bounded(quota({ 'limits.cpu': '20', 'limits.memory': '10Gi' }));
    const [remedy] = proposalsOf(createLimitRange, planning);
    expect(patchesOf(remedy)).toContain('"default":{"cpu":"200m","memory":"400Mi"}');
    expect(tried(ACTION_KINDS, remedy as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('leaves room for the largest request of the namespace, refused or not', () => {
    const cluster = clusterWith([
      deployment('web', {}, resources()),
      deployment('batch', {}, { resources: { requests: { cpu: '1500m' } } }),
    ]);
    put(cluster, [quota({ 'limits.cpu': '20' })]);
    cluster.clock.advance(60_000);
    rollOut(cluster, 'web', { terminationGracePeriodSeconds: 20 });
    const [remedy] = proposalsOf(createLimitRange, planningWith(cluster));
    expect(patchesOf(remedy)).toContain('"default":{"cpu":"3"}');
  });

  it('raises a quota that does not hold all pods with the defaults', () => {
    const planning = bounded(quota({ 'limits.cpu': '300m' }));
    const [remedy] = proposalsOf(createLimitRange, planning);
    // Two pods and one that surges, of 200m each.
    expect(patchesOf(remedy)).toContain('"hard":{"limits.cpu":"600m"}');
    expect(tried(ACTION_KINDS, remedy as never, planning)).toEqual({ outcomes: ['held', 'held'], causes: [] });
  });

  it('says nothing where another LimitRange forbids it, or nothing tells a value', () => {
    const cluster = clusterWith([deployment('web', {}, resources())]);
    const range = inShop('LimitRange', 'bounds', { limits: [{ type: 'Pod', max: { cpu: '150m' } }] });
    put(cluster, [range, quota({ 'limits.cpu': '20' })]);
    cluster.clock.advance(60_000);
    rollOut(cluster, 'web', { terminationGracePeriodSeconds: 20 });
    expect(proposalsOf(createLimitRange, planningWith(cluster))).toEqual([]);
  });
});

describe('adjust-resource-quota', () => {
  it('raises a quota by what the wanted pods lack', () => {
    const planning = bounded(inShop('ResourceQuota', 'team', { hard: { pods: '2' } }));
    const [remedy] = proposalsOf(adjustResourceQuota, planning);
    expect(patchesOf(remedy)).toContain('"hard":{"pods":"3"}');
    expect(tried(ACTION_KINDS, remedy as never, planning).outcomes).toEqual(['held']);
  });
});

describe('tune-autoscaler', () => {
  it('lets as many replicas run as bring the metric to its target', () => {
    const cluster = clusterWith([]);
    cluster.behave({
      container: ({ container }) =>
        container === 'app' ? { usage: () => ({ cpuMillis: 120, memoryBytes: 50 * MIB }) } : undefined,
    });
    const target = { type: 'Utilization', averageUtilization: 80 };
    put(cluster, [
      deployment('web', {}, resources()),
      {
        ...{
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'web', namespace: 'shop' },
        },
        spec: {
          ...{
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
            minReplicas: 1,
            maxReplicas: 2,
          },
          metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
        },
      },
    ]);
    cluster.clock.advance(30 * 60_000);
    const planning = planningWith(cluster);
    const [remedy] = proposalsOf(tuneAutoscaler, planning);
    // 120 % of the request against 80 % with 2 replicas: 3, and one to spare.
    expect(patchesOf(remedy)).toContain('"maxReplicas":4');
    expect(tried(ACTION_KINDS, remedy as never, planning).outcomes).toEqual(['held']);
  });
});
