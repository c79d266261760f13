import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { behaving, ref, rollOut, workload, workloadScene } from '../../revisions/workload-scene.suite.ts';
import { mountWritableDirectory } from './mount-writable-directory.ts';

/** A cluster in which the program of `web` ends with some last words while nothing is mounted at a directory. */
function failing(words: string, readOnlyRootFilesystem: boolean) {
  const cluster = clusterWith([]);
  cluster.behave({
    container: ({ spec: { volumeMounts = [] } }) =>
      volumeMounts.some(({ mountPath }) => mountPath === '/srv/cache')
        ? undefined
        : { exitsAfterMs: 400, exitCode: 1, lastWords: [words] },
  });
  put(cluster, [deployment('web', {}, { securityContext: { readOnlyRootFilesystem } }, { replicas: 1 })]);
  cluster.clock.advance(1_200_000);
  return planningOf(cluster);
}

type Kind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** One of several containers, or an init container, cannot write. */
function failingOf(kind: Kind, name: string) {
  const scene = workloadScene(
    workload(kind, 'web', {
      pod: {
        initContainers: [readOnly('setup')],
        containers: [readOnly('proxy'), readOnly('web')],
      },
    }),
  );
  behaving(
    scene,
    ({ container, spec: { volumeMounts = [] } }) =>
      container === name && !volumeMounts.some(({ mountPath }) => mountPath === '/srv/cache'),
    { exitsAfterMs: 400, exitCode: 1, lastWords: ['open /srv/cache/index.lock: read-only file system'] },
  );
  rollOut(scene, ref(kind, 'web'), { pod: { terminationGracePeriodSeconds: 20 } });
  scene.wait(20);
  return planningOf(scene.observe());
}

function readOnly(name: string) {
  const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } };
  const image = `registry.example.com/${name}:1.0.0`;
  return { name, image, resources, securityContext: { readOnlyRootFilesystem: true } };
}

describe('mount-writable-directory', () => {
  it.each<[Kind, string, string]>([
    ['Deployment', 'web', 'containers/1'],
    ['StatefulSet', 'web', 'containers/1'],
    ['DaemonSet', 'proxy', 'containers/0'],
    ['Deployment', 'setup', 'initContainers/0'],
  ])('lets the container of a %s write that fails: %s', (kind, name, place) => {
    const planning = failingOf(kind, name);
    const [best] = proposalsOf(mountWritableDirectory, planning);
    expect(JSON.stringify(best?.drafts[0]?.changes)).toContain(`/spec/template/spec/${place}/volumeMounts`);
    expect(tried([mountWritableDirectory], best as never, planning).outcomes).toEqual(['held']);
  });

  it.each([
    'open /srv/cache/index.lock: read-only file system',
    "OSError: [Errno 30] Read-only file system: '/srv/cache/index.lock'",
    "EROFS: read-only file system, open '/srv/cache/index.lock'",
    'java.io.FileNotFoundException: /srv/cache/index.lock (Read-only file system)',
    'nginx: [emerg] mkdir() "/srv/cache/client_temp" failed (30: Read-only file system)',
  ])('mounts an emptyDir where the program could not write: %s', (words) => {
    const planning = failing(words, true);
    const [best] = proposalsOf(mountWritableDirectory, planning);
    expect(best?.title).toContain('emptyDir at /srv/cache ');
    expect(tried([mountWritableDirectory], best as never, planning).outcomes).toEqual(['held']);
  });

  it.each([
    ['open /srv/cache/index.lock: permission denied', true],
    ['open /srv/cache/index.lock: read-only file system', false],
    ['read-only file system', true],
    ['open /etc/app/state: read-only file system', true],
    ['open /var/state: read-only file system', true],
    ['open /app/state: read-only file system', true],
  ])('says nothing to %s (read-only: %s)', (words, isReadOnly) => {
    expect(proposalsOf(mountWritableDirectory, failing(words, isReadOnly))).toEqual([]);
  });
});
