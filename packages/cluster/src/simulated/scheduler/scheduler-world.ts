/** The nodes of a cluster with the pods that run, or are about to run, on them: kept from the store's changes, never made anew. */
import type { Node } from '../../model/kinds.ts';
import type { Labels } from '../../model/selector.ts';
import { firstRefusal, problemIn, type Cycle } from '../../scheduling/cycle.ts';
import type { Refusal } from '../../scheduling/filters/refusal.ts';
import { volumesOf } from '../../scheduling/filters/volumes.ts';
import { nodeFacts, NodeLedger } from '../../scheduling/node-state.ts';
import { namedNodes } from '../../scheduling/node-terms.ts';
import { Company, PlacedCounts } from '../../scheduling/placed-counts.ts';
import type { PodProfile } from '../../scheduling/pod-profile.ts';
import { NodeImages } from '../../scheduling/scores/image-locality.ts';
import { Storage, type Reservations, type StorageObjects } from '../../scheduling/storage.ts';
import { interleaved } from './node-order.ts';

/** Where the world looks up what is neither node nor pod. */
export interface WorldObjects extends StorageObjects {
  namespaceLabels(namespace: string): Labels;
}

interface Placed {
  readonly profile: PodProfile;
  /** Absent while there is no such node. */
  node: NodeLedger | undefined;
  readonly nodeName: string;
  /** Volumes that were promised to its claims. */
  readonly reserved: Reservations;
}

const NOTHING: Reservations = new Map();

export class SchedulerWorld {
  readonly storage: Storage;
  readonly counts: PlacedCounts;
  readonly images = new NodeImages();
  /** Grows with everything that may change where a pod fits. */
  version = 0;
  /** Grows when nodes get other numbers. */
  numbering = 0;
  /** By number. */
  readonly #nodes: NodeLedger[] = [];
  readonly #byName = new Map<string, NodeLedger>();
  #order: readonly NodeLedger[] | undefined;
  /** By uid. */
  readonly #placed = new Map<string, Placed>();
  /** Pods whose node is not there, by its name. */
  readonly #stray = new Map<string, Set<string>>();
  /** Claim → number of pods that use it. */
  readonly #claimUsers = new Map<string, number>();
  /** Claim → free volume it was promised. */
  readonly #reserved = new Map<string, string>();

