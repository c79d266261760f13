import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../model/kinds.ts';
import { configReferences } from './config-references.ts';

const short = (spec: PodSpec, path?: string) =>
  configReferences(spec, 'shop', path).map(({ kind, name, keys, optional, use, container, volume, path: at }) => [
    kind,
    name,
    keys.join('+'),
    optional,
    use,
    container || volume,
    at,
  ]);

describe('configReferences', () => {
  it('reads env and envFrom of every sort of container', () => {
    const spec: PodSpec = {
      initContainers: [
        { name: 'init', envFrom: [{ secretRef: { name: 's1', optional: true } }, { configMapRef: { name: 'c1' } }] },
      ],
      containers: [
        {
          name: 'app',
          env: [
            { name: 'A', value: 'plain' },
            { name: 'B', valueFrom: { configMapKeyRef: { name: 'c2', key: 'k' } } },
            { name: 'C', valueFrom: { secretKeyRef: { name: 's2', key: 'k2', optional: true } } },
            { name: 'D', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          ],
        },
      ],
    };
    expect(short(spec)).toEqual([
      ['Secret', 's1', '', true, 'envFrom', 'init', 'spec.initContainers[0].envFrom[0].secretRef'],
      ['ConfigMap', 'c1', '', false, 'envFrom', 'init', 'spec.initContainers[0].envFrom[1].configMapRef'],
      ['ConfigMap', 'c2', 'k', false, 'env', 'app', 'spec.containers[0].env[1].valueFrom.configMapKeyRef'],
      ['Secret', 's2', 'k2', true, 'env', 'app', 'spec.containers[0].env[2].valueFrom.secretKeyRef'],
    ]);
  });

  it('reads volumes with items, projections, CSI and other drivers, and pull secrets', () => {
    const volumes = ['config', 'secret', 'mixed', 'vault', 'nfs'].map((name) => ({ name, mountPath: `/${name}` }));
    const spec: PodSpec = {
      containers: [{ name: 'app', volumeMounts: volumes }],
      volumes: [
        {
          name: 'config',
          configMap: {
            name: 'c',
            items: [
              { key: 'b', path: 'x' },
              { key: 'a', path: 'y' },
            ],
          },
        },
        { name: 'secret', secret: { secretName: 's', optional: true } },
        {
          name: 'mixed',
          projected: {
            sources: [
              { secret: { name: 'ps', items: [{ key: 'k', path: 'p' }] } },
              { configMap: { name: 'pc' } },
              { serviceAccountToken: { path: 't' } },
            ],
          },
        },
        { name: 'vault', csi: { driver: 'secrets-store.csi.k8s.io', nodePublishSecretRef: { name: 'login' } } },
        { name: 'nfs', azureFile: { secretName: 'azure', shareName: 'x' } },
      ],
      imagePullSecrets: [{ name: 'pull' }],
    };
    expect(short(spec)).toEqual([
      ['ConfigMap', 'c', 'a+b', false, 'volume', 'config', 'spec.volumes[0].configMap'],
      ['Secret', 's', '', true, 'volume', 'secret', 'spec.volumes[1].secret'],
      ['Secret', 'ps', 'k', false, 'projected', 'mixed', 'spec.volumes[2].projected.sources[0].secret'],
      ['ConfigMap', 'pc', '', false, 'projected', 'mixed', 'spec.volumes[2].projected.sources[1].configMap'],
      ['Secret', 'login', '', false, 'csi', 'vault', 'spec.volumes[3].csi.nodePublishSecretRef'],
      ['Secret', 'azure', '', false, 'volume', 'nfs', 'spec.volumes[4].azureFile.secretName'],
      ['Secret', 'pull', '', true, 'image-pull', '', 'spec.imagePullSecrets[0]'],
    ]);
  });

  it('needs the keys that are mounted one by one', () => {
    const mounts = [
      { name: 'v', mountPath: '/etc/app.yml', subPath: 'app.yml' },
      { name: 'v', mountPath: '/etc/deep', subPath: 'dir/file' },
    ];
    const spec: PodSpec = {
      containers: [{ name: 'app', volumeMounts: mounts }],
      volumes: [{ name: 'v', configMap: { name: 'c' } }],
    };
    expect(configReferences(spec, 'shop')[0]?.keys).toEqual(['app.yml']);
  });

  it('counts a volume that nobody mounts as optional, since the kubelet skips it', () => {
    expect(
      short({ containers: [{ name: 'app' }], volumes: [{ name: 'v', secret: { secretName: 's' } }] })[0]?.[3],
    ).toBe(true);
  });

  it('starts paths where the spec stands', () => {
    const spec: PodSpec = { containers: [{ name: 'app', envFrom: [{ configMapRef: { name: 'c' } }] }] };
    expect(configReferences(spec, 'shop', 'spec.template.spec')[0]?.path).toBe(
      'spec.template.spec.containers[0].envFrom[0].configMapRef',
    );
  });

  it('survives nonsense where admission does not look', () => {
    const hostile = {
      containers: [{ name: 'app', env: [{ name: 'A', valueFrom: { secretKeyRef: { key: 'k' } } }] }],
      volumes: [{ name: 'v', rbd: 7, csi: { nodePublishSecretRef: 'x' } }],
    };
    expect(configReferences(hostile as unknown as PodSpec, 'shop')).toEqual([]);
    expect(configReferences({} as unknown as PodSpec, 'shop')).toEqual([]);
  });
});
