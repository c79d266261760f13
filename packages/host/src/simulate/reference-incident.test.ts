import { whatIf, type ClusterSnapshot, type ClusterState, type Service } from '@aia/cluster';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { examplePath } from '../examples.ts';

let snapshot: ClusterSnapshot;
beforeAll(async () => {
  snapshot = await readDump(examplePath('aia-system'));
});

const HOUR_MS = 3_600_000;
const tried = (...changes: readonly string[]) => whatIf(snapshot, { changes, forMs: HOUR_MS }).result;
const usageOf = ({ quotas = [] }: ClusterState, metric: string) =>
  quotas.find((quota) => quota.metric === metric && quota.region !== 'global')?.usage;

/** Changes that delete Services of type LoadBalancer, with an address or without. */
function deletions(withAddress: boolean): readonly string[] {
  const hasAddress = ({ status }: Service) => (status?.loadBalancer?.ingress ?? []).length > 0;
  return snapshot
    .list('Service')
    .filter((service) => service.spec?.type === 'LoadBalancer' && hasAddress(service) === withAddress)
    .map(({ metadata }) => `delete.Service/${metadata.namespace ?? ''}/${metadata.name}`);
}

/** CPU requests of all that waits, at what it was measured to need. */
const RIGHT_SIZED = ['comprehensive-api', 'health-monitor'].map((name) => `requests.aia-system/aia-${name}.cpu=50m`);

/** CPU requests of every Deployment of the application, at 100m a pod, which is above what most of them were measured to use. */
function rightSized(): readonly string[] {
  return snapshot
    .list('Deployment')
    .filter(({ metadata }) => metadata.namespace === 'aia-system')
    .map(({ metadata }) => `requests.aia-system/${metadata.name}.cpu=100m`);
}

describe('what if, in the reference incident,', () => {
  it('requests were right-sized: all that waits is scheduled, and no quota is needed', () => {
    const { before, after, unchanged } = tried(...RIGHT_SIZED);
    expect(before.pods.unscheduled).toBe(6);
    expect(unchanged.pods.unscheduled).toBe(6);
    expect(after.pods.unscheduled).toBe(0);
    expect(after.pods.ready).toBe(before.pods.ready + 6);
    expect(after.nodes.total).toBe(before.nodes.total);
    expect(usageOf(after, 'CPUS')).toBe(usageOf(before, 'CPUS'));
  });

  it('the CPU quota was raised: the autoscaler adds nodes, and all that waits is scheduled', () => {
    const { before, after, unchanged } = tried('quota.CPUS=+8');
    expect([before, unchanged].map(({ nodes }) => nodes.ready)).toEqual([4, 4]);
    expect(after.nodes.ready).toBe(6);
    expect(after.pods.unscheduled).toBe(0);
    expect(usageOf(after, 'CPUS')).toBe(32);
  });

  it('too little was raised for a node: nothing is scheduled', () => {
    const { before, after } = tried('quota.CPUS=+3');
    expect(after).toMatchObject({ pods: { unscheduled: before.pods.unscheduled }, nodes: before.nodes });
  });

  it('all requests were right-sized: a node goes, and its CPUs are free again', () => {
    const { before, after, unchanged } = tried(...rightSized());
    expect(after.pods.unscheduled).toBe(0);
    expect(unchanged.nodes).toEqual(before.nodes);
    expect(after.nodes.total).toBeLessThan(before.nodes.total);
    const freed = 4 * (before.nodes.total - after.nodes.total);
    expect(usageOf(after, 'CPUS')).toBe((usageOf(before, 'CPUS') ?? 0) - freed);
  });

  it('the 19 pending load balancers were deleted: no address is freed', () => {
    const pending = deletions(false);
    expect(pending).toHaveLength(19);
    const { before, after } = tried(...pending);
    expect(after.loadBalancers).toEqual({ ...before.loadBalancers, pending: 0 });
    expect(usageOf(after, 'IN_USE_ADDRESSES')).toBe(usageOf(before, 'IN_USE_ADDRESSES'));
  });

  it('an active one was deleted as well: its address is free', () => {
    const [active = ''] = deletions(true);
    const { before, after } = tried(...deletions(false), active);
    expect(usageOf(after, 'IN_USE_ADDRESSES')).toBe((usageOf(before, 'IN_USE_ADDRESSES') ?? 0) - 1);
  });

  it('load balancers were deleted: those that wait save nothing, others their forwarding rules', () => {
    const idle = tried(...deletions(false));
    expect(idle.before.cost?.monthly).toBeGreaterThan(0);
    expect(idle.after.cost).toEqual(idle.before.cost);
    const ruled = tried(...deletions(false), ...deletions(true));
    const rulesIn = ({ cost }: ClusterState) => cost?.lines.find(({ item }) => item === 'load-balancers');
    const { quantity = 0, hourly = 0 } = rulesIn(ruled.before) ?? {};
    expect(quantity).toBe(deletions(true).length);
    expect(rulesIn(ruled.after)).toBeUndefined();
    expect(ruled.after.cost?.hourly).toBeCloseTo((ruled.before.cost?.hourly ?? 0) - hourly, 10);
  });

  it('an active one alone was deleted: one that waits gets the address that is free', () => {
    const [active = ''] = deletions(true);
    const { before, after, unchanged, happenings } = tried(active);
    expect(unchanged.loadBalancers).toEqual(before.loadBalancers);
    expect(after.loadBalancers).toEqual({ ...before.loadBalancers, pending: before.loadBalancers.pending - 1 });
    expect(happenings.some(({ message }) => message.startsWith('gets the address '))).toBe(true);
  });
});
