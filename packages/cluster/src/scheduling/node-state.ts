/** A node with what runs on it and what is left. */
import type { Node } from '../model/kinds.ts';
import type { Labels } from '../model/selector.ts';
import type { HostPort, PodProfile, PodTraits } from './pod-profile.ts';
import { resourcesOf, type Resources } from './resources.ts';
import type { Storage } from './storage.ts';

/** A node as of one moment of a scheduling world. */
export interface NodeState {
  readonly node: Node;
  readonly name: string;
  /** `status.allocatable`, or capacity where a node publishes no allocatable. */
  readonly allocatable: Resources;
  /** Sum of the requests of its pods. */
  readonly requested: Resources;
  readonly podCount: number;
  /** How many pods it takes. */
  readonly podLimit: number;
  /** Pods that are assigned to it and not finished. */
  readonly pods: readonly PodProfile[];
  /** Ports its pods take on it. */
  readonly hostPorts: readonly HostPort[];
  /** Attached volumes by CSI driver. */
  readonly volumes: ReadonlyMap<string, number>;
  /** Most volumes by CSI driver, where its CSINode says so. */
  readonly volumeLimits: ReadonlyMap<string, number>;
}

/** A sum over the pods of a node. */
interface ScoredSum {
  cpuMillis: number;
  memoryBytes: number;
}

const NO_LABELS: Labels = {};

/** What does not change about a node. */
export interface NodeFacts extends Pick<NodeState, 'node' | 'name' | 'allocatable' | 'podLimit' | 'volumeLimits'> {
  readonly labels: Labels;
}

/** Reads a node; the pod limit is kept apart from the other resources. */
export function nodeFacts(node: Node, volumeLimits: ReadonlyMap<string, number>): NodeFacts {
  const { allocatable, capacity } = node.status ?? {};
  const { cpuMillis, memoryBytes, others } = resourcesOf(allocatable ?? capacity);
  const rest = new Map(others);
  rest.delete('pods');
  return {
    node,
    name: node.metadata.name,
    labels: node.metadata.labels ?? NO_LABELS,
    allocatable: { cpuMillis, memoryBytes, others: rest },
    podLimit: others.get('pods') ?? 0,
    volumeLimits,
  };
}

/**
 * The changing form of {@link NodeState}, owned by one world. Numbers are plain fields, because a placement looks at
 * every node; ports and volumes are counted when first asked for, because few pods have any.
 */
export class NodeLedger implements NodeState {
  /** Number in its world, from 0 and without gaps. */
  index: number;
  /** Grows with everything that changes about the node. */
  version = 1;
  usedCpuMillis = 0;
  usedMemoryBytes = 0;
  podCount = 0;
  #facts: NodeFacts;
  #scored: ScoredSum | undefined;
  #usedOthers: Map<string, number> | undefined;
  /** In the order they came, until somebody asks for one of them: the keys of all pods of a cluster are dear, and few are asked for. */
  #pods: PodProfile[] | Map<string, PodProfile> = [];
  /** Whether a fork reads the same maps, so that they must be copied before the next change. */
  #shared = false;
  #ports: Map<string, HostPort[]> | undefined;
  #attached: Map<string, Map<string, number>> | undefined;
  readonly #storage: Storage;

  constructor(facts: NodeFacts, index: number, storage: Storage) {
    this.#facts = facts;
    this.index = index;
    this.#storage = storage;
  }

  get node(): Node {
    return this.#facts.node;
  }

  get name(): string {
    return this.#facts.name;
  }

  get labels(): Labels {
    return this.#facts.labels;
  }

  get allocatable(): Resources {
    return this.#facts.allocatable;
  }

  get podLimit(): number {
    return this.#facts.podLimit;
  }

  get volumeLimits(): ReadonlyMap<string, number> {
    return this.#facts.volumeLimits;
  }

  /** Takes note of what changed about the node itself; its pods stay. */
  renew(facts: NodeFacts): void {
    this.#facts = facts;
    this.version++;
  }

  /** Takes note that claims or volumes changed. */
  forgetAttachments(): void {
    this.#attached = undefined;
    this.version++;
  }

