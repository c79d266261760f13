import { describe, expect, it } from 'vitest';
import type { Pod, ReplicaSet } from '../../../model/kinds.ts';
import { forbidden } from '../../api/api-error.ts';
import { PODS, REPLICA_SETS } from '../../api/built-in-types.ts';
import { inGrowingBatches } from '../pod-control.ts';
import { rankForDeletion } from '../pod-ranking.ts';
import { setReady, workloadCluster, type WorkloadClusterOptions } from '../workload-cluster.suite.ts';
import { replicaSetController } from './replica-set-controller.ts';

type Spec = NonNullable<ReplicaSet['spec']>;

function cluster(spec: Partial<Spec> = {}, options?: WorkloadClusterOptions) {
  const made = workloadCluster([replicaSetController], options);
  const { api, clock } = made;
  const make = () =>
    api.create(REPLICA_SETS, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web', tier: 'front' } },
          spec: { containers: [{ name: 'web', image: 'web:1' }] },
        },
        ...spec,
      },
    });
  return {
    ...made,
    make,
    settle: (ms = 60_000) => clock.advance(ms),
    web: () => api.get(REPLICA_SETS, 'shop', 'web'),
    scale: (replicas: number) =>
      api.change(REPLICA_SETS, 'shop', 'web', (one) => ({ ...one, spec: { ...(one.spec as Spec), replicas } })),
    bare: (name: string, labels: Record<string, string>) =>
      api.create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', labels },
        spec: { containers: [] },
      }),
  };
}

describe('replicaset-controller', () => {
  it('counts pods with all labels of the template apart', () => {
    const { make, bare, settle, web } = cluster();
    bare('mine', { app: 'web' });
    make();
    settle();
    expect(web().status).toMatchObject({ replicas: 3, fullyLabeledReplicas: 2, terminatingReplicas: 0 });
  });

  it('neither takes in what another controls nor what is being deleted', () => {
    const { api, make, bare, settle, pods } = cluster();
    const other = { apiVersion: 'v1', kind: 'Thing', name: 'x', uid: 'x', controller: true };
    bare('owned', { app: 'web' });
    api.change(PODS, 'shop', 'owned', (pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [other] } }));
    make();
    settle();
    expect(pods()).toHaveLength(4);
    expect(pods()[0]?.metadata.ownerReferences).toEqual([other]);
  });

  it('makes no pods while it is being deleted', () => {
    const { api, make, settle, pods } = cluster();
    make();
    api.delete(REPLICA_SETS, 'shop', 'web', { propagationPolicy: 'Foreground' });
    settle();
    expect(pods()).toEqual([]);
  });

  it('tries fewer pods at a time while they are refused, and takes the failure back when they no longer are', () => {
    let isRefusing = true;
    let tries = 0;
    const validate = ({ type, operation, name }: { type: { kind: string }; operation: string; name: string }) => {
      if (type.kind !== 'Pod' || operation !== 'CREATE') return;
      tries++;
      if (isRefusing) throw forbidden(PODS, name, 'no');
    };
    const { clock, make, web, settle } = cluster({ replicas: 100 }, { admission: [{ name: 'refusing', validate }] });
    make();
    clock.advance(6);
    expect(tries).toBe(1);
    clock.advance(20);
    expect(web().status?.conditions).toMatchObject([
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' },
    ]);
    isRefusing = false;
    settle();
    expect(web().status).toMatchObject({ replicas: 100 });
    expect(web().status).not.toHaveProperty('conditions');
  });

  it('looks again when a ready pod becomes available', () => {
    const { clock, make, web } = cluster({ replicas: 1, minReadySeconds: 10 });
    make();
    clock.advance(5000);
    expect(web().status).toMatchObject({ readyReplicas: 1 });
    expect(web().status).not.toHaveProperty('availableReplicas');
    clock.advance(7000);
    expect(web().status).toMatchObject({ availableReplicas: 1 });
  });

  it('counts a pod that is no longer ready as not available', () => {
    const { api, make, settle, web, pods } = cluster();
    make();
    settle();
    setReady(api, pods()[0] as Pod, false);
    settle();
    expect(web().status).toMatchObject({ replicas: 3, readyReplicas: 2, availableReplicas: 2 });
  });
});

