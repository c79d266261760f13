import { describe, expect, it } from 'vitest';
import type { CloudSnapshot } from '../../cloud/cloud.ts';
import { newCloud } from '../cloud/new-cloud.ts';
import { newCluster } from '../simulated-cluster.suite.ts';
import { deploy, nodesOf, placedOf, quotaOf, scale } from './autoscaler-cluster.suite.ts';

const MINUTE = 60_000;

/** A cloud whose cluster makes node pools for pods, up to so many cores. */
function provisioning(cores: number): CloudSnapshot {
  const cloud = newCloud({ nodePools: [{ name: 'web', initialNodes: 1 }] });
  const provisioningLimits = [{ resource: 'cpu', maximum: cores }];
  return { ...cloud, cluster: cloud.cluster && { ...cloud.cluster, provisioningLimits } };
}

describe('node auto-provisioning', () => {
  it('makes a pool of machines that a pod fits which no pool takes, and deletes it when it is empty', () => {
    const cluster = newCluster({ cloud: provisioning(40) });
    deploy(cluster, 'web', 1, '6');
    cluster.clock.advance(2 * MINUTE);
    expect(placedOf(cluster)).toBe(1);
    expect(cluster.cloud?.pools.map(({ machineType }) => machineType)).toEqual(['e2-standard-4', 'e2-standard-8']);
    expect(cluster.cloud?.pools[1]?.name).toMatch(/^nap-e2-standard-8-[a-z0-9]{8}$/);
    scale(cluster, 'web', 0);
    cluster.clock.advance(40 * MINUTE);
    expect(cluster.cloud?.pools.map(({ name }) => name)).toEqual(['web']);
    expect(quotaOf(cluster, 'CPUS')).toBe(4);
  });

  it('makes none beyond its limits', () => {
    const cluster = newCluster({ cloud: provisioning(10) });
    deploy(cluster, 'web', 1, '6');
    cluster.clock.advance(20 * MINUTE);
    expect(placedOf(cluster)).toBe(0);
    expect(cluster.cloud?.pools).toHaveLength(1);
  });

  it('keeps workloads apart that ask for nodes of their own, and uses Spot machines and families that are asked for', () => {
    const cluster = newCluster({ cloud: newCloud({ autopilot: true, limits: { PREEMPTIBLE_CPUS: 20 } }) });
    const nodeSelector = {
      team: 'ml',
      'cloud.google.com/gke-spot': 'true',
      'cloud.google.com/machine-family': 'n2',
    };
    const tolerations = [{ key: 'team', operator: 'Equal', value: 'ml', effect: 'NoSchedule' }];
    deploy(cluster, 'train', 1, '1', { nodeSelector, tolerations });
    deploy(cluster, 'other', 1, '1', { nodeSelector: { team: 'unknown' } });
    cluster.clock.advance(2 * MINUTE);
    expect(placedOf(cluster)).toBe(1);
    const [node] = nodesOf(cluster);
    expect(node?.metadata.labels).toMatchObject(nodeSelector);
    expect(node?.spec?.taints).toContainEqual({ key: 'team', value: 'ml', effect: 'NoSchedule' });
  });
});

describe('Autopilot', () => {
  it('has nodes as pods need them, and none without pods', () => {
    const cluster = newCluster({ cloud: newCloud({ autopilot: true }) });
    cluster.clock.advance(MINUTE);
    expect(nodesOf(cluster)).toEqual([]);
    deploy(cluster, 'web', 6, '1');
    cluster.clock.advance(5 * MINUTE);
    expect(placedOf(cluster)).toBe(6);
    scale(cluster, 'web', 0);
    cluster.clock.advance(30 * MINUTE);
    expect(nodesOf(cluster)).toEqual([]);
    expect(quotaOf(cluster, 'CPUS')).toBe(0);
  });
});
