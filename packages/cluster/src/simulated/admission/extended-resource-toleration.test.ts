import { describe, expect, it } from 'vitest';
import { newCloud } from '../cloud/new-cloud.ts';
import { createDirectWrites } from '../twin/direct-writes.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';

function tolerationsOn(isOnCloud: boolean): unknown {
  const cluster = new SimulatedCluster({ seed: 'gpu', ...(isOnCloud && { cloud: newCloud() }) });
  cluster.clock.advance(60_000);
  const writes = createDirectWrites(cluster, 'test');
  writes.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  cluster.clock.advance(1000);
  const gpu = { 'nvidia.com/gpu': '1', cpu: '1' };
  const containers = [{ name: 'app', image: 'app:1', resources: { requests: gpu, limits: gpu } }];
  const made = writes.create({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'trainer', namespace: 'shop' } },
    spec: { containers },
  } as never);
  expect(made.kind).not.toBe('refused');
  const pod = writes.read({ group: '', kind: 'Pod', namespace: 'shop', name: 'trainer' }) as {
    spec?: { tolerations?: readonly { key?: string }[] };
  };
  return pod.spec?.tolerations?.filter(({ key }) => key === 'nvidia.com/gpu');
}

describe('ExtendedResourceToleration', () => {
  it('lets pods that ask for GPUs onto nodes that are kept for them, on GKE', () => {
    expect(tolerationsOn(true)).toEqual([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]);
  });

  it('is off by default', () => expect(tolerationsOn(false)).toEqual([]));
});
