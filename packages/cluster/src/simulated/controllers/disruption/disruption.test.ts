import { describe, expect, it } from 'vitest';
import type { Deployment, KindMap, Pod } from '../../../model/kinds.ts';
import { ApiError, type Status } from '../../api/api-error.ts';
import { DEPLOYMENTS, POD_DISRUPTION_BUDGETS, PODS } from '../../api/built-in-types.ts';
import { evictPod } from '../../api/eviction.ts';
import { deploymentController } from '../deployment/deployment-controller.ts';
import { replicaSetController } from '../replica-set/replica-set-controller.ts';
import { workloadCluster } from '../workload-cluster.suite.ts';
import { disruptionController } from './disruption-controller.ts';
import { staleDisruptionController } from './stale-disruption-controller.ts';

type Budget = KindMap['PodDisruptionBudget'];
const LABELS = { app: 'web' };

function cluster(spec: Budget['spec'] = {}, replicas = 3) {
  const made = workloadCluster([deploymentController, replicaSetController, disruptionController], {
    kubelet: { stopsAfterMs: () => 300_000 },
  });
  const template = { metadata: { labels: LABELS }, spec: { containers: [{ name: 'app', image: 'web' }] } };
  const metadata = { name: 'web', namespace: 'shop' };
  made.api.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { replicas, selector: { matchLabels: LABELS }, template },
  } as Deployment);
  made.api.create(POD_DISRUPTION_BUDGETS, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { selector: { matchLabels: LABELS }, ...spec },
  });
  made.clock.advance(10_000);
  const status = () => made.api.get(POD_DISRUPTION_BUDGETS, 'shop', 'web').status;
  const nameAt = (index: number) => made.pods()[index]?.metadata.name ?? '';
  return { ...made, status, nameAt };
}

function refusal(run: () => void): Status | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

describe('disruptionController', () => {
  it.each([
    [{ minAvailable: 2 }, { currentHealthy: 3, desiredHealthy: 2, expectedPods: 3, disruptionsAllowed: 1 }],
    [{ minAvailable: '50%' }, { currentHealthy: 3, desiredHealthy: 2, expectedPods: 3, disruptionsAllowed: 1 }],
    [{ maxUnavailable: 1 }, { currentHealthy: 3, desiredHealthy: 2, expectedPods: 3, disruptionsAllowed: 1 }],
    [{ maxUnavailable: '50%' }, { currentHealthy: 3, desiredHealthy: 1, expectedPods: 3, disruptionsAllowed: 2 }],
    [{ minAvailable: 5 }, { currentHealthy: 3, desiredHealthy: 5, expectedPods: 3, disruptionsAllowed: 0 }],
    [{ maxUnavailable: '0%' }, { currentHealthy: 3, desiredHealthy: 3, expectedPods: 3, disruptionsAllowed: 0 }],
  ])('counts what may go by %j', (spec, expected) => {
    const { status } = cluster(spec);
    const allowed = expected.disruptionsAllowed > 0;
    expect(status()).toMatchObject({
      ...expected,
      observedGeneration: 1,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: allowed ? 'True' : 'False',
          reason: allowed ? 'SufficientPods' : 'InsufficientPods',
          message: '',
        },
      ],
    });
  });

  it('says that it found no pods', () => {
    const { status, told } = cluster({ minAvailable: 1, selector: { matchLabels: { app: 'other' } } });
    expect(told()).toContain('Normal NoPods No matching pods found');
    expect(status()).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
  });

  it('allows nothing where the owner of a pod has no size', () => {
    const { api, clock, status, told } = cluster({ maxUnavailable: 1 });
    const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'x', uid: 'u', controller: true };
    api.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x', namespace: 'shop', labels: LABELS, ownerReferences: [owner] },
      spec: { containers: [] },
    });
    clock.advance(100);
    expect(status()).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ reason: 'SyncFailed', message: 'jobs.batch does not implement the scale subresource' }],
    });
    expect(told()).toContain(
      'Warning CalculateExpectedPodCountFailed Failed to calculate the number of expected pods: jobs.batch does not implement the scale subresource',
    );
    expect(refusal(() => evictPod(api, 'shop', 'web', {}))?.code).toBe(404);
  });
});