describe('rankForDeletion', () => {
  const now = Date.UTC(2025, 0, 2);
  const at = (agoSeconds: number) => new Date(now - agoSeconds * 1000).toISOString().slice(0, 19) + 'Z';
  const pod = (
    name: string,
    more: { node?: string; phase?: string; readyFor?: number; cost?: string; restarts?: number; age?: number } = {},
  ): Pod => {
    const { node = 'a', phase = 'Running', readyFor, cost, restarts, age = 100_000 } = more;
    const conditions =
      readyFor === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: at(readyFor) }];
    const containerStatuses =
      restarts === undefined ? [] : [{ name: 'web', image: '', imageID: '', ready: true, restartCount: restarts }];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        uid: name,
        creationTimestamp: at(age),
        ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
      },
      spec: { containers: [], nodeName: node },
      status: { phase, conditions, containerStatuses },
    };
  };

  it.each([
    ['not assigned before assigned', pod('a', { readyFor: 9 }), pod('b', { node: '' })],
    ['pending before running', pod('a'), pod('b', { phase: 'Pending' })],
    ['not ready before ready', pod('a', { readyFor: 9 }), pod('b')],
    ['cheap before dear', pod('a', { readyFor: 9 }), pod('b', { readyFor: 9, cost: '-1' })],
    ['ready for a short time before ready for long', pod('a', { readyFor: 5000 }), pod('b', { readyFor: 50 })],
    [
      'often restarted before seldom restarted',
      pod('a', { readyFor: 9, restarts: 1 }),
      pod('b', { readyFor: 9, restarts: 2 }),
    ],
    ['young before old', pod('a', { readyFor: 9, age: 5000 }), pod('b', { readyFor: 9, age: 50 })],
  ])('%s', (_, stays, goes) => {
    expect(rankForDeletion([stays, goes], [], now)[0]).toBe(goes);
    expect(rankForDeletion([goes, stays], [], now)[0]).toBe(goes);
  });

  it('doubled up on a node before alone, which costs outweigh', () => {
    const alone = pod('alone', { node: 'a', readyFor: 9 });
    const doubled = pod('doubled', { node: 'b', readyFor: 9 });
    const related = [alone, doubled, pod('other', { node: 'b', readyFor: 9 })];
    expect(rankForDeletion([alone, doubled], related, now)[0]).toBe(doubled);
    const dear = pod('doubled', { node: 'b', readyFor: 9, cost: '5' });
    expect(rankForDeletion([alone, dear], related, now)[0]).toBe(alone);
  });

  it('takes ages of one power of two for equal and goes by uid', () => {
    const [a, b] = [pod('a', { readyFor: 50 }), pod('b', { readyFor: 45 })];
    expect(rankForDeletion([b, a], [], now)[0]).toBe(a);
  });

  it.each(['1.5', '01', '+1', '99999999999', 'x'])('takes a cost that is none for 0: %s', (cost) => {
    const cheap = pod('a', { readyFor: 9, cost: '-1' });
    expect(rankForDeletion([pod('b', { readyFor: 9, cost }), cheap], [], now)[0]).toBe(cheap);
  });
});

describe('inGrowingBatches', () => {
  it.each([
    [10, Infinity, 10, 10],
    [10, 0, 1, 0],
    [10, 2, 3, 2],
    [10, 5, 7, 5],
    [0, 0, 0, 0],
  ])('of %i, where from the %i-th on are refused, tries %i', (count, from, tried, succeeded) => {
    let tries = 0;
    const result = inGrowingBatches(count, (index) => {
      tries++;
      if (index >= from) throw forbidden(PODS, 'x', 'no');
    });
    expect(tries).toBe(tried);
    expect(result.succeeded).toBe(succeeded);
    expect(result.refusal === undefined).toBe(tried === count);
  });
});
