import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../../model/kinds.ts';
import { NODES, PODS } from '../../api/built-in-types.ts';
import { finish, workloadCluster } from '../workload-cluster.suite.ts';
import { podGcController } from './pod-gc-controller.ts';

function cluster(node: Partial<Node> = {}) {
  const made = workloadCluster([podGcController], { kubelet: { stopsAfterMs: () => 3_600_000 } });
  made.api.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, ...node });
  const make = (name: string): Pod =>
    made.api.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop' },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
  return { ...made, make };
}

describe('pod-garbage-collector-controller', () => {
  it('fails and deletes pods of a node that is gone for a while', () => {
    const { api, clock, store, make, pods } = cluster();
    const failed: unknown[] = [];
    store.listen(({ object }) => {
      if ((object as Pod).status?.phase === 'Failed') failed.push((object as Pod).status);
    });
    make('web');
    clock.advance(5000);
    api.delete(NODES, '', 'node-1');
    clock.advance(30_000);
    expect(pods()).toHaveLength(1);
    clock.advance(15_000);
    expect(pods()).toEqual([]);
    expect(failed[0]).toMatchObject({
      conditions: [
        { type: 'Ready' },
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'DeletionByPodGC',
          message: 'PodGC: node no longer exists',
        },
      ],
    });
  });

  it('leaves pods alone when the node comes back in time', () => {
    const { api, clock, make, pods } = cluster();
    make('web');
    clock.advance(5000);
    api.delete(NODES, '', 'node-1');
    clock.advance(30_000);
    api.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } });
    clock.advance(120_000);
    expect(pods()).toHaveLength(1);
  });

  it('ends what was to end on a node out of service', () => {
    const { api, clock, make, pods } = cluster();
    make('web');
    make('api');
    clock.advance(5000);
    api.delete(PODS, 'shop', 'web');
    clock.advance(60_000);
    expect(pods()).toHaveLength(2);
    api.change(NODES, '', 'node-1', (node) => ({
      ...node,
      spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] },
    }));
    clock.advance(1000);
    expect(pods().map(({ metadata }) => metadata.name)).toEqual(['api']);
  });

  it('deletes the oldest of too many pods that ended', () => {
    const { api, clock, make, pods } = cluster();
    for (let i = 0; i < 12_503; i++) finish(api, make(`pod-${String(i).padStart(5, '0')}`), 'Succeeded');
    clock.advance(100);
    expect(pods()).toHaveLength(12_500);
    expect(pods()[0]?.metadata.name).toBe('pod-00003');
  });
});
