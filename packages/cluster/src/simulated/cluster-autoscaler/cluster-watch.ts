/** What the cluster autoscaler keeps of a cluster, so that it need not look at all of it: pods that wait, and how full nodes are. */
import type { KindMap, Node, Pod } from '../../model/kinds.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import { podRequests } from '../../scheduling/pod-requests.ts';
import { NO_RESOURCES, resourcesOf, type Resources } from '../../scheduling/resources.ts';
import { NODES, PODS, POD_DISRUPTION_BUDGETS } from '../api/built-in-types.ts';
import { isChangeOf } from '../store/object-index.ts';
import type { Change, ObjectStore } from '../store/object-store.ts';

interface Placed {
  readonly node: string;
  readonly requests: Resources;
}

interface NodeUse {
  cpuMillis: number;
  memoryBytes: number;
}

/** Kept from the store's changes. */
export class ClusterWatch {
  /** Grows with everything that may change where waiting pods fit. */
  roomVersion = 0;
  /** Grows with everything that may change which nodes can go. */
  useVersion = 0;
  /** Pods that the scheduler found no node for, by uid. */
  readonly waiting = new Map<string, Pod>();
  readonly nodes = new Map<string, Node>();
  /** Pods with required anti-affinity that have a node: they may keep others away from new nodes. */
  #keepingAway = 0;
  readonly #placed = new Map<string, Placed>();
  readonly #use = new Map<string, NodeUse>();

  /** `changed` is called after whatever may concern the autoscaler; it must not write. */
  constructor(store: ObjectStore, changed: () => void) {
    store.listen((change) => {
      if (this.#take(change)) changed();
    });
  }

  /** Requests ÷ allocatable of a node, the larger of CPU and memory. */
  utilisationOf(node: Node): number {
    const { cpuMillis, memoryBytes } = allocatableOf(node);
    const use = this.useOf(node.metadata.name);
    return Math.max(share(use.cpuMillis, cpuMillis), share(use.memoryBytes, memoryBytes));
  }

  /** CPU and memory that its pods ask of a node. */
  useOf(name: string): Readonly<NodeUse> {
    return this.#use.get(name) ?? NO_RESOURCES;
  }

  /** CPU and memory that a node has left. */
  freeOn(node: Node): { readonly cpuMillis: number; readonly memoryBytes: number } {
    const { cpuMillis, memoryBytes } = allocatableOf(node);
    const use = this.useOf(node.metadata.name);
    return { cpuMillis: cpuMillis - use.cpuMillis, memoryBytes: memoryBytes - use.memoryBytes };
  }

  /** Whether pods that run may keep others away from nodes they are not on. */
  get isKeepingAway(): boolean {
    return this.#keepingAway > 0;
  }

  #take(change: Change): boolean {
    if (isChangeOf(change, PODS)) return this.#podChanged(change);
    if (isChangeOf(change, NODES)) return this.#nodeChanged(change);
    if (!isChangeOf(change, POD_DISRUPTION_BUDGETS) || !isOtherBudget(change)) return false;
    this.useVersion++;
    return true;
  }

  #podChanged({ kind, object, previous }: Change<Pod>): boolean {
    const uid = object.metadata.uid ?? '';
    const before = this.waiting.get(uid);
    const isWaiting = kind !== 'DELETED' && isUnschedulable(object);
    if (isWaiting) this.waiting.set(uid, object);
    else this.waiting.delete(uid);
    const isMoved = this.#place(uid, kind === 'DELETED' ? undefined : object, previous);
    if (isMoved) this.useVersion++;
    if ((before !== undefined) !== isWaiting || (isWaiting && before?.spec !== object.spec)) {
      this.roomVersion++;
      return true;
    }
    return isMoved;
  }

  /** Whether a pod takes other room than before. */
  #place(uid: string, pod: Pod | undefined, previous: Pod | undefined): boolean {
    const known = this.#placed.get(uid);
    const node = pod?.spec?.nodeName ?? '';
    const isThere = pod !== undefined && node !== '' && !isFinished(pod);
    if (isThere && known !== undefined && known.node === node && pod.spec === previous?.spec) return false;
    if (!isThere && known === undefined) return false;
    if (known !== undefined) this.#count(known, -1);
    if (!isThere) this.#placed.delete(uid);
    else {
      const placed = { node, requests: podRequests(pod) };
      this.#placed.set(uid, placed);
      this.#count(placed, 1);
    }
    const one = pod ?? previous;
    const isKeepingAway =
      one?.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
    if (isKeepingAway) this.#keepingAway += (isThere ? 1 : 0) - (known === undefined ? 0 : 1);
    return true;
  }

  #count({ node, requests }: Placed, sign: 1 | -1): void {
    const use = this.#use.get(node) ?? { cpuMillis: 0, memoryBytes: 0 };
    use.cpuMillis += sign * requests.cpuMillis;
    use.memoryBytes += sign * requests.memoryBytes;
    this.#use.set(node, use);
  }

  #nodeChanged({ kind, object, previous }: Change<Node>): boolean {
    const { name } = object.metadata;
    if (kind === 'DELETED') this.nodes.delete(name);
    else this.nodes.set(name, object);
    if (kind === 'MODIFIED' && previous !== undefined && isSameNode(object, previous)) return false;
    this.roomVersion++;
    this.useVersion++;
    return true;
  }
}

function isUnschedulable({ metadata, spec, status }: Pod): boolean {
  if ((spec?.nodeName ?? '') !== '' || metadata.deletionTimestamp !== undefined || status?.phase !== 'Pending')
    return false;
  return (status.conditions ?? []).some(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
  );
}

function isSameNode(a: Node, b: Node): boolean {
  return (
    (a.spec === b.spec || JSON.stringify(a.spec) === JSON.stringify(b.spec)) &&
    (a.metadata.labels === b.metadata.labels ||
      JSON.stringify(a.metadata.labels) === JSON.stringify(b.metadata.labels)) &&
    JSON.stringify(a.metadata.annotations) === JSON.stringify(b.metadata.annotations) &&
    a.status?.allocatable === b.status?.allocatable &&
    isReadyNode(a) === isReadyNode(b)
  );
}

export function isReadyNode({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

function isOtherBudget({ object, previous }: Change<KindMap['PodDisruptionBudget']>): boolean {
  return (
    previous === undefined ||
    object.spec !== previous.spec ||
    object.status?.disruptionsAllowed !== previous.status?.disruptionsAllowed
  );
}

function allocatableOf({ status }: Node): Resources {
  return resourcesOf(status?.allocatable ?? status?.capacity);
}

function share(part: number, all: number): number {
  return all > 0 ? part / all : 0;
}
