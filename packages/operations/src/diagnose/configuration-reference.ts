/** What the containers and volumes of a pod need to be configured: ConfigMaps, Secrets and claims, and which are not there. */
import type { ClusterSnapshot, Container, KubeObject, Pod, PodSpec } from '@aia/cluster';
import type { ConfigurationCause } from './messages/message.ts';

export type Volume = NonNullable<PodSpec['volumes']>[number];

/** One object that a volume or an environment names. */
export interface ConfigurationReference {
  readonly kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';
  readonly name: string;
  /** Keys that must be there. */
  readonly keys: readonly string[];
  /** Where the pod names it, for example `spec.volumes[2].configMap.name`. */
  readonly path: string;
}

/** A reference that cannot be satisfied. */
export interface BrokenReference extends ConfigurationReference {
  readonly cause: ConfigurationCause;
  /** The absent key, where the object is there. */
  readonly key: string | undefined;
}

/** Objects that a volume needs; optional ones are left out. */
export function referencesOfVolume(volume: Volume, index: number): readonly ConfigurationReference[] {
  const path = `spec.volumes[${index}]`;
  const { configMap, secret, projected, persistentVolumeClaim } = volume;
  return [
    ...referenceTo('ConfigMap', configMap?.name, configMap, `${path}.configMap.name`),
    ...referenceTo('Secret', secret?.secretName, secret, `${path}.secret.secretName`),
    ...referenceTo(
      'PersistentVolumeClaim',
      persistentVolumeClaim?.claimName,
      {},
      `${path}.persistentVolumeClaim.claimName`,
    ),
    ...(projected?.sources ?? []).flatMap((source, i) => [
      ...referenceTo(
        'ConfigMap',
        source.configMap?.name,
        source.configMap,
        `${path}.projected.sources[${i}].configMap.name`,
      ),
      ...referenceTo('Secret', source.secret?.name, source.secret, `${path}.projected.sources[${i}].secret.name`),
    ]),
  ];
}

/** Objects that a container's environment needs; optional ones are left out. `path` is the container's. */
export function referencesOfEnvironment(container: Container, path: string): readonly ConfigurationReference[] {
  const variables = (container.env ?? []).flatMap(({ valueFrom }, i) => {
    const { configMapKeyRef: map, secretKeyRef: secret } = valueFrom ?? {};
    return [
      ...referenceTo(
        'ConfigMap',
        map?.name,
        { ...map, items: keyed(map?.key) },
        `${path}.env[${i}].valueFrom.configMapKeyRef`,
      ),
      ...referenceTo(
        'Secret',
        secret?.name,
        { ...secret, items: keyed(secret?.key) },
        `${path}.env[${i}].valueFrom.secretKeyRef`,
      ),
    ];
  });
  const whole = (container.envFrom ?? []).flatMap(({ configMapRef, secretRef }, i) => [
    ...referenceTo('ConfigMap', configMapRef?.name, configMapRef, `${path}.envFrom[${i}].configMapRef.name`),
    ...referenceTo('Secret', secretRef?.name, secretRef, `${path}.envFrom[${i}].secretRef.name`),
  ]);
  return [...variables, ...whole];
}

/** The first of the references that the snapshot shows to be absent; nothing where its kind was not read. */
export function brokenAmong(
  snapshot: ClusterSnapshot,
  pod: Pod,
  references: readonly ConfigurationReference[],
): BrokenReference | undefined {
  for (const reference of references) {
    const cause = causeOf(snapshot, pod.metadata.namespace ?? 'default', reference);
    if (cause !== undefined) return { ...reference, ...cause };
  }
  return undefined;
}

/** Whether objects of a core kind were read, so that absence means absence: some are there and none was reported missing. */
export function wasRead(snapshot: ClusterSnapshot, kind: 'ConfigMap' | 'Secret'): boolean {
  const isMissing = snapshot.missing.some(({ input }) => input === `kind:${kind}` || input.endsWith(`/${kind}`));
  return !isMissing && snapshot.list(kind).length > 0;
}

/** Written into every namespace by a controller; where they lack, the namespace's ConfigMaps were not all read. */
const PUBLISHED: ReadonlySet<string> = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert']);

function keyed(key: string | undefined): readonly { readonly key: string }[] {
  return key === undefined ? [] : [{ key }];
}

function referenceTo(
  kind: ConfigurationReference['kind'],
  name: string | undefined,
  source: { readonly optional?: boolean; readonly items?: readonly { readonly key: string }[] } | undefined,
  path: string,
): readonly ConfigurationReference[] {
  if (name === undefined || name === '' || source?.optional === true) return [];
  return [{ kind, name, keys: (source?.items ?? []).map((item) => item.key), path }];
}

function causeOf(
  snapshot: ClusterSnapshot,
  namespace: string,
  { kind, name, keys }: ConfigurationReference,
): Pick<BrokenReference, 'cause' | 'key'> | undefined {
  if (kind === 'PersistentVolumeClaim' || PUBLISHED.has(name) || !wasRead(snapshot, kind)) return undefined;
  const prefix = kind === 'ConfigMap' ? 'config-map' : 'secret';
  const object: (KubeObject & { data?: object; binaryData?: object }) | undefined = snapshot.get(kind, namespace, name);
  if (object === undefined) return { cause: `${prefix}-missing`, key: undefined };
  // A Secret read by its metadata alone shows no keys, which says nothing about them.
  if (object.data === undefined && object.binaryData === undefined) return undefined;
  const present = { ...object.binaryData, ...object.data };
  const key = keys.find((wanted) => !Object.hasOwn(present, wanted));
  return key === undefined ? undefined : { cause: `${prefix}-key-missing`, key };
}