  constructor(objects: WorldObjects) {
    this.storage = new Storage(objects);
    this.counts = new PlacedCounts(this.#nodes, (namespace) => objects.namespaceLabels(namespace));
  }

  /** In the order in which they are looked at: one of each zone in turn. */
  get nodes(): readonly NodeLedger[] {
    return (this.#order ??= interleaved(this.#nodes));
  }

  node(name: string): NodeLedger | undefined {
    return this.#byName.get(name);
  }

  /** Whether a pod runs, or is about to. */
  isPlaced(uid: string): boolean {
    return this.#placed.has(uid);
  }

  profileOf(uid: string): PodProfile | undefined {
    return this.#placed.get(uid)?.profile;
  }

  /** Name of the node that a pod is on, whether there is one or not. */
  nodeNameOf(uid: string): string | undefined {
    return this.#placed.get(uid)?.nodeName;
  }

  addNode(node: Node): void {
    const { name } = node.metadata;
    const ledger = new NodeLedger(nodeFacts(node, this.storage.limitsOf(name)), this.#nodes.length, this.storage);
    this.#nodes.push(ledger);
    this.#byName.set(name, ledger);
    this.#order = undefined;
    this.version++;
    this.counts.addNode(ledger);
    this.images.change(ledger, undefined, node);
    for (const uid of this.#stray.get(name) ?? []) this.#settle(uid, ledger);
    this.#stray.delete(name);
  }

  /** Takes note of another version of a node; what kubelets report every few minutes changes nothing. */
  changeNode(node: Node, isSameForCounts: boolean): void {
    const ledger = this.#byName.get(node.metadata.name);
    if (ledger === undefined) return this.addNode(node);
    this.version++;
    this.images.change(ledger, ledger.node, node);
    const facts = nodeFacts(node, this.storage.limitsOf(node.metadata.name));
    if (isSameForCounts) return ledger.renew(facts);
    ledger.renew(facts);
    this.counts.forget();
    this.#order = undefined;
  }

  removeNode(name: string): void {
    const ledger = this.#byName.get(name);
    if (ledger === undefined) return;
    this.version++;
    this.numbering++;
    for (const { pod } of ledger.pods) {
      const uid = pod.metadata.uid ?? '';
      this.#unsettle(uid);
      this.#strayed(uid, name);
    }
    this.images.change(ledger, ledger.node, undefined);
    this.#byName.delete(name);
    this.#nodes.splice(ledger.index, 1);
    this.#nodes.forEach((each, index) => (each.index = index));
    this.#order = undefined;
    this.counts.forget();
  }

  /** Puts a pod on a node, with the volumes that its claims are to get there. */
  place(profile: PodProfile, nodeName: string, reserved: Reservations = NOTHING): void {
    const uid = profile.pod.metadata.uid ?? '';
    const node = this.#byName.get(nodeName);
    this.#placed.set(uid, { profile, node: undefined, nodeName, reserved });
    this.#countClaims(profile, 1);
    for (const [claim, volume] of reserved) this.#reserved.set(claim, volume);
    if (node === undefined) this.#strayed(uid, nodeName);
    else this.#settle(uid, node);
  }

  /** Takes a pod off its node. */
  remove(uid: string): void {
    const placed = this.#placed.get(uid);
    if (placed === undefined) return;
    if (placed.node === undefined) this.#stray.get(placed.nodeName)?.delete(uid);
    else this.#unsettle(uid);
    this.#placed.delete(uid);
    this.#countClaims(placed.profile, -1);
    for (const [claim] of placed.reserved) this.#reserved.delete(claim);
  }

  /** Takes a pod off its node for a moment, until it is {@link putBack}. */
  lift(profile: PodProfile): void {
    this.#unsettle(profile.pod.metadata.uid ?? '');
    this.#countClaims(profile, -1);
  }

  putBack(profile: PodProfile, node: NodeLedger): void {
    this.#settle(profile.pod.metadata.uid ?? '', node);
    this.#countClaims(profile, 1);
  }

  /** Takes note that claims, volumes, classes or attachment limits changed. */
  storageChanged(): void {
    this.version++;
    this.storage.forget();
    for (const ledger of this.#nodes) ledger.forgetAttachments();
  }

  /** Takes note of other attachment limits of a node. */
  limitsChanged(name: string): void {
    const ledger = this.#byName.get(name);
    if (ledger !== undefined) ledger.renew(nodeFacts(ledger.node, this.storage.limitsOf(name)));
    this.version++;
  }

  /** Takes note of other labels of a namespace. */
  namespaceChanged(): void {
    this.version++;
    this.counts.forget();
  }

  /** What is the same for all nodes when a pod is to be scheduled. */
  cycle(profile: PodProfile, company = new Company(this.counts, profile)): Cycle {
    const volumes = volumesOf(profile, this.storage);
    const named = namedNodes(profile.nodeTerms);
    return {
      profile,
      requests: profile.requests,
      problem: problemIn(profile, named, volumes),
      named,
      volumes,
      exclusiveTaken:
        volumes !== undefined && volumes.exclusive.some((claim) => (this.#claimUsers.get(claim) ?? 0) > 0),
      company,
      storage: this.storage,
      reserved: this.#reserved,
    };
  }

  /** The first filter that refuses; `undefined` when the node takes the pod. */
  refusal(profile: PodProfile, node: NodeLedger): Refusal | undefined {
    return firstRefusal(this.cycle(profile), node);
  }

  /** What the claims of a pod would get on a node that takes it. */
  volumesFor({ volumes }: Cycle, node: NodeLedger): Reservations {
    if (volumes === undefined || volumes.delayed.length === 0) return NOTHING;
    return this.storage.bind(volumes.delayed, node.name, node.labels, this.#reserved) ?? NOTHING;
  }

  #settle(uid: string, node: NodeLedger): void {
    const placed = this.#placed.get(uid);
    if (placed === undefined) return;
    placed.node = node;
    node.add(placed.profile, placed.profile.requests);
    this.counts.change(placed.profile, node, 1);
    this.version++;
  }

  #unsettle(uid: string): void {
    const placed = this.#placed.get(uid);
    if (placed?.node === undefined) return;
    const { profile, node } = placed;
    placed.node = undefined;
    node.delete(profile, profile.requests);
    this.counts.change(profile, node, -1);
    this.version++;
  }

  #strayed(uid: string, nodeName: string): void {
    this.#stray.set(nodeName, (this.#stray.get(nodeName) ?? new Set()).add(uid));
  }

  #countClaims({ claims, namespace }: PodProfile, by: 1 | -1): void {
    for (const { name } of claims) {
      const key = `${namespace}/${name}`;
      const users = (this.#claimUsers.get(key) ?? 0) + by;
      if (users > 0) this.#claimUsers.set(key, users);
      else this.#claimUsers.delete(key);
    }
  }
}
