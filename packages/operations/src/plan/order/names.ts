/** Names of other objects in what changes write: by which field they are named. */

/** Field → kind of what it names; `field.name` names by the field `name` inside. */
const FIELDS: Readonly<Record<string, string>> = {
  'configMapKeyRef.name': 'ConfigMap',
  'configMapRef.name': 'ConfigMap',
  'configMap.name': 'ConfigMap',
  'secretKeyRef.name': 'Secret',
  'secretRef.name': 'Secret',
  'secret.name': 'Secret',
  'imagePullSecrets.name': 'Secret',
  secretName: 'Secret',
  serviceAccountName: 'ServiceAccount',
  claimName: 'PersistentVolumeClaim',
  storageClassName: 'StorageClass',
  priorityClassName: 'PriorityClass',
  runtimeClassName: 'RuntimeClass',
  ingressClassName: 'IngressClass',
  gatewayClassName: 'GatewayClass',
  volumeName: 'PersistentVolume',
  'service.name': 'Service',
  'backendRefs.name': 'Service',
  'parentRefs.name': 'Gateway',
  'issuerRef.name': 'Issuer',
  'roleRef.name': 'Role',
};

/** Kinds that are in no namespace; others are looked for in that of who names them. */
const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'StorageClass',
  'PriorityClass',
  'RuntimeClass',
  'IngressClass',
  'GatewayClass',
  'PersistentVolume',
  'ClusterIssuer',
  'ClusterRole',
  'Namespace',
]);

/** Stands for an object of this kind and name; of cluster-wide kinds in whichever namespace. */
export function nameKey(kind: string, namespace: string, name: string): string {
  return `${kind} ${CLUSTER_WIDE.has(kind) ? '' : namespace}/${name}`;
}

/** Keys of everything that a value names, in a namespace unless it says another. */
export function namesIn(value: unknown, namespace: string): ReadonlySet<string> {
  const found = new Set<string>();
  walk(value, { field: '', of: namespace, into: found });
  return found;
}

interface Walk {
  /** The nearest field with a name of its own, beyond positions in lists. */
  readonly field: string;
  readonly of: string;
  readonly into: Set<string>;
}

function walk(value: unknown, { field, of, into }: Walk): void {
  if (typeof value !== 'object' || value === null) return;
  const { kind, namespace } = value as { readonly kind?: unknown; readonly namespace?: unknown };
  const where = typeof namespace === 'string' && field !== 'metadata' ? namespace : of;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') {
      const named = FIELDS[key] ?? (key === 'name' ? FIELDS[`${field}.name`] : undefined);
      if (named !== undefined)
        into.add(nameKey(NAMED_BY_KIND.has(field) && typeof kind === 'string' ? kind : named, where, inner));
    } else walk(inner, { field: Array.isArray(value) || /^\d+$/.test(key) ? field : key, of, into });
  }
}

/** References that say what kind they name. */
const NAMED_BY_KIND: ReadonlySet<string> = new Set(['issuerRef', 'roleRef', 'backendRefs', 'parentRefs']);

/** A JSON pointer and its value as the object that it would make. */
export function nested(pointer: string, value: unknown): unknown {
  return pointer
    .split('/')
    .slice(1)
    .toReversed()
    .reduce((inner: unknown, part) => ({ [part.replaceAll('~1', '/').replaceAll('~0', '~')]: inner }), value);
}
