/** The immutable, indexed picture of a cluster at one moment. */
import type { CloudSnapshot } from '../cloud/cloud.ts';
import type { CustomKindMap } from '../model/custom-kinds.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { KIND_GROUPS, type Event, type KindMap } from '../model/kinds.ts';
import type { ResourceRef } from '../model/resource-ref.ts';
import { matchesLabels, matchesSelector, type Labels, type LabelSelector } from '../model/selector.ts';
import type { UsageHistory } from '../usage/usage.ts';
import type { CertificateFacts, UnreadableCertificate } from './certificate.ts';
import type { EndpointProbeResult } from './endpoint.ts';
import {
  controllingReference,
  isAbout,
  isSame,
  ownerGroup,
  refersTo,
  TEMPLATE_HASHES,
  type OwnerReference,
} from './owner-reference.ts';
import type { RedactionCounts } from './redact.ts';
import { involvedKey, nameKey, SnapshotIndex } from './snapshot-index.ts';

/** Something that was not there to read, and what cannot be judged without it. Lowers confidence; is never silence. */
export interface MissingInput {
  /** Stable name, for example `events`, `usage-history`, `quotas`, `kind:apps/Deployment`. */
  readonly input: string;
  /** Why: not in the dump, forbidden, timed out. */
  readonly reason: string;
  /** What is not known therefore. */
  readonly consequence: string;
}

/** Something unreadable in the input, with its place; the rest was read. */
export interface InputProblem {
  /** File (and path inside an archive) or URL path. */
  readonly source: string;
  /** Line, item or field, as exact as known: `line 12, column 4`, `items[3].spec.containers[0].env`. */
  readonly place: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** Last lines of one container's log. */
export interface ContainerLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Whether it is the log of the instance before the running one. */
  readonly previous: boolean;
  /** Oldest first, redacted. */
  readonly lines: readonly string[];
}

/** Everything a snapshot is made from; also its serialised form. */
export interface SnapshotParts {
  readonly source: { readonly kind: 'dump' | 'live' | 'simulated' | 'example'; readonly name: string };
  /** Epoch milliseconds of the observation; all ages are counted from here, so that old dumps judge as they did then. */
  readonly observedAt: number;
  /** Version of the API server, for example `v1.33.4-gke.1036000`; `undefined` when unknown. */
  readonly serverVersion: string | undefined;
  /** Admitted objects; see `admit`. */
  readonly objects: readonly KubeObject[];
  readonly cloud: CloudSnapshot;
  readonly usage: UsageHistory;
  readonly certificates: readonly CertificateFacts[];
  /** Places that should hold a certificate and hold none. */
  readonly unreadableCertificates: readonly UnreadableCertificate[];
  /** Answers of probed HTTP endpoints; empty when none was asked. */
  readonly endpoints: readonly EndpointProbeResult[];
  readonly logs: readonly ContainerLog[];
  readonly missing: readonly MissingInput[];
  readonly problems: readonly InputProblem[];
  readonly redactions: RedactionCounts;
}

/** A snapshot's objects by kind, namespace, owner, labels and involved object. Indexes are built once, on first use. */
export interface ClusterSnapshot extends SnapshotParts {
  /** Objects of a built-in kind, in input order. */
  list<K extends keyof KindMap>(kind: K): readonly KindMap[K][];
  /** Objects of a built-in kind in one namespace. */
  listIn<K extends keyof KindMap>(kind: K, namespace: string): readonly KindMap[K][];
  /** Objects of a kind beside the core API that is read with types, by `group/Kind`. */
  listCustom<K extends keyof CustomKindMap>(key: K): readonly CustomKindMap[K][];
  /** Objects of any group and kind. */
  listOf(group: string, kind: string): readonly KubeObject[];
  /** One object of a built-in kind; `namespace` is `''` for cluster-scoped kinds. */
  get<K extends keyof KindMap>(kind: K, namespace: string, name: string): KindMap[K] | undefined;
  /** The object a reference names, by name (the uid is not compared). */
  resolve(ref: ResourceRef): KubeObject | undefined;
  byUid(uid: string): KubeObject | undefined;
  /** Objects whose `ownerReferences` name `owner`; an object of the same name with another uid is somebody else. */
  ownedBy(owner: KubeObject): readonly KubeObject[];
  /** The controlling owner (the first, when none controls), when it is in the snapshot. */
  ownerOf(object: KubeObject): KubeObject | undefined;
  /** All owners that are in the snapshot, in the order of the references. */
  ownersOf(object: KubeObject): readonly KubeObject[];
  /**
   * The topmost controlling owner, or the object itself: the workload a pod belongs to. Where the ReplicaSet between was not read, the
   * pod's template hash still leads to the Deployment. Of a controller of Kubernetes' own that was not read at all the pod still tells the
   * name; it is then an object without a spec that `get` does not find.
   */
  rootOwnerOf(object: KubeObject): KubeObject;
  /** Objects of a kind in a namespace that carry all the labels; an empty map gives all. */
  withLabels<K extends keyof KindMap>(kind: K, namespace: string, labels: Labels): readonly KindMap[K][];
  /** Events about an object, newest first; those of an earlier object of the same name are left out. */
  eventsOf(object: KubeObject): readonly Event[];
  /** Group and kind of everything present, with how many. */
  kinds(): ReadonlyMap<string, number>;
}

