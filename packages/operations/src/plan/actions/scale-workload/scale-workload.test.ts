import { describe, expect, it } from 'vitest';
import { serviceOf } from '../../network/network-scene.suite.ts';
import {
  behaving,
  ref,
  rehearsedOn,
  remediesOf,
  workload,
  workloadScene,
  type WorkloadScene,
} from '../../revisions/workload-scene.suite.ts';
import { scaleWorkload } from './scale-workload.ts';

/** A program that cannot do without another one, which somebody scales to zero. */
function asleep(
  db: ReturnType<typeof workload>,
  more: readonly Readonly<Record<string, unknown>>[] = [],
): WorkloadScene {
  const env = [{ name: 'DATABASE_URL', value: 'postgres://db.shop:5432/shop' }];
  const web = workload('Deployment', 'web', { container: { env } });
  const scene = workloadScene(db, web, serviceOf('db', { ports: [{ port: 5432 }] }), ...more);
  const kind = String(db['kind']);
  scene.patch(ref(kind, 'db'), { spec: { replicas: 0 } });
  behaving(scene, ({ container }) => container === 'web', {
    needs: ['db.shop:5432'],
    lastWords: ['dial tcp: lookup db.shop:5432: connect: connection refused'],
  });
  for (const { metadata } of scene.observe().listIn('Pod', 'shop'))
    if (metadata.name.startsWith('web')) scene.remove(ref('Pod', metadata.name));
  scene.wait(30);
  return scene;
}

function sizes(scene: WorkloadScene): readonly number[] {
  return remediesOf(scene, scaleWorkload)
    .flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes))
    .flatMap((change) => (change.kind === 'scale' ? [change.replicas] : []));
}

describe('scale-workload', () => {
  it('takes the size of a Deployment from what its controller says', () => {
    expect(sizes(asleep(workload('Deployment', 'db', { spec: { replicas: 3 } })))).toEqual([3]);
  });

  it('takes the size of a StatefulSet from the pods that went', () => {
    expect(sizes(asleep(workload('StatefulSet', 'db', { spec: { replicas: 2 } })))).toEqual([2]);
  });

  it('leaves what nothing fails for', () => {
    const scene = workloadScene(workload('Deployment', 'db'), serviceOf('db'));
    scene.patch(ref('Deployment', 'db'), { spec: { replicas: 0 } });
    scene.wait(30);
    expect(sizes(scene)).toEqual([]);
  });

  it('lets the program that calls it run again on the twin', () => {
    const { before, remaining, held } = rehearsedOn(asleep(workload('Deployment', 'db')));
    expect(before.length).toBeGreaterThan(0);
    expect(held).toContain('scale-workload');
    expect(remaining).toEqual([]);
  });
});
