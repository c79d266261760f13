import { describe, expect, it } from 'vitest';
import { planningWith } from '../../capacity/usage-scene.suite.ts';
import { clusterWith, deployment, proposalsOf, put } from '../../trial.suite.ts';
import { changeZones } from './change-zones.ts';

const large = { resources: { requests: { cpu: '3', memory: '1Gi' } } };

/** A pool in one zone, which has no machines left; the other pool stands in these zones. */
function outOfStock(others: readonly string[]) {
  const autoscaling = { minNodes: 1, maxNodes: 9 };
  const cluster = clusterWith([deployment('web', {}, large, { replicas: 2 })], {
    nodePools: [
      { name: 'general', initialNodes: 2, zones: ['europe-west1-b'], autoscaling },
      { name: 'tiny', machineType: 'e2-small', initialNodes: others.length, zones: others, autoscaling: undefined },
    ],
  });
  if (cluster.cloud !== undefined) cluster.cloud.conditions.stockOuts = [{ zone: 'europe-west1-b' }];
  put(cluster, [deployment('late', {}, large, { replicas: 1 })]);
  cluster.clock.advance(30 * 60_000);
  return planningWith(cluster);
}

describe('change-zones', () => {
  it('adds zones that other pools stand in, and keeps those that it has', () => {
    const planning = outOfStock(['europe-west1-c', 'europe-west1-d']);
    const [remedy] = proposalsOf(changeZones, planning);
    expect(planning.causesOf('stock-out')).toHaveLength(1);
    expect(remedy?.drafts[0]?.changes).toEqual([
      {
        kind: 'cloud',
        call: {
          ...{ operation: 'set-pool-zones', pool: 'general', from: ['europe-west1-b'] },
          to: ['europe-west1-b', 'europe-west1-c', 'europe-west1-d'],
        },
      },
    ]);
  });

  it('guesses no zone', () => {
    expect(proposalsOf(changeZones, outOfStock(['europe-west1-b']))).toEqual([]);
  });
});
