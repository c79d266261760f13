/**
 * The kubelets of all nodes of a cluster: whichever pod is bound to a node that works runs there, as its behaviours say. Pods are looked at
 * when something of them is due, and cost nothing in between.
 */
import type { Node, Pod } from '../../model/kinds.ts';
import { ApiError } from '../api/api-error.ts';
import { LEASES, NODES } from '../api/built-in-types.ts';
import { microTimestamp } from '../clock/virtual-clock.ts';
import type { SimulationContext } from '../simulation-context.ts';
import type { Change } from '../store/object-store.ts';
import type { NodeAgents } from './node-agents.ts';
import { nodeOf, type NodeOptions } from './node-registration.ts';
import { follow, newPodRuntime, type Kubelet, type NodeRuntime, type PodRuntime } from './pod-runtime.ts';
import { freeIp } from './pod-network.ts';
import { syncPod } from './sync-pod.ts';
import { wordingOf } from './wording.ts';

/** From a change at the API server to the kubelet that watches it. */
const LATENCY_MS = 10;
/** Between two signs of life. Source: `nodeLeaseDurationSeconds` × 0.25. */
export const HEARTBEAT_MS = 10_000;
const LEASE_NAMESPACE = 'kube-node-lease';

export class Kubelets implements NodeAgents {
  readonly #kubelet: Kubelet;
  readonly #nodes = new Map<string, NodeRuntime>();
  readonly #startedAt: number;

  constructor(context: Omit<SimulationContext, 'kubelets'>, unread: ReadonlySet<string> = new Set()) {
    this.#kubelet = {
      ...context,
      random: context.random.fork('kubelet'),
      wording: wordingOf(context.serverVersion),
      unread,
    };
    this.#startedAt = context.clock.now;
    context.api.store.listen((change) => {
      if (change.type.group !== '') return;
      if (change.type.kind === 'Pod') this.#podChanged(change as Change<Pod>);
      else if (change.type.kind === 'Node') this.#nodeChanged(change as Change<Node>);
    });
  }

  /**
   * Lets a machine join as its kubelet would: a Node with its amounts, addresses and conditions, and its Lease.
   * @throws ApiError 409 where the name is taken
   */
  addNode(options: NodeOptions): Node {
    const { api, clock, serverVersion } = this.#kubelet;
    const node = nodeOf(options, this.#nodes.size, serverVersion, clock.now);
    api.create(NODES, node);
    const made = api.changeStatus(NODES, '', options.name, (one) => ({ ...one, status: node.status }) as Node);
    this.#writeLease(made, clock.now);
    return made;
  }

  /** When a node was last heard of. Signs of life are not written while all is well, but follow from the time. */
  heardAt(name: string): number | undefined {
    const node = this.#nodes.get(name);
    if (node?.object === undefined) return undefined;
    const { now } = this.#kubelet.clock;
    return node.isUp ? now - ((now - this.#startedAt) % HEARTBEAT_MS) : node.heardAt;
  }

  #writeLease(node: Node, at: number): void {
    const { api } = this.#kubelet;
    const { name, uid = '' } = node.metadata;
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTimestamp(at) };
    const owner = { apiVersion: 'v1', kind: 'Node', name, uid };
    const lease = {
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
      metadata: { name, namespace: LEASE_NAMESPACE, ownerReferences: [owner] },
      spec,
    };
    try {
      if (api.store.get(LEASES, LEASE_NAMESPACE, name) === undefined) api.create(LEASES, lease);
      else api.change(LEASES, LEASE_NAMESPACE, name, (one) => ({ ...one, spec }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #nodeChanged({ kind, object }: Change<Node>): void {
    const node = this.#nodeOf(object.metadata.name);
    if (kind === 'DELETED') {
      node.object = undefined;
      node.isUp = false;
      return;
    }
    const isNew = node.object === undefined;
    node.object = object;
    const ready = object.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    // Somebody else's node, until its kubelet has spoken; a silent one that was loaded stays silent.
    if (node.isUp || (ready !== 'True' && ready !== 'False') || (!isNew && node.heardAt > 0)) return;
    node.isUp = true;
    for (const pod of node.pods.values()) this.#lookAt(pod, LATENCY_MS);
  }

  #podChanged({ kind, object, previous }: Change<Pod>): void {
    const name = object.spec?.nodeName ?? '';
    if (name === '') return;
    const node = this.#nodeOf(name);
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const known = node.pods.get(key);
    if (kind === 'DELETED') {
      if (known !== undefined) this.#forget(known, key);
      return;
    }
    if (known?.object.metadata.uid === object.metadata.uid && known !== undefined) {
      if (known.isWriting) return;
      follow(known, object);
      if (isOfInterest(object, previous)) this.#lookAt(known, LATENCY_MS);
      return;
    }
    if (known !== undefined) this.#forget(known, key);
    const pod = newPodRuntime(object, node, this.#kubelet.clock.now + LATENCY_MS);
    node.pods.set(key, pod);
    this.#lookAt(pod, LATENCY_MS);
  }

  #forget(pod: PodRuntime, key: string): void {
    pod.timer?.cancel();
    freeIp(pod);
    pod.node.pods.delete(key);
  }

  /** Of several times to look at a pod the earliest counts. */
  #lookAt(pod: PodRuntime, afterMs: number): void {
    const { clock } = this.#kubelet;
    if (!pod.node.isUp) return;
    const at = clock.now + Math.max(0, afterMs);
    if (pod.timer !== undefined && pod.timer.dueAt <= at) return;
    pod.timer?.cancel();
    pod.timer = clock.after(at - clock.now, () => this.#sync(pod));
  }

  #sync(pod: PodRuntime): void {
    pod.timer = undefined;
    if (!pod.node.isUp) return;
    syncPod(this.#kubelet, pod);
    if (pod.wakeAt < Infinity) this.#lookAt(pod, pod.wakeAt - this.#kubelet.clock.now);
  }

  #nodeOf(name: string): NodeRuntime {
    let node = this.#nodes.get(name);
    if (node === undefined) {
      node = {
        ...{ name, object: undefined, isUp: false, heardAt: 0, pods: new Map(), images: new Map() },
        ...{ usedIps: new Set(), nextIp: 2, pressure: { available: new Map(), seen: new Map(), timer: undefined } },
      };
      this.#nodes.set(name, node);
    }
    return node;
  }
}

/** What others may change of a pod that its kubelet has to act on: what is wanted, whether it shall go, conditions that gate readiness. */
function isOfInterest(object: Pod, previous: Pod | undefined): boolean {
  return (
    object.spec !== previous?.spec ||
    object.metadata.deletionTimestamp !== previous?.metadata.deletionTimestamp ||
    object.metadata.deletionGracePeriodSeconds !== previous?.metadata.deletionGracePeriodSeconds ||
    object.status?.conditions !== previous?.status?.conditions
  );
}
