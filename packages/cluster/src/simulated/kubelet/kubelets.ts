/**
 * The kubelets of all nodes of a cluster: whichever pod is bound to a node that works runs there, as its behaviours say. Pods are looked at
 * when something of them is due, and cost nothing in between.
 */
import type { Node, NodeMetrics, Pod, PodMetrics } from '../../model/kinds.ts';
import { notFound } from '../api/api-error.ts';
import { NODES, PODS } from '../api/built-in-types.ts';
import type { SimulationContext } from '../simulation-context.ts';
import type { Change } from '../store/object-store.ts';
import { adoptPod, hasHistory } from './adoption.ts';
import { refusalOf, refused } from './admission.ts';
import { adoptPressure, MONITORING_MS, monitorNode, needsMonitoring, type Pressure } from './eviction.ts';
import { logOf } from './logs.ts';
import { keepMirror } from './mirror-pod.ts';
import type { LogOptions, NodeAgents } from './node-agents.ts';
import {
  beginShutdown,
  heardAt,
  isSilent,
  writeHeartbeat,
  newNodeRuntime,
  registerNode,
  reportImages,
  resumeNode,
  silenceNode,
} from './node-life.ts';
import type { NodeOptions } from './node-registration.ts';
import { freeIp } from './pod-network.ts';
import { follow, newPodRuntime, tell, type Kubelet, type NodeRuntime, type PodRuntime } from './pod-runtime.ts';
import type { ContainerPlace } from './behaviour.ts';
import { RecordedBehaviour, type SharedLoad } from './recorded-behaviour.ts';
import { syncPod } from './sync-pod.ts';
import { nodeMetrics, podMetrics, WINDOW_MS } from './usage.ts';
import { wordingOf } from './wording.ts';

/** From a change at the API server to the kubelet that watches it. */
const LATENCY_MS = 10;
/** From the last pod to the machine. */
const SHUTDOWN_MS = 2000;

export class Kubelets implements NodeAgents {
  readonly #kubelet: Kubelet;
  readonly #nodes = new Map<string, NodeRuntime>();
  #isRecorded = false;

