import { expect, it } from 'vitest';
import { SnapshotBuilder } from '../../../snapshot/builder.ts';
import { REPLICA_SETS } from '../../api/built-in-types.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';

it('makes one ReplicaSet for a recorded Deployment that lacks what the API server fills in', () => {
  const labels = { app: 'web' };
  const builder = new SnapshotBuilder();
  builder.add(
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', uid: '1' } },
      spec: {
        ...{ replicas: 1, selector: { matchLabels: labels } },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'web', image: 'registry.example.com/web:1' }] },
        },
      },
    },
    'test',
  );
  // Its kind has to be on record for its controller to work.
  builder.add({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'other', namespace: 'shop' } }, 'test');
  builder.add({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other', namespace: 'shop' } }, 'test');
  const snapshot = builder.build({
    source: { kind: 'dump', name: 'test' },
    observedAt: Date.UTC(2026, 0, 5),
    serverVersion: 'v1.36.0',
  });
  const cluster = new SimulatedCluster({ snapshot });
  cluster.clock.advance(60_000);
  const sets = [...cluster.api.store.list(REPLICA_SETS)].filter(({ metadata }) => metadata.name !== 'other');
  expect(sets).toHaveLength(1);
  cluster.stop();
});
