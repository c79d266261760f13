import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
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

describe('mount-writable-directory', () => {
  it.each([
    'open /srv/cache/index.lock: read-only file system',
    "OSError: [Errno 30] Read-only file system: '/srv/cache/index.lock'",
    "EROFS: read-only file system, open '/srv/cache/index.lock'",
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
  ])('says nothing to %s (read-only: %s)', (words, isReadOnly) => {
    expect(proposalsOf(mountWritableDirectory, failing(words, isReadOnly))).toEqual([]);
  });
});
