import type { ManagedCluster, NodePool, Quota } from '@aia/cluster';
import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const pool = (name: string, maxNodes: number, more: Partial<NodePool> = {}): NodePool => ({
  name,
  machineType: 'e2-standard-4',
  diskType: 'pd-balanced',
  diskSizeGb: 100,
  spot: false,
  zones: ['us-central1-a'],
  autoscaling: { minNodes: 0, maxNodes },
  initialNodes: 0,
  privateNodes: true,
  ...more,
});
const cluster = (nodePools: readonly NodePool[], autopilot = false): ManagedCluster => ({
  name: 'shop',
  location: 'us-central1-a',
  version: '',
  autopilot,
  autoscalingProfile: '',
  nodePools,
});
const cpus = (usage: number, limit: number): Quota => ({ metric: 'CPUS', region: 'us-central1', limit, usage });
const findings = (quotas: readonly Quota[] | undefined, described: ManagedCluster | undefined) =>
  check(rule, examine({ observedAt: NOW, objects: [], cloud: { quotas, cluster: described } }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('names the quota that binds first and after how many nodes', () => {
    const [finding, ...others] = check(rule, failing);
    expect(others).toEqual([]);
    expect(finding?.severity).toBe('low');
    expect(finding?.message).toBe(
      'pool may grow by 9 nodes, which with the surge of an upgrade takes 40 of quota CPUS in us-central1; 16 are free, enough for 4 of them.',
    );
    expect(finding?.facts).toMatchObject({ metric: 'CPUS', need: 40, nodes: 9, fits: 4, pools: ['pool'] });
  });
  it('is medium when not one further node fits', () => {
    expect(findings([cpus(70, 72)], cluster([pool('a', 3)])).map(({ severity }) => severity)).toEqual(['medium']);
  });
  it('adds up pools, and the larger surge once', () => {
    const pools = [pool('a', 2), pool('b', 1, { machineType: 'e2-standard-8', maxSurge: 2 })];
    // 2 × 4 + 1 × 8 of growth and 2 × 8 of surge.
    expect(findings([cpus(0, 31)], cluster(pools))[0]?.facts).toMatchObject({ need: 32, nodes: 3, pools: ['a', 'b'] });
    expect(findings([cpus(0, 32)], cluster(pools))).toEqual([]);
  });
  it.each([
    ['on Autopilot', [cpus(0, 4)], cluster([pool('a', 10)], true)],
    ['for a quota that is used up', [cpus(4, 4)], cluster([pool('a', 10)])],
    ['without quotas', undefined, cluster([pool('a', 10)])],
    ['without the cluster', [cpus(0, 4)], undefined],
  ])('stays silent %s', (_, quotas, described) => {
    expect(findings(quotas, described)).toEqual([]);
  });
});
