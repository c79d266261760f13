/** Nodes, what runs on them, and the question whether one more pod fits: a what-if copy of a cluster for placements. */
import { namespacedName } from '../model/resource-ref.ts';
import type { Node, Pod } from '../model/kinds.ts';
import { compare } from '../model/order.ts';
import type { Labels } from '../model/selector.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import { allRefusals, firstRefusal, isPlain, PLACEMENT_FILTERS, problemIn, type Cycle } from './cycle.ts';
import { hasRoom } from './filters/node-capacity.ts';
import type { Refusal } from './filters/refusal.ts';
import { volumesOf } from './filters/volumes.ts';
import { nodeFacts, NodeLedger, type NodeState } from './node-state.ts';
import { namedNodes } from './node-terms.ts';
import { Company, PlacedCounts } from './placed-counts.ts';
import { isFinished } from './pod-owner.ts';
import { PodProfile } from './pod-profile.ts';
import type { Resources } from './resources.ts';
import { Selections } from './selections.ts';
import { Storage, type Reservations } from './storage.ts';

/** A node to add, with the pods it starts with (see `templateNode`). */
export interface NodeAddition {
  readonly node: Node;
  readonly pods?: readonly Pod[];
  /** Most volumes by CSI driver; without it the node's CSINode says. */
  readonly volumeLimits?: ReadonlyMap<string, number>;
}

/** Requests to assume for a pod instead of its own; what is left out stays. */
export type RequestChange = Partial<Resources>;

/** How to choose among the nodes that take a pod: spread load over nodes, or fill one after the other. */
export type NodeScore = 'least-allocated' | 'most-allocated';

/** What all worlds made from one snapshot share. */
interface Ground {
  readonly snapshot: ClusterSnapshot;
  readonly storage: Storage;
  readonly profiles: WeakMap<Pod, PodProfile>;
  readonly namespaceLabels: (namespace: string) => Labels;
}

/**
 * A set of nodes with pods placed on them. `place`, `remove` and `addNode` change it; every `with…` and `fork` gives another world
 * and leaves this one alone. Counts behind the filters are kept current, so that a placement costs one look at each node.
 */
export class SchedulingWorld {
  readonly #ground: Ground;
  /** By name. */
  readonly #nodes: NodeLedger[];
  readonly #byName: Map<string, NodeLedger>;
  readonly #changes: ReadonlyMap<string, RequestChange>;
  readonly #counts: PlacedCounts;
  readonly #selections = new Selections();
  /** Claim → number of pods that use it. */
  #claimUsers: Map<string, number> | undefined;
  /** Claim → free volume it was promised when its pod was placed. */
  readonly #reserved: Map<string, string>;
  #lastCycle: Cycle | undefined;

  /** Use {@link createWorld}. */
  constructor(
    ground: Ground,
    nodes: NodeLedger[],
    changes: ReadonlyMap<string, RequestChange>,
    reserved: Reservations,
  ) {
    this.#ground = ground;
    this.#reserved = new Map(reserved);
    this.#nodes = nodes;
    this.#byName = new Map(nodes.map((node) => [node.name, node]));
    this.#changes = changes;
    this.#counts = new PlacedCounts(nodes, ground.namespaceLabels);
  }

  get snapshot(): ClusterSnapshot {
    return this.#ground.snapshot;
  }

  /** Nodes by name. */
  get nodes(): readonly NodeState[] {
    return this.#nodes;
  }

  node(name: string): NodeState | undefined {
    return this.#byName.get(name);
  }

  /** What the pod asks for in this world. */
  requestsOf(pod: Pod): Resources {
    return this.#requests(this.#profile(pod));
  }