  /** The same state at another position, changing independently from here on. */
  fork(index: number): NodeLedger {
    const copy = new NodeLedger(this.#facts, index, this.#storage);
    copy.usedCpuMillis = this.usedCpuMillis;
    copy.usedMemoryBytes = this.usedMemoryBytes;
    copy.podCount = this.podCount;
    copy.#usedOthers = this.#usedOthers;
    copy.#pods = this.#pods;
    copy.#shared = this.#shared = true;
    return copy;
  }

  get requested(): Resources {
    return { cpuMillis: this.usedCpuMillis, memoryBytes: this.usedMemoryBytes, others: new Map(this.#usedOthers) };
  }

  get pods(): readonly PodProfile[] {
    return [...this.eachPod()];
  }

  get hostPorts(): readonly HostPort[] {
    return [...this.#takenPorts().values()].flat();
  }

  get volumes(): ReadonlyMap<string, number> {
    return new Map([...this.attached()].map(([driver, ids]) => [driver, ids.size]));
  }

  /** What its pods request as scores count it: with defaults for containers that request nothing. */
  get scored(): Readonly<ScoredSum> {
    if (this.#scored === undefined) {
      this.#scored = { cpuMillis: 0, memoryBytes: 0 };
      for (const { traits } of this.eachPod()) addScored(this.#scored, traits, 1);
    }
    return this.#scored;
  }

  /** Without the copy that {@link pods} makes. */
  eachPod(): Iterable<PodProfile> {
    return this.#pods.values();
  }

  has(key: string): boolean {
    return this.#keyed().has(key);
  }

  used(resource: string): number {
    return this.#usedOthers?.get(resource) ?? 0;
  }

  /** Ports taken under `protocol/number`. */
  portsAt(port: HostPort): readonly HostPort[] | undefined {
    return this.#takenPorts().get(portKey(port));
  }

  /** Volumes by driver, each with how many pods use it. */
  attached(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    if (this.#attached === undefined) {
      this.#attached = new Map();
      for (const pod of this.eachPod()) this.#attach(pod, 1);
    }
    return this.#attached;
  }

  /** Puts a pod here that was not. */
  add(pod: PodProfile, requests: Resources): void {
    this.#own();
    if (Array.isArray(this.#pods)) this.#pods.push(pod);
    else this.#pods.set(pod.key, pod);
    this.#count(pod, requests, 1);
    if (this.#ports !== undefined) this.#take(pod);
    if (this.#attached !== undefined) this.#attach(pod, 1);
  }

  /** Takes a pod away that was here. */
  delete(pod: PodProfile, requests: Resources): void {
    this.#own();
    this.#keyed().delete(pod.key);
    this.#count(pod, requests, -1);
    if (pod.hostPorts.length > 0) this.#ports = undefined;
    if (this.#attached !== undefined) this.#attach(pod, -1);
  }

  #own(): void {
    if (!this.#shared) return;
    this.#pods = Array.isArray(this.#pods) ? [...this.#pods] : new Map(this.#pods);
    if (this.#usedOthers !== undefined) this.#usedOthers = new Map(this.#usedOthers);
    this.#shared = false;
  }

  #keyed(): Map<string, PodProfile> {
    if (Array.isArray(this.#pods)) this.#pods = new Map(this.#pods.map((pod) => [pod.key, pod]));
    return this.#pods;
  }

  #count({ traits }: PodProfile, { cpuMillis, memoryBytes, others }: Resources, sign: 1 | -1): void {
    this.version++;
    this.usedCpuMillis += sign * cpuMillis;
    this.usedMemoryBytes += sign * memoryBytes;
    if (this.#scored !== undefined) addScored(this.#scored, traits, sign);
    this.podCount += sign;
    if (others.size === 0) return;
    this.#usedOthers ??= new Map();
    for (const [name, amount] of others) {
      const left = this.used(name) + sign * amount;
      if (left === 0) this.#usedOthers.delete(name);
      else this.#usedOthers.set(name, left);
    }
  }

  #takenPorts(): Map<string, HostPort[]> {
    if (this.#ports === undefined) {
      this.#ports = new Map();
      for (const pod of this.eachPod()) this.#take(pod);
    }
    return this.#ports;
  }

  #take(pod: PodProfile): void {
    for (const port of pod.hostPorts) {
      const taken = this.#ports?.get(portKey(port));
      if (taken === undefined) this.#ports?.set(portKey(port), [port]);
      else taken.push(port);
    }
  }

  #attach(pod: PodProfile, sign: 1 | -1): void {
    for (const use of pod.claims) {
      const volume = this.#storage.attachment(pod.namespace, use);
      if (volume === undefined || this.#attached === undefined) continue;
      const ids = this.#attached.get(volume.driver) ?? new Map<string, number>();
      const users = (ids.get(volume.id) ?? 0) + sign;
      if (users > 0) ids.set(volume.id, users);
      else ids.delete(volume.id);
      if (ids.size > 0) this.#attached.set(volume.driver, ids);
      else this.#attached.delete(volume.driver);
    }
  }
}

function addScored(sum: ScoredSum, { scored }: PodTraits, sign: 1 | -1): void {
  sum.cpuMillis += sign * scored.cpuMillis;
  sum.memoryBytes += sign * scored.memoryBytes;
}

function portKey({ protocol, port }: HostPort): string {
  return `${protocol}/${port}`;
}
