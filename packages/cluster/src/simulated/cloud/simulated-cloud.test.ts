import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CLOUD, type Quota } from '../../cloud/cloud.ts';
import type { QuotaNeed } from '../../cloud/quota-need.ts';
import { newCloud } from './new-cloud.ts';
import { SimulatedCloud } from './simulated-cloud.ts';

const need = (metric: string, amount: number, more: Partial<QuotaNeed> = {}): QuotaNeed => ({
  metric,
  region: 'region',
  amount,
  ...more,
});
const quotaOf = ({ snapshot }: SimulatedCloud, metric: string): Quota | undefined =>
  snapshot.quotas?.find((quota) => quota.metric === metric);

describe('quotas', () => {
  it('books all needs or none, and says which quota is too small', () => {
    const cloud = new SimulatedCloud(newCloud({ region: 'us-central1', limits: { CPUS: 8, INSTANCES: 1 } }));
    expect(cloud.take([need('CPUS', 4), need('INSTANCES', 1)])).toBeUndefined();
    expect(cloud.take([need('CPUS', 4), need('INSTANCES', 1)])).toEqual({
      ...{ metric: 'INSTANCES', region: 'us-central1', limit: 1 },
    });
    expect(quotaOf(cloud, 'CPUS')?.usage).toBe(4);
    cloud.release([need('CPUS', 4), need('INSTANCES', 1)]);
    expect(quotaOf(cloud, 'CPUS')?.usage).toBe(0);
  });

  it('charges the other metric where the first has no limit of its own', () => {
    const cloud = new SimulatedCloud(newCloud({ limits: { CPUS: 8, PREEMPTIBLE_CPUS: 0 } }));
    cloud.take([need('PREEMPTIBLE_CPUS', 2, { otherwise: 'CPUS' })]);
    expect(quotaOf(cloud, 'CPUS')?.usage).toBe(2);
    cloud.setLimit('PREEMPTIBLE_CPUS', 4);
    cloud.take([need('PREEMPTIBLE_CPUS', 2, { otherwise: 'CPUS' })]);
    expect(quotaOf(cloud, 'PREEMPTIBLE_CPUS')?.usage).toBe(2);
    expect(quotaOf(cloud, 'CPUS')?.usage).toBe(2);
  });

  it('refuses nothing for want of figures, and invents none', () => {
    const cloud = new SimulatedCloud({ ...NO_CLOUD, provider: 'gcp' });
    expect(cloud.take([need('CPUS', 1e9)])).toBeUndefined();
    expect(cloud.snapshot.quotas).toBeUndefined();
    expect(() => cloud.setLimit('CPUS', 1)).toThrow('quota "CPUS" of us-central1: is not listed');
  });

  it('never lets usage rise above a limit, and gives back what was taken', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 6 }), { maxLength: 30 }), (amounts) => {
        const cloud = new SimulatedCloud(newCloud({ limits: { CPUS: 20 } }));
        const taken = amounts.filter((amount) => cloud.take([need('CPUS', amount)]) === undefined);
        expect(quotaOf(cloud, 'CPUS')?.usage).toBe(taken.reduce((sum, amount) => sum + amount, 0));
        expect(quotaOf(cloud, 'CPUS')?.usage).toBeLessThanOrEqual(20);
        for (const amount of taken) cloud.release([need('CPUS', amount)]);
        expect(quotaOf(cloud, 'CPUS')?.usage).toBe(0);
      }),
    );
  });
});

describe('the place', () => {
  it('takes the region from a zone or a region', () => {
    const { cluster } = newCloud({ region: 'europe-west1' });
    if (cluster === undefined) throw new TypeError('no cluster');
    const at = (location: string) => new SimulatedCloud({ ...NO_CLOUD, cluster: { ...cluster, location } }).region;
    expect(at('us-central1-b')).toBe('us-central1');
    expect(at('europe-west1')).toBe('europe-west1');
    expect(at('northamerica-northeast2-a')).toBe('northamerica-northeast2');
  });

  it('changes a pool by name, and no other', () => {
    const cloud = new SimulatedCloud(newCloud({ nodePools: [{ name: 'a' }, { name: 'b' }] }));
    cloud.changePool('b', { autoscaling: { minNodes: 0, maxNodes: 2 } });
    expect(cloud.pools.map(({ autoscaling }) => autoscaling?.maxNodes)).toEqual([9, 2]);
    expect(() => cloud.changePool('c', {})).toThrow('node pool "c": there is none');
  });
});
