import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, put, tried } from '../../trial.suite.ts';
import { mountSingleFile } from './mount-single-file.ts';

const startError =
  'failed to create containerd task: error mounting "/var/lib/kubelet/pods/1/volumes/kubernetes.io~configmap/conf" to rootfs at "/etc/app/app.toml": ' +
  'mount src=/var/lib/kubelet, dst=/etc/app/app.toml: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?';

function covered(data: Readonly<Record<string, string>>) {
  const cluster = clusterWith([]);
  cluster.behave({
    container: ({ spec: { volumeMounts = [] } }) =>
      volumeMounts.some(({ mountPath, subPath }) => mountPath === '/etc/app/app.toml' && subPath === undefined)
        ? { startError }
        : undefined,
  });
  const volumes = [{ name: 'conf', configMap: { name: 'conf' } }];
  const volumeMounts = [{ name: 'conf', mountPath: '/etc/app/app.toml' }];
  put(cluster, [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf', namespace: 'shop' }, data },
    deployment('web', { volumes }, { volumeMounts }, { replicas: 1 }),
  ]);
  cluster.clock.advance(1_200_000);
  return planningOf(cluster);
}

describe('mount-single-file', () => {
  it.each([
    [{ 'app.toml': 'a = 1', 'other.toml': '' }, 'app.toml'],
    [{ settings: 'a = 1' }, 'settings'],
  ])('mounts one key of %j: %s', (data, key) => {
    const [best] = proposalsOf(mountSingleFile, covered(data));
    expect(best?.drafts[0]?.changes).toMatchObject([{ patch: { operations: [{ op: 'add', value: key }] } }]);
  });

  it('starts the container', () => {
    const planning = covered({ 'app.toml': 'a = 1' });
    const [best] = proposalsOf(mountSingleFile, planning);
    expect(tried([mountSingleFile], best as never, planning).outcomes).toEqual(['held']);
  });

  it('does not guess which of several keys is meant', () => {
    expect(proposalsOf(mountSingleFile, covered({ a: '', b: '' }))).toEqual([]);
  });
});
