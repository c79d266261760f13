/** Puts a recorded cluster into a simulated one, as it was. */
import { groupOf, type KubeObject } from '../../model/kube-object.ts';
import { compare } from '../../model/order.ts';
import { objectKey } from '../../model/resource-ref.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { NAMESPACES } from '../api/built-in-types.ts';
import { resourceType, type ResourceType } from '../api/resource-type.ts';
import type { ResourceTypes } from '../api/resource-types.ts';
import { SYSTEM_NAMESPACES } from '../control-plane/system-objects.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { timestamp } from '../clock/virtual-clock.ts';

/** Computed by a metrics server from what runs, and stored by nobody. */
const COMPUTED: ReadonlySet<string> = new Set(['metrics.k8s.io/PodMetrics', 'metrics.k8s.io/NodeMetrics']);

/**
 * Fills a store with a snapshot's objects. Kinds that the server does not know become types of their own, named by their
 * CustomResourceDefinition where it is there. Namespaces that only objects tell of are made, and those that every cluster has.
 */
export function loadSnapshot(snapshot: ClusterSnapshot, store: ObjectStore, types: ResourceTypes): void {
  const plurals = pluralsOf(snapshot);
  // What comes first is worked on first, and that is not to depend on how the record was read.
  const keyed = snapshot.objects
    .filter((object) => !COMPUTED.has(kindOf(object)))
    .map((object) => ({ object, key: objectKey(object) }))
    .sort((a, b) => compare(a.key, b.key));
  const loaded = keyed.map(({ object }): readonly [ResourceType, KubeObject] => [
    typeOf(object, types, plurals),
    object,
  ]);
  store.load([...untoldNamespaces(snapshot), ...loaded]);
}

function typeOf(object: KubeObject, types: ResourceTypes, plurals: ReadonlyMap<string, string>): ResourceType {
  const known = types.of(object);
  if (known !== undefined) return known;
  const plural = plurals.get(kindOf(object)) ?? pluralOf(object.kind);
  const type = resourceType(object.apiVersion, object.kind, plural, {
    namespaced: object.metadata.namespace !== undefined,
  });
  types.add(type);
  return type;
}

function kindOf({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

function pluralsOf(snapshot: ClusterSnapshot): ReadonlyMap<string, string> {
  const plurals = new Map<string, string>();
  for (const definition of snapshot.listOf('apiextensions.k8s.io', 'CustomResourceDefinition')) {
    const { group, names } = ((definition as { spec?: unknown }).spec ?? {}) as {
      readonly group?: string;
      readonly names?: { readonly kind?: string; readonly plural?: string };
    };
    if (names?.kind !== undefined && names.plural !== undefined)
      plurals.set(`${group ?? ''}/${names.kind}`, names.plural);
  }
  return plurals;
}

/** As English and code generators for Kubernetes make them. */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

function untoldNamespaces(snapshot: ClusterSnapshot): readonly (readonly [ResourceType, KubeObject])[] {
  const told = new Set(snapshot.list('Namespace').map(({ metadata }) => metadata.name));
  const named = new Set([
    ...SYSTEM_NAMESPACES,
    ...snapshot.objects.map(({ metadata }) => metadata.namespace).filter((name) => name !== undefined),
  ]);
  return [...named]
    .filter((name) => !told.has(name))
    .sort()
    .map((name) => [NAMESPACES, namespace(name, snapshot.observedAt)] as const);
}

function namespace(name: string, at: number): KubeObject {
  const metadata = { name, creationTimestamp: timestamp(at), labels: { 'kubernetes.io/metadata.name': name } };
  return {
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata },
    ...{ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
  };
}
