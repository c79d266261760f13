/** How the kubelet of a node begins, shows that it is alive, falls silent and comes back. Source: https://kubernetes.io/docs/concepts/architecture/nodes/ */
import type { Node } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { ApiError } from '../api/api-error.ts';
import { LEASES, NODES } from '../api/built-in-types.ts';
import { microTimestamp, timestamp } from '../clock/virtual-clock.ts';
import { admittedPods } from './admission.ts';
import { disruptionOf, tellNode } from './eviction.ts';
import { graceOf } from './grace.ts';
import { readImage, imageIdOf } from './image-reference.ts';
import { setNodeCondition, type NodeJudgement } from './node-conditions.ts';
import { nodeOf, type NodeOptions } from './node-registration.ts';
import { freeIp } from './pod-network.ts';
import { endPod } from './sync-pod.ts';
import { tell, type Kubelet, type NodeRuntime, type PodRuntime } from './pod-runtime.ts';

/** Between two signs of life. Source: `nodeLeaseDurationSeconds` × 0.25. */
const HEARTBEAT_MS = 10_000;
const LEASE_NAMESPACE = 'kube-node-lease';
/** Source: `nodeStatusMaxImages`. */
const MOST_IMAGES = 50;
const READY: NodeJudgement = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
};

/** A machine of which nothing is known yet. */
export function newNodeRuntime(name: string): NodeRuntime {
  return {
    name,
    object: undefined,
    isUp: false,
    wasStopped: false,
    isShuttingDown: false,
    isDead: false,
    heardAt: 0,
    pods: new Map(),
    images: new Map(),
    reportedImages: 0,
    usedIps: new Set(),
    nextIp: 2,
    pressure: { available: new Map(), seen: new Map(), calmAt: undefined, timer: undefined },
    looks: 0,
  };
}

/** Makes the Node and its Lease. */
export function registerNode(kubelet: Kubelet, options: NodeOptions, number: number): Node {
  const { api, clock, serverVersion } = kubelet;
  const node = nodeOf(options, number, serverVersion, clock.now);
  api.create(NODES, node);
  const made = api.changeStatus(NODES, '', options.name, (one) => ({ ...one, status: node.status }) as Node);
  writeLease(kubelet, made, clock.now);
  return made;
}

/** A node that nobody hears of: no kubelet has ever spoken, or it was stopped, or recorded as silent. */
export function isSilent({ object, wasStopped }: NodeRuntime): boolean {
  const ready = object?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return wasStopped || (ready !== 'True' && ready !== 'False');
}

/** When the kubelet was heard of last. */
export function heardAt({ clock, startedAt }: Kubelet, node: NodeRuntime): number {
  if (node.isUp) return clock.now - ((clock.now - startedAt) % HEARTBEAT_MS);
  if (node.heardAt > 0) return node.heardAt;
  const ready = node.object?.status?.conditions?.find(({ type }) => type === 'Ready');
  const at = Date.parse(ready?.lastHeartbeatTime ?? node.object?.metadata.creationTimestamp ?? '');
  return Number.isNaN(at) ? startedAt : at;
}

/** From now on the kubelet says and does nothing; with `isDead` everything on the machine ends at once. */
export function silenceNode(kubelet: Kubelet, node: NodeRuntime, isDead: boolean): void {
  const { clock } = kubelet;
  node.heardAt = heardAt(kubelet, node);
  node.isUp = false;
  node.wasStopped = true;
  node.isDead = isDead;
  node.pressure.timer?.cancel();
  node.pressure.timer = undefined;
  if (node.object !== undefined) writeLease(kubelet, node.object, node.heardAt);
  if (!isDead) return;
  for (const { containers } of node.pods.values())
    for (const { run } of containers)
      if (run !== undefined) run.end = { at: clock.now, exitCode: 255, reason: 'Unknown' };
}

