import { describe, expect, it } from 'vitest';
import { ref, remediesOf, rollOut, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { planningOf, tried } from '../../trial.suite.ts';
import { rollBackWorkload } from '../roll-back-workload/roll-back-workload.ts';
import { restoreRegistryAccess } from './restore-registry-access.ts';

/** All new images of a registry are refused with these words. */
function closed(registry: string, error: string) {
  const image = (name: string, tag: string) => `${registry}/${name}:${tag}`;
  const names = ['web', 'cart'];
  const scene = workloadScene(
    ...names.map((name) => workload('Deployment', name, { container: { image: image(name, '1.0.0') } })),
  );
  scene.cluster.behave({
    image: (asked) =>
      asked.endsWith(':2.0.0') ? { pullError: `failed to resolve reference "${asked}": ${error}` } : undefined,
  });
  for (const name of names) rollOut(scene, ref('Deployment', name), { container: { image: image(name, '2.0.0') } });
  scene.wait(20);
  return scene;
}

const HOST = 'europe-west1-docker.pkg.dev';

describe('restore-registry-access', () => {
  it('grants the role that reads from a registry of Google, and keeps workloads running until then', () => {
    const scene = closed(
      `${HOST}/project/shop`,
      `unexpected status from HEAD request to https://${HOST}/v2/: 403 Forbidden`,
    );
    const [remedy] = remediesOf(scene, restoreRegistryAccess);
    expect(remedy?.drafts.map(({ kind }) => kind)).toEqual([
      'roll-back-workload',
      'roll-back-workload',
      'restore-registry-access',
    ]);
    expect(remedy?.drafts.at(-1)?.changes).toMatchObject([
      { kind: 'cloud', call: { operation: 'grant-role', role: 'roles/artifactregistry.reader' } },
    ]);
    const trial = remedy && tried([rollBackWorkload, restoreRegistryAccess], remedy, planningOf(scene.observe()));
    expect(trial?.outcomes.slice(0, 2)).toEqual(['held', 'held']);
    expect(trial?.causes).toEqual([]);
  });

  it('leaves to a person what only a person can do', () => {
    const scene = closed(
      'registry.example.com',
      'failed to do request: Head "https://registry.example.com/v2/": dial tcp 203.0.113.9:443: i/o timeout',
    );
    const [remedy] = remediesOf(scene, restoreRegistryAccess);
    expect(remedy?.drafts.at(-1)?.changes).toMatchObject([{ kind: 'manual' }]);
  });
});
