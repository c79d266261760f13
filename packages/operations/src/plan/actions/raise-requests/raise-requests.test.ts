import { createSnapshot, snapshotOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { planningWith, type Use } from '../../capacity/usage-scene.suite.ts';
import { ACTION_KINDS } from '../../catalogue.ts';
import { clusterWith, deployment, proposalsOf, tried } from '../../trial.suite.ts';
import { raiseRequests } from './raise-requests.ts';

const POOL = { name: 'general', initialNodes: 3, zones: ['europe-west1-b'], autoscaling: { minNodes: 3, maxNodes: 5 } };
const asking = (requests: object, limits: object = {}) => ({ resources: { requests, limits } });

/** The pods of Deployment web of namespace shop with another status. */
function withPods(snapshot: ClusterSnapshot, change: (pod: KubeObject) => object): ClusterSnapshot {
  const objects = snapshot.objects.map((one) =>
    one.kind === 'Pod' && one.metadata.labels?.['app'] === 'web' ? (change(one) as KubeObject) : one,
  );
  return createSnapshot({ ...snapshot, objects });
}

function snapshotWith(container: object, more: readonly object[] = []) {
  const web = deployment('web', {}, container as Readonly<Record<string, unknown>>);
  return snapshotOf(clusterWith([web, ...more], { nodePools: [POOL] }), 'test');
}

/** Killed for want of memory on their node, though they have no limit. */
function killed(use: Use | undefined, container: object = asking({ memory: '128Mi' }), more: readonly object[] = []) {
  const snapshot = snapshotWith(container, more);
  const at = (msBefore: number) => new Date(snapshot.observedAt - msBefore).toISOString();
  const terminated = { reason: 'OOMKilled', exitCode: 137, startedAt: at(240_000), finishedAt: at(60_000) };
  const status = { name: 'app', ready: false, restartCount: 6, lastState: { terminated } };
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' };
  const made = withPods(snapshot, (pod) => ({
    ...pod,
    status: {
      ...(pod as { readonly status?: object }).status,
      containerStatuses: [{ ...status, state: { waiting } }],
    },
  }));
  return planningWith(made, use === undefined ? {} : { web: use });
}

function evicted(resource: string, used: string, request: string, container: object) {
  const message = `The node was low on resource: ${resource}. Threshold quantity: 100Mi, available: 50Mi. Container app was using ${used}, request is ${request}, has larger consumption of ${resource}. `;
  const snapshot = snapshotWith(container);
  return planningWith(
    withPods(snapshot, (pod) => ({
      ...pod,
      status: { phase: 'Failed', reason: 'Evicted', message, startTime: pod.metadata.creationTimestamp },
    })),
  );
}

const patchOf = (planning: ReturnType<typeof killed>) =>
  proposalsOf(raiseRequests, planning)[0]?.drafts.flatMap(({ changes }) => changes) ?? [];
const resources = (planning: ReturnType<typeof killed>) => {
  const [change] = patchOf(planning).filter(({ kind }) => kind === 'patch');
  const patch = change?.kind === 'patch' && change.patch.type === 'strategic' ? change.patch.patch : {};
  const { spec } = patch as { spec?: { template?: { spec?: { containers?: { resources: object }[] } } } };
  return spec?.template?.spec?.containers?.map((one) => one.resources);
};

describe('raise-requests', () => {
  it('asks for the highest measured use and its margin, and sets no limit', () => {
    // 400 MiB and the 15 % of the default policy, by steps of 16 MiB.
    const planning = killed({ cpu: 50, memory: [300, 400] });
    expect(resources(planning)).toEqual([{ requests: { memory: '464Mi' } }]);
    const [remedy] = proposalsOf(raiseRequests, planning);
    const { outcomes, causes } = tried(ACTION_KINDS, remedy as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('node-out-of-memory');
  });

  it('goes by what the kubelet names where nothing was measured', () => {
    expect(resources(evicted('memory', '800Mi', '128Mi', asking({ memory: '128Mi' })))).toEqual([
      { requests: { memory: '928Mi' } },
    ]);
    const storage = asking({ 'ephemeral-storage': '100Mi' }, { 'ephemeral-storage': '500Mi' });
    expect(resources(evicted('ephemeral-storage', '450Mi', '100Mi', storage))).toEqual([
      { requests: { 'ephemeral-storage': '528Mi' }, limits: { 'ephemeral-storage': '528Mi' } },
    ]);
  });

  it('is a step for a person where nothing says how much, and where no node has so much', () => {
    expect(patchOf(killed(undefined)).map(({ kind }) => kind)).toEqual(['manual']);
    expect(patchOf(killed({ cpu: 50, memory: 60_000 })).map(({ kind }) => kind)).toEqual(['manual']);
  });

  it('raises a quota of the namespace first, and keeps within a LimitRange', () => {
    const quota = {
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace: 'shop' } },
      spec: { hard: { 'requests.memory': '400Mi' } },
    };
    const use = { cpu: 50, memory: 400 };
    const [remedy] = proposalsOf(raiseRequests, killed(use, asking({ memory: '128Mi' }), [quota]));
    expect(remedy?.drafts.map(({ kind }) => kind)).toEqual(['adjust-resource-quota', 'raise-requests']);
    const range = {
      ...{ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'small', namespace: 'shop' } },
      spec: { limits: [{ type: 'Container', max: { memory: '256Mi' }, default: { memory: '256Mi' } }] },
    };
    const kinds = patchOf(killed(use, asking({ memory: '128Mi' }), [range])).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'patch')).toEqual([]);
  });
});
