import { describe, expect, it } from 'vitest';
import { planningWith } from '../../capacity/usage-scene.suite.ts';
import { clusterWith, deployment, proposalsOf, put } from '../../trial.suite.ts';
import { provideCapacity } from './provide-capacity.ts';

function waiting(resources: Readonly<Record<string, string>>) {
  const cluster = clusterWith([deployment('web')], {
    nodePools: [{ name: 'general', initialNodes: 2, zones: ['europe-west1-b'], maxPodsPerNode: 110 }],
  });
  put(cluster, [deployment('late', {}, { resources: { requests: resources, limits: resources } }, { replicas: 1 })]);
  cluster.clock.advance(30 * 60_000);
  return planningWith(cluster);
}

describe('provide-capacity', () => {
  it('hands a resource whose device plugin nobody knows to a person', () => {
    const [remedy] = proposalsOf(provideCapacity, waiting({ cpu: '1', 'example.com/fpga': '1' }));
    expect(remedy?.fit).toBeLessThan(0.5);
    expect(remedy?.drafts[0]?.changes).toEqual([
      { kind: 'manual', instruction: expect.stringContaining('example.com/fpga') },
    ]);
  });

  it('has nothing to say where the cluster merely has to grow', () => {
    expect(proposalsOf(provideCapacity, waiting({ cpu: '3' }))).toEqual([]);
  });
});
