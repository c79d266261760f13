import { describe, expect, it } from 'vitest';
import { createSimulatedReader } from '@aia/cluster';
import { cloudCluster } from './cloud-cluster.ts';

const START = Date.parse('2026-03-01T00:00:00Z');

async function settled(nodes: number) {
  const cluster = cloudCluster('0', START, nodes);
  cluster.clock.advance(3_600_000);
  return createSimulatedReader(cluster).observe();
}

describe('an empty cluster in a cloud', () => {
  it('keeps the nodes that were asked for, and marks none of them as not needed', async () => {
    const nodes = (await settled(3)).list('Node');
    expect(nodes).toHaveLength(3);
    for (const { spec, status } of nodes) {
      expect(spec?.taints ?? []).toEqual([]);
      expect(status?.nodeInfo?.osImage).toBe('Container-Optimized OS from Google');
    }
  });

  it('brings the storage classes of GKE, of which standard-rwo is the default', async () => {
    const classes = (await settled(1)).list('StorageClass');
    expect(classes.map(({ metadata }) => metadata.name).sort()).toEqual(['premium-rwo', 'standard-rwo']);
    const isDefault = 'storageclass.kubernetes.io/is-default-class';
    expect(classes.filter(({ metadata }) => metadata.annotations?.[isDefault] === 'true')).toMatchObject([
      { metadata: { name: 'standard-rwo' }, provisioner: 'pd.csi.storage.gke.io' },
    ]);
  });

  it('has the quotas that a pool of its size needs', async () => {
    const { cloud, list } = await settled(100).then((one) => ({ cloud: one.cloud, list: one.list('Node') }));
    expect(list).toHaveLength(100);
    const limitOf = (metric: string) => cloud.quotas?.find((quota) => quota.metric === metric)?.limit;
    expect(limitOf('CPUS')).toBeGreaterThanOrEqual(300 * 4);
    expect(limitOf('SSD_TOTAL_GB')).toBeGreaterThanOrEqual(300 * 100);
    expect(limitOf('FORWARDING_RULES')).toBe(45);
  });
});
