/** The resources of a snapshot joined by relations: what an object depends on, and what depends on it. */
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { refKey, refOf, type ResourceRef } from '../model/resource-ref.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import type { Relation, RelationRule } from './relation.ts';
import { RELATION_RULES } from './relation-rules.ts';

/** Relations in both directions. The reverse direction is indexed rule by rule, when a question needs the rule. */
export interface Topology {
  readonly snapshot: ClusterSnapshot;
  /** What an object relates to, rule by rule. Targets need not exist. */
  relationsOf(object: KubeObject): readonly Relation[];
  /** What relates to a resource, which need not exist itself. */
  dependantsOf(ref: ResourceRef): readonly Relation[];
}

/** How to walk a topology. */
export interface ReachOptions {
  /** Most relations between the start and what is found (default 8). */
  readonly depth?: number;
  /** `dependants` (default): what suffers when the start is in trouble; `dependencies`: what it stands on. */
  readonly direction?: 'dependants' | 'dependencies';
}

/** One resource that was reached. */
export interface Reached {
  readonly ref: ResourceRef;
  /** Relations walked, at least 1. */
  readonly distance: number;
  /** The relation over which it was reached first. */
  readonly over: Relation;
}

/** The whole graph of a snapshot, built as it is asked for. */
export function createTopology(snapshot: ClusterSnapshot): Topology {
  return new IndexedTopology(snapshot);
}

/** What an object relates to, without an index. */
export function relationsOf(snapshot: ClusterSnapshot, object: KubeObject): readonly Relation[] {
  return rulesFrom(`${groupOf(object.apiVersion)}/${object.kind}`).flatMap((rule) =>
    relationsBy(rule, object, snapshot),
  );
}

/** What relates to a resource. */
export function dependantsOf(topology: Topology, ref: ResourceRef): readonly Relation[] {
  return topology.dependantsOf(ref);
}

/**
 * The blast radius of a resource: everything that suffers with it, nearest first, ties by identity. Optional references
 * and relations that carry no trouble (a NetworkPolicy's, a budget's) end there.
 */
export function reach(
  topology: Topology,
  start: ResourceRef,
  { depth = 8, direction = 'dependants' }: ReachOptions = {},
): readonly Reached[] {
  const seen = new Set([refKey(start)]);
  const found: Reached[] = [];
  let edge: readonly ResourceRef[] = [start];
  for (let distance = 1; distance <= depth && edge.length > 0; distance++) {
    const ring: Reached[] = [];
    for (const over of edge.flatMap((ref) => stepsFrom(topology, ref, direction))) {
      const ref = direction === 'dependants' ? over.from : over.to;
      if (over.optional || !SUFFERING.has(over.name) || seen.has(refKey(ref))) continue;
      seen.add(refKey(ref));
      ring.push({ ref, distance, over });
    }
    ring.sort((a, b) => (refKey(a.ref) < refKey(b.ref) ? -1 : 1));
    found.push(...ring);
    edge = ring.map(({ ref }) => ref);
  }
  return found;
}

const SUFFERING: ReadonlySet<string> = new Set(RELATION_RULES.filter(({ suffers }) => suffers).map(({ name }) => name));

function stepsFrom(
  topology: Topology,
  ref: ResourceRef,
  direction: 'dependants' | 'dependencies',
): readonly Relation[] {
  if (direction === 'dependants') return topology.dependantsOf(ref);
  const object = topology.snapshot.resolve(ref);
  return object === undefined ? [] : topology.relationsOf(object);
}

class IndexedTopology implements Topology {
  readonly snapshot: ClusterSnapshot;
  /** Rule → target → relations. */
  readonly #reverse = new Map<RelationRule, ReadonlyMap<string, readonly Relation[]>>();

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot;
  }

  relationsOf(object: KubeObject): readonly Relation[] {
    return relationsOf(this.snapshot, object);
  }

  dependantsOf(ref: ResourceRef): readonly Relation[] {
    const key = refKey(ref);
    const owners = ownersOf(this.snapshot, ref);
    const others = RELATION_RULES.filter((rule) => rule.name !== 'owns' && leadsTo(rule, ref.kind));
    return [...owners, ...others.flatMap((rule) => this.#index(rule).get(key) ?? [])];
  }

  #index(rule: RelationRule): ReadonlyMap<string, readonly Relation[]> {
    const known = this.#reverse.get(rule);
    if (known !== undefined) return known;
    const index = new Map<string, Relation[]>();
    const slash = rule.from.indexOf('/');
    for (const object of this.snapshot.listOf(rule.from.slice(0, slash), rule.from.slice(slash + 1))) {
      for (const relation of relationsBy(rule, object, this.snapshot)) append(index, refKey(relation.to), relation);
    }
    this.#reverse.set(rule, index);
    return index;
  }
}

/** An object names its owners itself, so this direction needs no index. Owners without an object are left out. */
function ownersOf(snapshot: ClusterSnapshot, ref: ResourceRef): readonly Relation[] {
  const object = snapshot.resolve(ref);
  const owners = object === undefined ? [] : snapshot.ownersOf(object);
  const to = object === undefined ? ref : refOf(object);
  return owners.map((owner) => ({
    name: 'owns',
    from: refOf(owner),
    to,
    path: 'metadata.ownerReferences',
    optional: false,
    keys: [],
  }));
}

const rulesByKind = new Map<string, readonly RelationRule[]>();
/** Kinds come from input, so only kinds with rules of their own are remembered. */
const KNOWN_KINDS: ReadonlySet<string> = new Set(RELATION_RULES.map(({ from }) => from));
const FOR_ALL = RELATION_RULES.filter(({ from }) => from === '*');

function rulesFrom(kind: string): readonly RelationRule[] {
  if (!KNOWN_KINDS.has(kind)) return FOR_ALL;
  const known = rulesByKind.get(kind) ?? RELATION_RULES.filter(({ from }) => from === '*' || from === kind);
  rulesByKind.set(kind, known);
  return known;
}

function leadsTo({ to }: RelationRule, kind: string): boolean {
  return to.includes('*') || to.includes(kind);
}

function relationsBy(
  { name, targets }: RelationRule,
  object: KubeObject,
  snapshot: ClusterSnapshot,
): readonly Relation[] {
  const found = targets(object, snapshot);
  if (found.length === 0) return NOTHING;
  const from = refOf(object);
  return found.map((reference) => ({ name, from, ...reference }));
}

const NOTHING: readonly Relation[] = [];

function append(index: Map<string, Relation[]>, key: string, relation: Relation): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [relation]);
  else known.push(relation);
}
