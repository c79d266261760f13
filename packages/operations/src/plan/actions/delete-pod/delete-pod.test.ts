import { SnapshotBuilder, type ClusterSnapshot, type Pod } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { behaving, ref, remediesOf, rollOut, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { planningOf, proposalsOf, tried } from '../../trial.suite.ts';
import { deletePod } from './delete-pod.ts';

const HOUR = 3_600_000;

/** A StatefulSet whose first pod was made from a version that does not start; then the template was corrected. */
function corrected() {
  const scene = workloadScene(workload('StatefulSet', 'db'), {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'db', namespace: 'shop' } },
    spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] },
  });
  const set = ref('StatefulSet', 'db');
  behaving(scene, ({ image }) => image.endsWith(':2.0.0'), { exitsAfterMs: 500, exitCode: 1 });
  rollOut(scene, set, { container: { image: 'registry.example.com/db:2.0.0' } });
  scene.wait(20);
  rollOut(scene, set, { container: { image: 'registry.example.com/db:2.0.1' } });
  scene.wait(30);
  return scene;
}

type Change = (pod: Pod, observedAt: number) => readonly object[];

/** The pods of a sound workload, the first of them otherwise. */
function otherwise(change: Change): ClusterSnapshot {
  const seen = workloadScene(workload('Deployment', 'web')).observe();
  const builder = new SnapshotBuilder();
  const [first] = seen.listIn('Pod', 'shop');
  const objects = seen.objects.flatMap((one) => (one === first ? change(first, seen.observedAt) : [one]));
  for (const one of objects) builder.add(structuredClone(one), 'test');
  return builder.build({ source: seen.source, observedAt: seen.observedAt, cloud: seen.cloud } as never);
}

const deletedLongAgo =
  (more: object = {}, spec: object = {}): Change =>
  (pod, observedAt) => [
    {
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: new Date(observedAt - HOUR).toISOString(), ...more },
      spec: { ...pod.spec, ...spec },
    },
  ];

const proposed = (snapshot: ClusterSnapshot) => proposalsOf(deletePod, planningOf(snapshot));

describe('delete-pod', () => {
  it('deletes what a corrected StatefulSet waits for', () => {
    const scene = corrected();
    const [remedy] = remediesOf(scene, deletePod);
    expect(remedy?.drafts[0]?.changes).toMatchObject([
      { kind: 'delete', target: { kind: 'Pod', name: 'db-0' } },
      { kind: 'delete', target: { kind: 'Pod', name: 'db-1' } },
    ]);
    expect(remedy && tried([deletePod], remedy, planningOf(scene.observe()))).toEqual({
      outcomes: ['held'],
      causes: [],
    });
  });

  it('waits no longer for a pod whose node is gone', () => {
    const [remedy] = proposed(otherwise(deletedLongAgo({}, { nodeName: 'gone' })));
    expect(remedy?.drafts[0]?.commands).toEqual([expect.stringMatching(/--grace-period=0 --force$/)]);
    expect(remedy?.drafts[0]?.preconditions).toBeUndefined();
  });

  it('takes away what stays for no reason, once it keeps nothing', () => {
    const snapshot = otherwise(deletedLongAgo());
    const [remedy] = proposed(snapshot);
    expect(remedy?.drafts[0]?.preconditions).toBeUndefined();
    expect(remedy && tried([deletePod], remedy, planningOf(snapshot))).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('has somebody look at the node where two pods would write to one claim', () => {
    const volumes = [{ name: 'store', persistentVolumeClaim: { claimName: 'store' } }];
    const [remedy] = proposed(otherwise(deletedLongAgo({}, { volumes })));
    expect(remedy?.drafts[0]?.preconditions).toMatchObject([{ kind: 'told' }]);
  });

  it('leaves finalizers to their controllers', () => {
    expect(proposed(otherwise(deletedLongAgo({ finalizers: ['example.com/drained'] })))).toEqual([]);
  });
});