/** The kubelet is there again, and reports its node. */
export function resumeNode(kubelet: Kubelet, node: NodeRuntime): void {
  const { isDead } = node;
  node.isUp = true;
  node.wasStopped = false;
  node.isDead = false;
  node.isShuttingDown = false;
  if (node.object === undefined) return;
  tellNode(kubelet, node, 'Normal', 'Starting', 'Starting kubelet.');
  if (isDead) {
    const id = node.object.status?.nodeInfo?.bootID ?? '';
    tellNode(kubelet, node, 'Warning', 'Rebooted', `Node ${node.name} has been rebooted, boot id: ${id}`);
    for (const pod of node.pods.values()) loseSandbox(kubelet, pod);
  }
  writeLease(kubelet, node.object, kubelet.clock.now);
  setNodeCondition(kubelet, node.name, READY);
  tellNode(kubelet, node, 'Normal', 'NodeReady', `Node ${node.name} status is now: NodeReady`);
}

/** Ends the pods of a node that is to go off, and takes no more. Returns them. */
export function beginShutdown(kubelet: Kubelet, node: NodeRuntime, graceMs: number): readonly PodRuntime[] {
  const { now } = kubelet.clock;
  node.isShuttingDown = true;
  setNodeCondition(kubelet, node.name, {
    ...{ type: 'Ready', status: 'False', reason: 'KubeletNotReady' },
    message: 'node is shutting down',
  });
  const pods = admittedPods(node).filter(({ ending }) => ending === undefined);
  for (const pod of pods) {
    const message = 'Pod was terminated in response to imminent node shutdown.';
    pod.disruption = disruptionOf(pod, message, now);
    const own = Math.min(graceOf(pod), graceMs);
    endPod(kubelet, pod, {
      why: 'failed',
      graceMs: own,
      since: now,
      finish: { phase: 'Failed', reason: 'Terminated', message },
    });
  }
  return pods;
}

/** After a reboot pods get a new network, and their init containers run again. */
function loseSandbox(kubelet: Kubelet, pod: PodRuntime): void {
  if (pod.finished !== undefined || pod.sandboxAt === undefined) return;
  tell(kubelet, pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  pod.work = undefined;
  pod.sandboxAt = undefined;
  freeIp(pod);
  pod.ip = undefined;
  pod.isRebooted = true;
}

/** Writes the latest sign of life of a node that works. */
export function writeHeartbeat(kubelet: Kubelet, node: NodeRuntime): void {
  if (node.object === undefined) return;
  const at = heardAt(kubelet, node);
  writeLease(kubelet, node.object, at);
  const lastHeartbeatTime = timestamp(at);
  kubelet.api.changeStatus(NODES, '', node.name, (one) => {
    const conditions = (one.status?.conditions ?? []).map((condition) => ({ ...condition, lastHeartbeatTime }));
    return { ...one, status: { ...one.status, conditions } } as Node;
  });
}

/** Writes the Lease as it would be by a sign of life at `at`. A cluster that refuses it does without. */
function writeLease({ api }: Kubelet, { metadata }: Node, at: number): void {
  const { name, uid = '' } = metadata;
  const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: microTimestamp(at) };
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
  const lease = {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    metadata: { name, namespace: LEASE_NAMESPACE, ownerReferences },
    spec,
  };
  try {
    if (api.store.get(LEASES, LEASE_NAMESPACE, name) === undefined) api.create<KubeObject>(LEASES, lease);
    else api.change(LEASES, LEASE_NAMESPACE, name, (one) => ({ ...one, spec }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Has the Node list the images that were pulled, with the next sign of life, the largest first. */
export function reportImages(kubelet: Kubelet, node: NodeRuntime): void {
  node.reportedImages = node.images.size;
  kubelet.clock.after(HEARTBEAT_MS, () => {
    if (!node.isUp || node.object === undefined) return;
    const known = node.object.status?.images ?? [];
    const names = new Set(known.flatMap((image) => image.names ?? []));
    const pulled = [...node.images].filter(([name, size]) => size > 0 && !names.has(name));
    if (pulled.length === 0) return;
    const added = pulled.map(([name, sizeBytes]) => ({ names: namesOf(name), sizeBytes }));
    const images = [...known, ...added].sort((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0)).slice(0, MOST_IMAGES);
    kubelet.api.changeStatus(NODES, '', node.name, (one) => ({ ...one, status: { ...one.status, images } }) as Node);
  });
}

function namesOf(name: string): readonly string[] {
  const reference = readImage(name);
  return typeof reference === 'string' ? [name] : [imageIdOf(reference), name];
}
