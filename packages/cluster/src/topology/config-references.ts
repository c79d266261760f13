/**
 * Every ConfigMap and Secret that a pod spec names, with the keys it needs.
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/
 */
import type { Container, PodSpec } from '../model/kinds.ts';

/** One reference from a pod spec to a ConfigMap or Secret. */
export interface ConfigReference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly namespace: string;
  readonly name: string;
  /** Keys it needs; empty = the object only. */
  readonly keys: readonly string[];
  /** The pod starts without it: the field says so, or no container mounts the volume (the kubelet then skips it). */
  readonly optional: boolean;
  readonly use: 'env' | 'envFrom' | 'volume' | 'projected' | 'image-pull' | 'csi';
  /** Container for env/envFrom, '' for volumes. */
  readonly container: string;
  /** Volume's name for volume/projected/csi, else ''. */
  readonly volume: string;
  /** `spec.containers[0].env[2].valueFrom.configMapKeyRef` */
  readonly path: string;
}

/**
 * The references of a pod spec, in the order of the spec: containers, volumes, pull secrets. The pull secrets of the
 * pod's ServiceAccount are not among them; the API server copies them into the spec of each pod.
 * `path` is where the spec stands in its object: `spec` for pods, `spec.template.spec` for workloads.
 */
export function configReferences(spec: PodSpec, namespace: string, path = 'spec'): readonly ConfigReference[] {
  const found: ConfigReference[] = [];
  const add: Add = ({ kind, name, keys = [], optional = false, use, container = '', volume = '', path: at }) => {
    if (typeof name === 'string' && name !== '')
      found.push({ kind, namespace, name, keys, optional, use, container, volume, path: at });
  };
  for (const list of CONTAINER_LISTS) {
    const containers = (spec[list] ?? []) as readonly Container[];
    containers.forEach((container, i) => ofContainer(container, `${path}.${list}[${i}]`, add));
  }
  if (spec.volumes !== undefined && spec.volumes.length > 0) ofVolumes(spec, path, add);
  spec.imagePullSecrets?.forEach(({ name }, i) => {
    // A missing pull secret only matters for images that need one, and the kubelet starts the pod without it.
    add({ kind: 'Secret', name, optional: true, use: 'image-pull', path: `${path}.imagePullSecrets[${i}]` });
  });
  return found;
}

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

type Volume = NonNullable<PodSpec['volumes']>[number];
type Found = Pick<ConfigReference, 'kind' | 'use' | 'path'> &
  Partial<Pick<ConfigReference, 'keys' | 'container' | 'volume'>> & { name: unknown; optional?: boolean | undefined };
type Add = (reference: Found) => void;

function ofContainer({ name: container, env, envFrom }: Container, path: string, add: Add): void {
  env?.forEach(({ valueFrom }, i) => {
    if (valueFrom === undefined) return;
    const { configMapKeyRef: map, secretKeyRef: secret } = valueFrom;
    const at = `${path}.env[${i}].valueFrom`;
    if (map !== undefined)
      add({
        kind: 'ConfigMap',
        name: map.name,
        optional: map.optional,
        keys: [map.key],
        use: 'env',
        container,
        path: `${at}.configMapKeyRef`,
      });
    if (secret !== undefined)
      add({
        kind: 'Secret',
        name: secret.name,
        optional: secret.optional,
        keys: [secret.key],
        use: 'env',
        container,
        path: `${at}.secretKeyRef`,
      });
  });
  envFrom?.forEach(({ configMapRef: map, secretRef: secret }, i) => {
    const at = `${path}.envFrom[${i}]`;
    if (map !== undefined)
      add({
        kind: 'ConfigMap',
        name: map.name,
        optional: map.optional,
        use: 'envFrom',
        container,
        path: `${at}.configMapRef`,
      });
    if (secret !== undefined)
      add({
        kind: 'Secret',
        name: secret.name,
        optional: secret.optional,
        use: 'envFrom',
        container,
        path: `${at}.secretRef`,
      });
  });
}

