/**
 * Whether the ConfigMaps, Secrets and keys that a pod spec names are there, as far as the snapshot can tell. The one place
 * that concludes from absence, for templates (`missing-references.ts`) and for pods that wait (`pod-setup.ts`).
 */
import type { ClusterSnapshot, ConfigReference, KubeObject, PodSpec } from '@aia/cluster';
import { isReadIn } from '../absence.ts';
import type { ConfigurationCause } from '../messages/message.ts';

/** A reference that cannot be satisfied. */
export interface BrokenReference {
  readonly reference: ConfigReference;
  readonly cause: ConfigurationCause;
  /** The absent key, where the object is there. */
  readonly key: string | undefined;
}

/** The first of the references that the snapshot shows to be absent; optional ones are left out. */
export function brokenAmong(
  snapshot: ClusterSnapshot,
  spec: PodSpec,
  references: readonly ConfigReference[],
): BrokenReference | undefined {
  for (const reference of references) {
    if (reference.optional) continue;
    const prefix = reference.kind === 'ConfigMap' ? 'config-map' : 'secret';
    const keys = keysOf(snapshot, spec, reference);
    if (keys === 'absent') return { reference, cause: `${prefix}-missing`, key: undefined };
    const key = keys === undefined ? undefined : reference.keys.find((wanted) => !keys.has(wanted));
    if (key !== undefined) return { reference, cause: `${prefix}-key-missing`, key };
  }
  return undefined;
}

/** The field in which a reference names its object: `spec.volumes[2].configMap.name`. */
export function namePath({ path, use }: ConfigReference): string {
  if (path.endsWith('.secretName')) return path;
  return `${path}.${use === 'volume' && path.endsWith('.secret') ? 'secretName' : 'name'}`;
}

/**
 * Names of the keys of the object that a reference names; `absent` when the snapshot shows that it does not exist, and
 * `undefined` when it cannot tell. `spec` is the pod spec that holds the reference.
 */
export function keysOf(
  snapshot: ClusterSnapshot,
  spec: PodSpec,
  { kind, namespace, name }: Pick<ConfigReference, 'kind' | 'namespace' | 'name'>,
): ReadonlySet<string> | 'absent' | undefined {
  const object: WithKeys | undefined = snapshot.get(kind, namespace, name);
  if (object !== undefined) return keysIn(snapshot, object);
  const isMadeLater = kind === 'ConfigMap' ? PUBLISHED.has(name) : isSyncedFromStore(snapshot, spec, namespace, name);
  return isMadeLater || !isReadIn(snapshot, kind, namespace) ? undefined : 'absent';
}

type WithKeys = KubeObject & { readonly data?: object; readonly binaryData?: object };

/**
 * A Secret without data may have been read by its metadata alone. A ConfigMap without data is empty, provided that another
 * one of its namespace shows that data were read.
 */
function keysIn(snapshot: ClusterSnapshot, object: WithKeys): ReadonlySet<string> | undefined {
  const { data, binaryData } = object;
  if (data !== undefined || binaryData !== undefined) return new Set(Object.keys({ ...data, ...binaryData }));
  if (object.kind === 'Secret') return undefined;
  const others = snapshot.listIn('ConfigMap', object.metadata.namespace ?? '');
  return others.some((other) => other.data !== undefined) ? new Set() : undefined;
}

/** Written into every namespace by a controller; where one lacks, the dump left it out. */
const PUBLISHED: ReadonlySet<string> = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert']);
const STORE_DRIVER = 'secrets-store.csi.k8s.io';

/**
 * The Secrets Store CSI driver makes Secrets when a pod mounts its volume, so that one of them may rightly not be there yet.
 * Source: https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret
 */
function isSyncedFromStore(snapshot: ClusterSnapshot, spec: PodSpec, namespace: string, name: string): boolean {
  return (spec.volumes ?? []).some(({ csi }) => {
    if (csi?.driver !== STORE_DRIVER) return false;
    const provider = snapshot.resolve({
      group: 'secrets-store.csi.x-k8s.io',
      kind: 'SecretProviderClass',
      namespace,
      name: csi.volumeAttributes?.['secretProviderClass'] ?? '',
    });
    return provider === undefined || syncedNames(provider).includes(name);
  });
}

/** A custom resource's spec is unchecked, so every step is. */
function syncedNames(provider: KubeObject): readonly unknown[] {
  const { spec } = provider as KubeObject & { readonly spec?: { readonly secretObjects?: unknown } };
  const objects: unknown = typeof spec === 'object' && spec !== null ? spec.secretObjects : undefined;
  if (!Array.isArray(objects)) return [];
  return objects.map((object: unknown) => (object as { readonly secretName?: unknown } | null)?.secretName);
}
