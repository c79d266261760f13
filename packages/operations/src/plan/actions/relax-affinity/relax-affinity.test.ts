import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, tried } from '../../trial.suite.ts';
import { relaxAffinity } from './relax-affinity.ts';

const apart = (topologyKey: string) => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: { matchLabels: { app: 'web' } } }],
    },
  },
});

describe('relax-affinity', () => {
  it('prefers what was demanded, and keeps all replicas', () => {
    const cluster = clusterWith([deployment('web', apart('topology.kubernetes.io/region'), {}, { replicas: 3 })]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(relaxAffinity, planning);
    const text = JSON.stringify(best?.drafts.flatMap(({ changes }) => changes));
    expect(text).toContain('"weight":100');
    expect(text).not.toContain('"replicas"');
    expect(tried([relaxAffinity], best as never, planning)).toEqual({ outcomes: ['held', 'held'], causes: [] });
  });

  it('proposes nothing where replicas can be kept apart', () => {
    const cluster = clusterWith([deployment('web', apart('kubernetes.io/hostname'))]);
    cluster.clock.advance(1_200_000);
    expect(proposalsOf(relaxAffinity, planningOf(cluster))).toEqual([]);
  });
});