function ofVolumes(spec: PodSpec, path: string, add: Add): void {
  const mounted = mountsByVolume(spec);
  spec.volumes?.forEach((volume, i) => {
    const mounts = mounted.get(volume.name);
    const at = `${path}.volumes[${i}]`;
    const unused = mounts === undefined;
    ofVolume(volume, at, mounts ?? NO_MOUNTS, (reference) =>
      add({ ...reference, optional: reference.optional === true || unused, volume: volume.name }),
    );
  });
}

function ofVolume(volume: Volume, at: string, subPaths: ReadonlySet<string>, add: Add): void {
  const { configMap, secret, projected, csi } = volume;
  if (configMap !== undefined) {
    const { name, optional, items } = configMap;
    add({ kind: 'ConfigMap', name, optional, keys: keysOf(items, subPaths), use: 'volume', path: `${at}.configMap` });
  }
  if (secret !== undefined) {
    const { secretName: name, optional, items } = secret;
    add({ kind: 'Secret', name, optional, keys: keysOf(items, subPaths), use: 'volume', path: `${at}.secret` });
  }
  projected?.sources?.forEach(({ configMap: map, secret: part }, i) => {
    const source = `${at}.projected.sources[${i}]`;
    if (map !== undefined)
      add({
        kind: 'ConfigMap',
        name: map.name,
        optional: map.optional,
        keys: keysOf(map.items, NO_MOUNTS),
        use: 'projected',
        path: `${source}.configMap`,
      });
    if (part !== undefined)
      add({
        kind: 'Secret',
        name: part.name,
        optional: part.optional,
        keys: keysOf(part.items, NO_MOUNTS),
        use: 'projected',
        path: `${source}.secret`,
      });
  });
  if (csi !== undefined)
    add({ kind: 'Secret', name: nameIn(csi.nodePublishSecretRef), use: 'csi', path: `${at}.csi.nodePublishSecretRef` });
  for (const type of VOLUMES_WITH_SECRET) {
    const source: unknown = volume[type];
    if (source !== undefined)
      add({
        kind: 'Secret',
        name: nameIn(fieldOf(source, 'secretRef')),
        use: 'volume',
        path: `${at}.${type}.secretRef`,
      });
  }
  if (volume.azureFile !== undefined)
    add({
      kind: 'Secret',
      name: fieldOf(volume.azureFile, 'secretName'),
      use: 'volume',
      path: `${at}.azureFile.secretName`,
    });
}

/** In-tree volume types whose `secretRef` names a Secret of the pod's namespace. */
const VOLUMES_WITH_SECRET = ['cephfs', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'] as const;
const NO_MOUNTS: ReadonlySet<string> = new Set();

/** Volume name → the `subPath`s under which containers mount single files of it. Volumes that nobody mounts are absent. */
function mountsByVolume(spec: PodSpec): ReadonlyMap<string, ReadonlySet<string>> {
  const mounted = new Map<string, Set<string>>();
  for (const list of CONTAINER_LISTS) {
    for (const { volumeMounts } of (spec[list] ?? []) as readonly Container[]) {
      for (const { name, subPath } of volumeMounts ?? []) {
        const paths = mounted.get(name) ?? new Set<string>();
        mounted.set(name, paths);
        // A key holds no slash, so a deeper path never names one.
        if (subPath !== undefined && subPath !== '' && !subPath.includes('/')) paths.add(subPath);
      }
    }
  }
  return mounted;
}

/**
 * Keys named by `items`; without items the volume holds all keys, and only those mounted by `subPath` are needed
 * (a missing one becomes an empty directory where a file was meant).
 */
function keysOf(
  items: readonly { readonly key: string }[] | undefined,
  subPaths: ReadonlySet<string>,
): readonly string[] {
  const keys = items !== undefined && items.length > 0 ? items.map((item) => item.key) : [...subPaths];
  return [...new Set(keys)].sort();
}

/** Fields below here are not checked by admission, so they are taken as unknown. */
function nameIn(reference: unknown): unknown {
  return fieldOf(reference, 'name');
}

/** A field of what may be no object. */
export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}