describe('evictPod', () => {
  it('deletes as long as the budget allows, then says why not', () => {
    const { api, clock, nameAt, status } = cluster({ minAvailable: 2 });
    const [first, second] = [nameAt(0), nameAt(1)];
    evictPod(api, 'shop', first);
    expect(api.get(PODS, 'shop', first)).toMatchObject({
      metadata: { deletionGracePeriodSeconds: 30 },
      status: {
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }),
        ]),
      },
    });
    expect(status()).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { [first]: expect.any(String) } });
    clock.advance(100);
    expect(refusal(() => evictPod(api, 'shop', second))).toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          { reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently' },
        ],
      },
    });
  });

  it('waits for the controller to see a changed budget', () => {
    const { api, nameAt } = cluster({ minAvailable: 2 });
    api.change(POD_DISRUPTION_BUDGETS, 'shop', 'web', (one) => ({ ...one, spec: { ...one.spec, minAvailable: 1 } }));
    expect(refusal(() => evictPod(api, 'shop', nameAt(0)))).toMatchObject({
      code: 429,
      details: {
        retryAfterSeconds: 10,
        causes: [{ message: 'The disruption budget web is still being processed by the server.' }],
      },
    });
  });

  it('writes nothing on a dry run', () => {
    const { api, nameAt, status } = cluster({ minAvailable: 2 });
    const before = [api.get(PODS, 'shop', nameAt(0)), status()];
    evictPod(api, 'shop', nameAt(0), {}, { dryRun: true });
    expect([api.get(PODS, 'shop', nameAt(0)), status()]).toEqual(before);
  });

  it('does not know what to do with two budgets', () => {
    const { api, nameAt } = cluster({ minAvailable: 2 });
    const known = api.get(POD_DISRUPTION_BUDGETS, 'shop', 'web');
    api.create(POD_DISRUPTION_BUDGETS, { ...known, metadata: { name: 'other', namespace: 'shop' } });
    expect(refusal(() => evictPod(api, 'shop', nameAt(0)))).toMatchObject({
      code: 500,
      message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    });
  });

  it('asks no budget for pods that do not run', () => {
    const { api, nameAt } = cluster({ minAvailable: 3 });
    const name = nameAt(0);
    api.changeStatus(PODS, 'shop', name, (pod) => ({ ...pod, status: { ...pod.status, phase: 'Pending' } }) as Pod);
    evictPod(api, 'shop', name);
    expect(api.store.get(PODS, 'shop', name)?.metadata.deletionTimestamp).toBeDefined();
  });

  it.each([
    ['IfHealthyBudget', 3, 429],
    ['IfHealthyBudget', 2, undefined],
    ['AlwaysAllow', 3, undefined],
  ] as const)('lets an unhealthy pod go by %s with %i wanted', (unhealthyPodEvictionPolicy, minAvailable, code) => {
    const { api, clock, nameAt } = cluster({ minAvailable, unhealthyPodEvictionPolicy });
    const name = nameAt(0);
    api.changeStatus(PODS, 'shop', name, (pod) => ({
      ...pod,
      status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }] },
    }));
    clock.advance(100);
    expect(refusal(() => evictPod(api, 'shop', name))?.code).toBe(code);
  });

  it('counts a pod again that did not go within two minutes', () => {
    const { api, clock, nameAt, status, told } = cluster({ minAvailable: 2 });
    const name = nameAt(0);
    const at = '2025-01-01T00:00:10Z';
    api.changeStatus(POD_DISRUPTION_BUDGETS, 'shop', 'web', (one) => ({
      ...one,
      status: { ...one.status, disruptedPods: { [name]: at } } as NonNullable<Budget['status']>,
    }));
    clock.advance(100);
    expect(status()).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0, disruptedPods: { [name]: at } });
    clock.advance(121_000);
    expect(status()).toMatchObject({ currentHealthy: 3, disruptionsAllowed: 1 });
    expect(status()).not.toHaveProperty('disruptedPods');
    expect(told()).toContain("Warning NotDeleted Pod was expected by PDB shop/web to be deleted but it wasn't");
  });

  it('refuses a name that is not that of the URL', () => {
    const { api, nameAt } = cluster({ minAvailable: 2 });
    expect(refusal(() => evictPod(api, 'shop', nameAt(0), { metadata: { name: 'x' } }))?.message).toBe(
      'name in URL does not match name in Eviction object',
    );
  });
});

describe('staleDisruptionController', () => {
  it('takes the mark back from a pod that was not deleted within two minutes', () => {
    const { api, clock } = workloadCluster([staleDisruptionController]);
    const mark = { type: 'DisruptionTarget', status: 'True', lastTransitionTime: '2025-01-01T00:00:10Z' };
    const create = (name: string, reason: string) => {
      const metadata = { name, namespace: 'shop' };
      api.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } });
      clock.advance(5000);
      api.changeStatus(PODS, 'shop', name, (pod) => ({
        ...pod,
        status: { ...pod.status, conditions: [{ ...mark, reason }] },
      }));
    };
    create('spared', 'EvictionByEvictionAPI');
    create('ending', 'TerminationByKubelet');
    const statusOf = (name: string) => api.get(PODS, 'shop', name).status?.conditions?.[0];
    clock.advance(118_000);
    expect(statusOf('spared')?.status).toBe('True');
    clock.advance(5000);
    expect(statusOf('spared')).toEqual({
      type: 'DisruptionTarget',
      status: 'False',
      lastTransitionTime: '2025-01-01T00:02:10Z',
    });
    expect(statusOf('ending')?.status).toBe('True');
  });
});
