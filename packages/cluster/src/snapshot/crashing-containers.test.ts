import type { Pod } from '../model/kinds.ts';
import { describe, expect, it } from 'vitest';
import { crashingContainers } from './crashing-containers.ts';

function pod(name: string, owner: string, reason: string): Pod {
  const status = {
    containerStatuses: [
      { name: 'app', image: 'i', imageID: 'i', ready: false, restartCount: 4, state: { waiting: { reason } } },
    ],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }],
    },
    status,
  };
}

describe('crashingContainers', () => {
  it('takes one replica of each workload before a second, in a stable order', () => {
    const pods = [
      pod('b-2', 'b', 'CrashLoopBackOff'),
      pod('a-2', 'a', 'CrashLoopBackOff'),
      pod('a-1', 'a', 'CrashLoopBackOff'),
      pod('b-1', 'b', 'CrashLoopBackOff'),
    ];
    const names = (limit: number, from: readonly Pod[]) => crashingContainers(from, limit).map((target) => target.pod);
    expect(names(3, pods)).toEqual(['a-1', 'b-1', 'a-2']);
    expect(names(3, pods.toReversed())).toEqual(['a-1', 'b-1', 'a-2']);
  });

  it('leaves containers alone that do not crash', () => {
    expect(crashingContainers([pod('a', 'a', 'ImagePullBackOff')], 10)).toEqual([]);
  });
});