  /** `unread`: kinds of which a recorded cluster was not read. */
  constructor(context: Omit<SimulationContext, 'kubelets'>, unread: ReadonlySet<string> = new Set()) {
    this.#kubelet = {
      ...context,
      random: context.random.fork('kubelet'),
      wording: wordingOf(context.serverVersion),
      unread,
      recorded: new RecordedBehaviour(),
      startedAt: context.clock.now,
    };
    context.api.store.listen((change) => {
      const { group, kind } = change.type;
      if (group === '' && kind === 'Pod') this.#podChanged(change as Change<Pod>);
      else if (group === '' && kind === 'Node') this.#nodeChanged(change as Change<Node>);
    });
  }

  /**
   * Lets a machine join as its kubelet would: a Node with its amounts, addresses and conditions, and its Lease.
   * @throws ApiError 409 where the name is taken
   */
  addNode(options: NodeOptions): Node {
    return registerNode(this.#kubelet, options, this.#nodes.size);
  }

  /** The kubelet of a node falls silent; with `machine` everything on it dies as well. @throws ApiError 404 */
  stopNode(name: string, { machine = false } = {}): void {
    const node = this.#found(name);
    if (!node.isUp) return;
    for (const pod of node.pods.values()) {
      pod.timer?.cancel();
      pod.timer = undefined;
    }
    silenceNode(this.#kubelet, node, machine);
  }

  /** The kubelet of a node works again, and finds what has become of its pods. @throws ApiError 404 */
  startNode(name: string): void {
    const node = this.#found(name);
    if (node.isUp) return;
    resumeNode(this.#kubelet, node);
    for (const pod of node.pods.values()) this.#lookAt(pod, LATENCY_MS);
  }

  /**
   * Shuts a machine down in an orderly way: its pods get `graceMs` to end and count as failed, then it is off.
   * Source: https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/
   * @throws ApiError 404
   */
  shutDownNode(name: string, graceMs = 30_000): void {
    const node = this.#found(name);
    if (!node.isUp || node.isShuttingDown) return;
    for (const pod of beginShutdown(this.#kubelet, node, graceMs)) this.#lookAt(pod, 0);
    this.#kubelet.clock.after(graceMs + SHUTDOWN_MS, () => {
      if (node.object !== undefined && node.isShuttingDown) this.stopNode(name, { machine: true });
    });
  }

  /** Writes the signs of life of all nodes that work, which otherwise follow from the time: Leases, and heartbeats of conditions. */
  writeHeartbeats(): void {
    for (const node of this.#nodes.values()) if (node.isUp) writeHeartbeat(this.#kubelet, node);
  }

  /**
   * What is left of a node's memory or disk, in bytes, whatever its pods use; `undefined` leaves it to them again.
   * @throws ApiError 404
   */
  press(name: string, what: Pressure, availableBytes: number | undefined): void {
    const node = this.#found(name);
    if (availableBytes === undefined) node.pressure.available.delete(what);
    else node.pressure.available.set(what, availableBytes);
    this.#monitor(node);
  }

  /**
   * Asks anew what running programs do, after the behaviours were changed: when they end, and what they answer probes.
   * @param pod `namespace/name` of the only one that is concerned; default all
   */
  reconsider(pod?: string): void {
    for (const node of this.#nodes.values())
      for (const one of pod === undefined ? node.pods.values() : [node.pods.get(pod)]) {
        if (one?.isKnown !== true || one.finished !== undefined) continue;
        one.isStale = true;
        this.#lookAt(one, 0);
      }
  }

  heardAt(name: string): number | undefined {
    const node = this.#nodes.get(name);
    return node?.object === undefined ? undefined : heardAt(this.#kubelet, node);
  }

  podMetrics(namespace: string, name: string): PodMetrics | undefined {
    const pod = this.#podAt(namespace, name);
    if (pod === undefined || !pod.node.isUp || this.#isUnmeasured) return undefined;
    if (this.#isAsRecorded) return this.#kubelet.recorded.metrics.get(`${namespace}/${name}`) as PodMetrics | undefined;
    return podMetrics(this.#kubelet, pod, this.#kubelet.clock.now);
  }

  /** Nobody serves what was measured. */
  get #isUnmeasured(): boolean {
    return this.#kubelet.behaviours.metricsError?.() !== undefined;
  }

  nodeMetrics(name: string): NodeMetrics | undefined {
    const node = this.#nodes.get(name);
    if (node?.object === undefined || !node.isUp || this.#isUnmeasured) return undefined;
    if (this.#isAsRecorded) return this.#kubelet.recorded.metrics.get(name) as NodeMetrics | undefined;
    return nodeMetrics(this.#kubelet, node, this.#kubelet.clock.now);
  }

  /** Has programs that failed for want of an answer fail no longer once they get it. */
  forgetCalls(
    calls: Iterable<Pick<ContainerPlace, 'namespace' | 'workload' | 'container'> & { isAnswered(): boolean }>,
  ): void {
    for (const call of calls) this.#kubelet.recorded.forgetOnce(call, () => call.isAnswered());
  }

  /** Has pods of workloads share their load. */
  shareLoads(loads: Iterable<Pick<ContainerPlace, 'namespace' | 'workload'> & SharedLoad>): void {
    for (const load of loads) this.#kubelet.recorded.loads.set(`${load.namespace}/${load.workload}`, load);
  }

  /** Lets the metrics API answer as it did when a cluster was recorded, until the next sample is taken. */
  rememberMetrics(metrics: Iterable<PodMetrics | NodeMetrics>): void {
    for (const one of metrics) {
      const { namespace, name } = one.metadata;
      this.#kubelet.recorded.metrics.set(namespace === undefined ? name : `${namespace}/${name}`, one);
    }
    this.#isRecorded = true;
  }

  get #isAsRecorded(): boolean {
    const { clock, startedAt } = this.#kubelet;
    return this.#isRecorded && clock.now - startedAt < WINDOW_MS;
  }

  logOf(namespace: string, name: string, container: string, options: LogOptions = {}): string {
    const pod = this.#podAt(namespace, name);
    if (pod === undefined) throw notFound(PODS, name);
    return logOf(this.#kubelet, pod, container, options);
  }

  #podAt(namespace: string, name: string): PodRuntime | undefined {
    const node = this.#kubelet.api.store.get(PODS, namespace, name)?.spec?.nodeName ?? '';
    return this.#nodes.get(node)?.pods.get(`${namespace}/${name}`);
  }

  #found(name: string): NodeRuntime {
    const node = this.#nodes.get(name);
    if (node?.object === undefined) throw notFound(NODES, name);
    return node;
  }

  #nodeOf(name: string): NodeRuntime {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const node = newNodeRuntime(name);
    this.#nodes.set(name, node);
    return node;
  }

  #nodeChanged({ kind, object }: Change<Node>): void {
    const node = this.#nodeOf(object.metadata.name);
    if (kind === 'DELETED') {
      node.object = undefined;
      node.isUp = false;
      node.isShuttingDown = false;
      node.wasStopped = false;
      node.heardAt = 0;
      return;
    }
    const before = node.object?.status;
    node.object = object;
    node.looks++;
    if (node.isUp) {
      if (before?.volumesAttached !== object.status?.volumesAttached) this.#lookAtMounting(node);
    } else if (!isSilent(node)) {
      node.isUp = true;
      if (before === undefined) adoptPressure(this.#kubelet, node);
      if (needsMonitoring(node) && node.pressure.timer === undefined) this.#monitorLater(node);
      for (const pod of node.pods.values()) this.#lookAt(pod, LATENCY_MS);
    }
  }

  #lookAtMounting(node: NodeRuntime): void {
    for (const pod of node.pods.values()) if (pod.mounting !== undefined) this.#lookAt(pod, LATENCY_MS);
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
    if (known !== undefined && known.uid === (object.metadata.uid ?? '')) {
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
    keepMirror(this.#kubelet, pod, (again) => {
      again.node.pods.set(key, again);
      this.#lookAt(again, LATENCY_MS);
    });
  }

  /** Of several times to look at a pod the earliest counts. */
  #lookAt(pod: PodRuntime, afterMs: number): void {
    const { clock } = this.#kubelet;
    if (!pod.node.isUp) return;
    const at = clock.now + Math.max(0, afterMs);
    if (pod.timer !== undefined) {
      if (pod.timer.dueAt <= at) return;
      pod.timer.cancel();
    }
    pod.timer = clock.after(at - clock.now, () => {
      pod.timer = undefined;
      if (pod.node.isUp) this.#sync(pod.isKnown ? pod : this.#meet(pod));
    });
  }

  #sync(pod: PodRuntime): void {
    syncPod(this.#kubelet, pod);
    const { node } = pod;
    node.looks++;
    if (node.reportedImages !== node.images.size) reportImages(this.#kubelet, node);
    if (node.pressure.timer === undefined && needsMonitoring(node, [pod])) this.#monitorLater(node);
    if (pod.wakeAt < Infinity) this.#lookAt(pod, pod.wakeAt - this.#kubelet.clock.now);
  }

  /** The first look at a pod: it has a history, or is taken in, or refused. */
  #meet(pod: PodRuntime): PodRuntime {
    const { object, node } = pod;
    if (hasHistory(object)) {
      const adopted = adoptPod(this.#kubelet, object, node);
      adopted.isKnown = true;
      node.pods.set(`${object.metadata.namespace ?? ''}/${object.metadata.name}`, adopted);
      return adopted;
    }
    pod.isKnown = true;
    const refusal = object.metadata.deletionTimestamp === undefined ? refusalOf(this.#kubelet, pod) : undefined;
    if (refusal === undefined) return pod;
    tell(this.#kubelet, pod, 'Warning', refusal.reason, refusal.message);
    pod.finished = refused(this.#kubelet, refusal);
    pod.isRefused = true;
    return pod;
  }

  #monitorLater(node: NodeRuntime): void {
    node.pressure.timer = this.#kubelet.clock.after(MONITORING_MS, () => {
      node.pressure.timer = undefined;
      this.#monitor(node);
    });
  }

  #monitor(node: NodeRuntime): void {
    if (!node.isUp || node.object === undefined) return;
    for (const pod of monitorNode(this.#kubelet, node)) this.#lookAt(pod, 0);
    if (node.pressure.timer === undefined && needsMonitoring(node)) this.#monitorLater(node);
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
