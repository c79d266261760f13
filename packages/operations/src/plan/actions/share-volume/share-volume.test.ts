import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, rollOut, tried } from '../../trial.suite.ts';
import { shareVolume } from './share-volume.ts';

const claim = {
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'store', namespace: 'shop' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } },
};
const using = { volumes: [{ name: 'store', persistentVolumeClaim: { claimName: 'store' } }] };
const mounted = { volumeMounts: [{ name: 'store', mountPath: '/store' }] };
const apart = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
      ],
    },
  },
};

/** One zone, so that the disk could be on any node. */
const ONE_ZONE = {
  zones: ['europe-west1-b'],
  nodePools: [{ name: 'general', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 3 } }],
};

describe('share-volume', () => {
  it('ends the old pod of a rollout first where there is one replica', () => {
    const cluster = clusterWith([claim, deployment('web', { ...using, ...apart }, mounted, { replicas: 1 })], ONE_ZONE);
    rollOut(cluster, 'web', { terminationGracePeriodSeconds: 7 });
    const planning = planningOf(cluster);
    const [best] = proposalsOf(shareVolume, planning);
    expect(best?.drafts[0]).toMatchObject({ outage: expect.any(String) as unknown });
    const { outcomes, causes } = tried([shareVolume], best as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('volume-held');
  });

  it('brings replicas that were apart from the beginning onto one node, and takes none away', () => {
    const cluster = clusterWith([claim, deployment('web', { ...using, ...apart }, mounted, { replicas: 2 })], ONE_ZONE);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(shareVolume, planning);
    expect(best?.title).toContain('on one node');
    expect(JSON.stringify(best?.drafts)).not.toContain('"replicas"');
    expect(tried([shareVolume], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });
});