/** Builds the snapshot; `parts.objects` must be admitted and free of duplicates (see `SnapshotBuilder`). */
export function createSnapshot(parts: SnapshotParts): ClusterSnapshot {
  return Object.freeze(new IndexedSnapshot(parts));
}

class IndexedSnapshot implements ClusterSnapshot {
  readonly source: SnapshotParts['source'];
  readonly observedAt: number;
  readonly serverVersion: string | undefined;
  readonly objects: readonly KubeObject[];
  readonly cloud: CloudSnapshot;
  readonly usage: UsageHistory;
  readonly certificates: readonly CertificateFacts[];
  readonly unreadableCertificates: readonly UnreadableCertificate[];
  readonly endpoints: readonly EndpointProbeResult[];
  readonly logs: readonly ContainerLog[];
  readonly missing: readonly MissingInput[];
  readonly problems: readonly InputProblem[];
  readonly redactions: RedactionCounts;
  readonly #index = new SnapshotIndex();
  readonly #tops = new Map<KubeObject, KubeObject>();
  readonly #named = new Map<string, KubeObject>();

  constructor(parts: SnapshotParts) {
    this.source = parts.source;
    this.observedAt = parts.observedAt;
    this.serverVersion = parts.serverVersion;
    this.objects = Object.freeze(parts.objects);
    this.cloud = parts.cloud;
    this.usage = parts.usage;
    this.certificates = parts.certificates;
    this.unreadableCertificates = parts.unreadableCertificates;
    this.endpoints = parts.endpoints;
    this.logs = parts.logs;
    this.missing = parts.missing;
    this.problems = parts.problems;
    this.redactions = parts.redactions;
  }

  list<K extends keyof KindMap>(kind: K): readonly KindMap[K][] {
    return this.listOf(KIND_GROUPS[kind], kind) as unknown as readonly KindMap[K][];
  }

  listIn<K extends keyof KindMap>(kind: K, namespace: string): readonly KindMap[K][] {
    return (this.#index.byNamespace(this.objects, KIND_GROUPS[kind], kind).get(namespace) ??
      EMPTY) as unknown as readonly KindMap[K][];
  }

  listCustom<K extends keyof CustomKindMap>(key: K): readonly CustomKindMap[K][] {
    return (this.#index.byKind(this.objects).get(key) ?? EMPTY) as unknown as readonly CustomKindMap[K][];
  }

  listOf(group: string, kind: string): readonly KubeObject[] {
    return this.#index.byKind(this.objects).get(`${group}/${kind}`) ?? EMPTY;
  }

  get<K extends keyof KindMap>(kind: K, namespace: string, name: string): KindMap[K] | undefined {
    return this.resolve({ group: KIND_GROUPS[kind], kind, namespace, name }) as unknown as KindMap[K] | undefined;
  }

  resolve(ref: ResourceRef): KubeObject | undefined {
    return this.#index.byName(this.objects, ref.group, ref.kind).get(ref.namespace)?.get(ref.name);
  }

  byUid(uid: string): KubeObject | undefined {
    return this.#index.byUid(this.objects).get(uid);
  }

  ownedBy(owner: KubeObject): readonly KubeObject[] {
    const { namespace, name } = owner.metadata;
    const owners = this.#index.byOwner(this.objects, namespace === undefined);
    const owned = owners.get(namespace ?? '')?.get(name);
    return owned === undefined ? EMPTY : owned.filter((object) => refersTo(object, owner));
  }

  ownerOf(object: KubeObject): KubeObject | undefined {
    const reference = controllingReference(object);
    return reference === undefined ? undefined : this.#owner(object, reference);
  }

  ownersOf(object: KubeObject): readonly KubeObject[] {
    return (object.metadata.ownerReferences ?? []).flatMap((reference) => this.#owner(object, reference) ?? []);
  }

  #owner(object: KubeObject, reference: OwnerReference): KubeObject | undefined {
    const { namespace = '' } = object.metadata;
    const { kind, name } = reference;
    const group = ownerGroup(reference);
    // Owners live in the object's namespace or in none; Kubernetes collects objects that name others.
    const owner = this.resolve({ group, kind, namespace, name }) ?? this.resolve({ group, kind, namespace: '', name });
    return owner !== undefined && isSame(owner.metadata.uid, reference.uid) ? owner : undefined;
  }

  rootOwnerOf(object: KubeObject): KubeObject {
    const owner = this.ownerOf(object) ?? this.#ownerBeyond(object) ?? this.#ownerByName(object);
    if (owner === undefined || owner.kind === 'Node') return object;
    // Thousands of pods share one owner.
    const known = this.#tops.get(owner);
    if (known !== undefined) return known;
    const top = this.#topOf(owner);
    this.#tops.set(owner, top);
    return top;
  }

  #topOf(object: KubeObject): KubeObject {
    let top = object;
    // Ownership is a tree in Kubernetes; the bound is for dumps that say otherwise.
    for (let depth = 0; depth < 8; depth++) {
      const owner = this.ownerOf(top) ?? this.#ownerBeyond(top);
      if (owner === undefined || owner.kind === 'Node') break;
      top = owner;
    }
    return top;
  }

