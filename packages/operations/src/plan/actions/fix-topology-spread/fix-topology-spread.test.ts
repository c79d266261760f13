import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, tried } from '../../trial.suite.ts';
import { fixTopologySpread } from './fix-topology-spread.ts';

const over = (topologyKey: string) => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } },
  ],
});

describe('fix-topology-spread', () => {
  it.each([
    ['topology.kubernetes.io/zones', 'topology.kubernetes.io/zone'],
    ['example.com/rack', 'topology.kubernetes.io/zone'],
  ])('spreads over a label that nodes have in place of %s', (wrong, right) => {
    const cluster = clusterWith([deployment('web', over(wrong))]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(fixTopologySpread, planning);
    expect(best?.title).toContain(`Spread over ${right} `);
    expect(tried([fixTopologySpread], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('offers a preference as a rival', () => {
    const cluster = clusterWith([deployment('web', over('example.com/rack'))]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const rival = proposalsOf(fixTopologySpread, planning).find(({ title }) => title.startsWith('Prefer'));
    expect(tried([fixTopologySpread], rival as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });
});