  /**
   * Puts a pod on a node, whether it fits or not, as a binding does.
   * @throws RangeError when there is no such node, or the pod is on it already
   */
  place(pod: Pod, nodeName: string): void {
    const node = this.#ledger(nodeName);
    const profile = this.#profile(pod);
    if (node.has(profile.key)) throw new RangeError(`pod ${profile.key}: is on node ${nodeName} already`);
    node.add(profile, this.#requests(profile));
    this.#note(profile, node, 1);
  }

  /**
   * Takes a pod off a node.
   * @throws RangeError when there is no such node, or the pod is not on it
   */
  remove(pod: Pod, nodeName: string): void {
    const node = this.#ledger(nodeName);
    const profile = this.#profile(pod);
    if (!node.has(profile.key)) throw new RangeError(`pod ${profile.key}: is not on node ${nodeName}`);
    node.delete(profile, this.#requests(profile));
    this.#note(profile, node, -1);
  }

  /** Why no node is even considered for a pod (its claims, its gates); `undefined` when nodes are. */
  problemOf(pod: Pod): string | undefined {
    return this.#cycle(pod).problem;
  }

  /** The first filter that refuses, as the scheduler reports it; `undefined` when the node takes the pod. */
  refusal(pod: Pod, nodeName: string): Refusal | undefined {
    return firstRefusal(this.#cycle(pod), this.#ledger(nodeName));
  }

  /** All filters that refuse, in the scheduler's order. */
  refusals(pod: Pod, nodeName: string): readonly Refusal[] {
    return allRefusals(this.#cycle(pod), this.#ledger(nodeName));
  }

  /**
   * The node with the best score among those that take the pod, other than `except`; ties go to the first by name.
   */
  bestNode(pod: Pod, score: NodeScore = 'least-allocated', except?: string): string | undefined {
    return this.#best(this.#cycle(pod), this.#nodes, score, except);
  }

  /** As {@link bestNode}, among some nodes; those that are not there are ignored. */
  bestAmong(pod: Pod, names: readonly string[]): string | undefined {
    const nodes = names
      .toSorted(compare)
      .map((name) => this.#byName.get(name))
      .filter((node) => node !== undefined);
    return this.#best(this.#cycle(pod), nodes, 'least-allocated');
  }

  /** Nodes that its selectors allow and that have room for a pod: until other pods leave, no other node will take it. */
  nodesWithRoom(pod: Pod): readonly string[] {
    const cycle = this.#cycle(pod);
    const isSelected = this.#selections.of(cycle, this.#nodes.length);
    return this.#nodes.filter((node) => hasRoom(cycle.requests, node) && isSelected(node)).map(({ name }) => name);
  }

  #best(cycle: Cycle, nodes: readonly NodeLedger[], score: NodeScore, except?: string): string | undefined {
    if (cycle.problem !== undefined) return undefined;
    const isSelected = this.#selections.of(cycle, this.#nodes.length);
    const sign = score === 'least-allocated' ? 1 : -1;
    let best: NodeLedger | undefined;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const node of nodes) {
      if (node.name === except || !hasRoom(cycle.requests, node) || !isSelected(node)) continue;
      const value = sign * freeShare(cycle.requests, node);
      if (
        value <= bestScore ||
        (!isPlain(cycle) && PLACEMENT_FILTERS.some((filter) => filter(cycle, node) !== undefined))
      )
        continue;
      best = node;
      bestScore = value;
    }
    return best?.name;
  }

  /** An independent copy. */
  fork(): SchedulingWorld {
    return this.#with(this.#nodes);
  }

  /**
   * With more nodes.
   * @throws RangeError when a name is taken
   */
  withNodes(additions: readonly NodeAddition[]): SchedulingWorld {
    const world = this.fork();
    for (const addition of additions) world.addNode(addition);
    return world;
  }

  /**
   * Puts one more node into this world, with its pods. What was counted stays: far cheaper than {@link withNodes} each time.
   * @throws RangeError when the name is taken
   */
  addNode({ node, pods = [], volumeLimits }: NodeAddition): void {
    const { name } = node.metadata;
    if (this.#byName.has(name)) throw new RangeError(`node ${name}: is in this world already`);
    const { storage } = this.#ground;
    const facts = nodeFacts(node, volumeLimits ?? storage.limitsOf(name));
    const fresh = new NodeLedger(facts, this.#nodes.length, storage);
    const before = this.#nodes.findLastIndex((other) => other.name < name);
    this.#nodes.splice(before + 1, 0, fresh);
    this.#byName.set(name, fresh);
    this.#selections.clear();
    this.#counts.addNode(fresh);
    this.#lastCycle = undefined;
    for (const pod of pods) this.place(pod, name);
  }

  /** Without some nodes and the pods on them; names that are not there are ignored. */
  withoutNodes(names: Iterable<string>): SchedulingWorld {
    const gone = new Set(names);
    return this.#with(this.#nodes.filter((node) => !gone.has(node.name)));
  }

  /**
   * With other requests for some pods, placed or not.
   * @param changes pod (`namespace/name`) → requests; added to earlier changes
   */
  withRequests(changes: ReadonlyMap<string, RequestChange>): SchedulingWorld {
    const merged = new Map(this.#changes);
    for (const [key, change] of changes) merged.set(key, { ...merged.get(key), ...change });
    const world = this.#with(this.#nodes, merged);
    for (const node of world.#nodes) {
      for (const profile of node.pods) {
        if (!changes.has(profile.key)) continue;
        node.delete(profile, this.#requests(profile));
        node.add(profile, world.#requests(profile));
      }
    }
    return world;
  }

  #with(nodes: readonly NodeLedger[], changes = this.#changes): SchedulingWorld {
    const ordered = nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return new SchedulingWorld(
      this.#ground,
      ordered.map((node, index) => node.fork(index)),
      changes,
      this.#reserved,
    );
  }

  #ledger(name: string): NodeLedger {
    const node = this.#byName.get(name);
    if (node === undefined) throw new RangeError(`node ${name}: is not in this world`);
    return node;
  }

  #profile(pod: Pod): PodProfile {
    return profileIn(this.#ground, pod);
  }

  #requests(profile: PodProfile): Resources {
    if (this.#changes.size === 0) return profile.requests;
    const change = this.#changes.get(profile.key);
    return change === undefined ? profile.requests : { ...profile.requests, ...change };
  }

  #note(profile: PodProfile, node: NodeLedger, by: 1 | -1): void {
    this.#lastCycle = undefined;
    this.#counts.change(profile, node, by);
    if (this.#claimUsers !== undefined) noteClaims(this.#claimUsers, profile, by);
    if (profile.claims.length > 0) this.#reserve(profile, node, by);
  }

  /** Two pods cannot bind one volume: what a placed pod's claims would take is kept for them until it goes. */
  #reserve(profile: PodProfile, node: NodeLedger, by: 1 | -1): void {
    const { storage } = this.#ground;
    const { delayed } = volumesOf(profile, storage) ?? { delayed: [] };
    const found = by === 1 ? storage.bind(delayed, node.name, node.labels, this.#reserved) : undefined;
    for (const [claim, volume] of found ?? []) this.#reserved.set(claim, volume);
    if (by === -1) for (const { claim } of delayed) this.#reserved.delete(namespacedName(claim));
  }

  /** Nothing changes between two questions about one pod, so its cycle is kept until the next placement. */
  #cycle(pod: Pod): Cycle {
    if (this.#lastCycle?.profile.pod === pod) return this.#lastCycle;
    const profile = this.#profile(pod);
    const { storage } = this.#ground;
    const volumes = volumesOf(profile, storage);
    const named = namedNodes(profile.nodeTerms);
    return (this.#lastCycle = {
      profile,
      requests: this.#requests(profile),
      problem: problemIn(profile, named, volumes),
      named,
      volumes,
      exclusiveTaken: volumes !== undefined && volumes.exclusive.some((claim) => (this.#users().get(claim) ?? 0) > 0),
      company: new Company(this.#counts, profile),
      storage,
      reserved: this.#reserved,
    });
  }

  #users(): ReadonlyMap<string, number> {
    if (this.#claimUsers === undefined) {
      this.#claimUsers = new Map();
      for (const node of this.#nodes) for (const pod of node.eachPod()) noteClaims(this.#claimUsers, pod, 1);
    }
    return this.#claimUsers;
  }
}

/**
 * The world as a snapshot shows it: every pod that has a node and is not finished stands on it. Linear in pods. What is read of pods is kept
 * in `profiles`, for the next world.
 */
export function createWorld(
  snapshot: ClusterSnapshot,
  profiles: WeakMap<Pod, PodProfile> = new WeakMap(),
): SchedulingWorld {
  const ground: Ground = {
    snapshot,
    storage: new Storage(snapshot),
    profiles,
    namespaceLabels: namespaceLabelsOf(snapshot),
  };
  const ordered = snapshot.list('Node').toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const nodes = ordered.map(
    (node, index) =>
      new NodeLedger(nodeFacts(node, ground.storage.limitsOf(node.metadata.name)), index, ground.storage),
  );
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const pod of snapshot.list('Pod')) {
    const node = byName.get(pod.spec?.nodeName ?? '');
    if (node === undefined || isFinished(pod)) continue;
    const profile = profileIn(ground, pod);
    node.add(profile, profile.requests);
  }
  return new SchedulingWorld(ground, nodes, new Map(), new Map());
}

/** Each node of a snapshot with what its pods request. */
export function nodeStatesOf(snapshot: ClusterSnapshot): readonly NodeState[] {
  return createWorld(snapshot).nodes;
}

/** Kubernetes' reasons why a node does not take a pod, at most one filter's; empty when it does. */
export function filterNode(pod: Pod, nodeName: string, world: SchedulingWorld): readonly string[] {
  const problem = world.problemOf(pod);
  return problem === undefined ? (world.refusal(pod, nodeName)?.reasons ?? []) : [problem];
}

/** Labels of a namespace; the one that the API server sets is there even where the Namespace was not read. */
function namespaceLabelsOf(snapshot: ClusterSnapshot): (name: string) => Labels {
  const known = new Map<string, Labels>();
  return (name) => {
    const labels = known.get(name) ?? {
      'kubernetes.io/metadata.name': name,
      ...snapshot.get('Namespace', '', name)?.metadata.labels,
    };
    known.set(name, labels);
    return labels;
  };
}

function profileIn({ profiles }: Ground, pod: Pod): PodProfile {
  const known = profiles.get(pod);
  if (known !== undefined) return known;
  const profile = new PodProfile(pod);
  profiles.set(pod, profile);
  return profile;
}

/** Mean of the shares of CPU and memory that would be left free. */
function freeShare(
  { cpuMillis, memoryBytes }: Resources,
  { allocatable, usedCpuMillis, usedMemoryBytes }: NodeLedger,
): number {
  const cpu =
    allocatable.cpuMillis === 0 ? 0 : (allocatable.cpuMillis - usedCpuMillis - cpuMillis) / allocatable.cpuMillis;
  const memory =
    allocatable.memoryBytes === 0
      ? 0
      : (allocatable.memoryBytes - usedMemoryBytes - memoryBytes) / allocatable.memoryBytes;
  return (cpu + memory) / 2;
}

function noteClaims(users: Map<string, number>, { claims, namespace }: PodProfile, by: 1 | -1): void {
  for (const { name } of claims) {
    const key = `${namespace}/${name}`;
    users.set(key, (users.get(key) ?? 0) + by);
  }
}