  /** The maker of a ReplicaSet that is not in the snapshot, by the hash that both put into names and labels. */
  #ownerBeyond(object: KubeObject): KubeObject | undefined {
    const { namespace = '', labels = {} } = object.metadata;
    const set = controllingReference(object);
    if (set?.kind !== 'ReplicaSet' || this.get('ReplicaSet', namespace, set.name) !== undefined) return undefined;
    for (const { label, group, kind } of TEMPLATE_HASHES) {
      const suffix = `-${labels[label] ?? ''}`;
      if (suffix === '-' || !set.name.endsWith(suffix)) continue;
      const owner = this.resolve({ group, kind, namespace, name: set.name.slice(0, -suffix.length) });
      const { selector } = ((owner as { spec?: unknown } | undefined)?.spec ?? {}) as { selector?: LabelSelector };
      if (owner !== undefined && (kind !== 'Deployment' || matchesSelector(selector, labels))) return owner;
    }
    return undefined;
  }

  /** Of a controller that was not read, what its pod says: one for all its pods, with a name and nothing else. One of that name is another. */
  #ownerByName({
    kind,
    metadata: { namespace = '', labels = {}, ownerReferences },
  }: KubeObject): KubeObject | undefined {
    const set = kind === 'Pod' ? ownerReferences?.find(({ controller }) => controller === true) : undefined;
    if (set?.name === undefined || !/^(?:apps|batch)\/|^extensions\//.test(set.apiVersion ?? '')) return undefined;
    const hash = `-${labels[TEMPLATE_HASHES[0].label] ?? ''}`;
    const isOfDeployment = set.kind === 'ReplicaSet' && hash !== '-' && set.name.endsWith(hash);
    const named = isOfDeployment
      ? { kind: 'Deployment', name: set.name.slice(0, -hash.length) }
      : { kind: set.kind, name: set.name };
    const isOther = [set, named].some(({ kind: one, name }) =>
      this.resolve({ group: ownerGroup(set), kind: one, namespace, name }),
    );
    if (isOther) return undefined;
    const key = `${named.kind}/${namespace}/${named.name}`;
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const apiVersion = ownerGroup(set) === 'batch' ? 'batch/v1' : 'apps/v1';
    const owner: KubeObject = { apiVersion, kind: named.kind, metadata: { name: named.name, namespace } };
    this.#named.set(key, owner);
    return owner;
  }

  withLabels<K extends keyof KindMap>(kind: K, namespace: string, labels: Labels): readonly KindMap[K][] {
    const first = Object.entries(labels)[0];
    if (first === undefined) return this.listIn(kind, namespace);
    const [label, value] = first;
    const candidates =
      this.#index.byLabel(this.objects, KIND_GROUPS[kind], kind, label).get(nameKey(namespace, value)) ?? EMPTY;
    return candidates.filter((object) =>
      matchesLabels(labels, object.metadata.labels),
    ) as unknown as readonly KindMap[K][];
  }

  eventsOf(object: KubeObject): readonly Event[] {
    const { namespace = '', name } = object.metadata;
    const events = this.#index.byInvolved(this.list('Event')).get(involvedKey(object.kind, namespace, name)) ?? [];
    return events.every((event) => isAbout(event, object)) ? events : events.filter((event) => isAbout(event, object));
  }

  kinds(): ReadonlyMap<string, number> {
    return new Map([...this.#index.byKind(this.objects)].map(([kind, objects]) => [kind, objects.length]));
  }
}

const EMPTY: readonly KubeObject[] = Object.freeze([]);
