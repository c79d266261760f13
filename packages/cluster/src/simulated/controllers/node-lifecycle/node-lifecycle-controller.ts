/**
 * Nodes that fall silent: their conditions, their taints, the pods that nobody hears of any more.
 * Source: https://kubernetes.io/docs/concepts/architecture/nodes/#node-controller; `pkg/controller/nodelifecycle`
 */
import type { Node } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { LEASES, NODES, PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { ObjectReference } from '../../events/event-recorder.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, podsOnNode } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import {
  conditionOf,
  executeTaintFor,
  executeTaintOf,
  withExecuteTaint,
  withScheduleTaints,
  type Taint,
} from './node-taints.ts';
import { ZoneHealth } from './zone-health.ts';

type Conditions = NonNullable<NonNullable<Node['status']>['conditions']>;

/** Between two looks at all nodes. Source: `--node-monitor-period` */
const PERIOD_MS = 5000;
/** Source: `--node-startup-grace-period` */
const STARTUP_GRACE_MS = 60_000;
const NODE_LEASES = 'kube-node-lease';
const SOURCE = { component: 'node-controller' };
/** What a silent node can no longer say. */
const WATCHED = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

export function nodeLifecycleController(context: SimulationContext): Controller {
  const nodes = new NodeLifecycle(context);
  return {
    name: 'node-lifecycle-controller',
    needs: ['/Node', '/Pod'],
    keysOf,
    reconcile: (name) => nodes.look(name),
  };
}

function keysOf(change: Change): readonly string[] {
  const { object } = change;
  if (isChangeOf(change, NODES)) return [object.metadata.name];
  const isSign = isChangeOf(change, LEASES) && object.metadata.namespace === NODE_LEASES;
  return isSign ? [object.metadata.name] : [];
}

class NodeLifecycle {
  readonly #context: SimulationContext;
  readonly #zones = new ZoneHealth();
  readonly #startAt: number;
  readonly #known = new Map<string, ObjectReference>();
  /** Nodes that are to lose their pods and may not yet. */
  readonly #waiting = new Set<string>();
  #wasAllLost = false;
  /** After all nodes were lost and one came back, the others get their time anew. */
  #heardAtLeast = 0;

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#startAt = context.clock.now;
  }

  /** Looks at one node; returns milliseconds until it must be looked at again. */
  look(name: string): number | undefined {
    const node = this.#context.api.store.get(NODES, '', name);
    if (node === undefined) return this.#forget(name);
    this.#register(node);
    const againMs = this.#silence(node);
    const current = this.#context.api.get(NODES, '', name);
    this.#zones.note(current, conditionOf(current, 'Ready')?.status === 'True');
    this.#changeOfMode();
    const waitMs = this.#taint(current);
    return Math.min(againMs, waitMs ?? Infinity);
  }

  #forget(name: string): undefined {
    const reference = this.#known.get(name);
    if (reference !== undefined)
      this.#tell(reference, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
    this.#known.delete(name);
    this.#waiting.delete(name);
    this.#zones.forget(name);
    return undefined;
  }

  #register(node: Node): void {
    const { name, uid = '', creationTimestamp = '' } = node.metadata;
    if (this.#known.has(name)) return;
    const reference = { kind: 'Node', name, uid, apiVersion: 'v1' };
    this.#known.set(name, reference);
    // Nodes of a recorded cluster were registered long ago.
    if (Date.parse(creationTimestamp) >= this.#startAt)
      this.#tell(reference, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
  }

  /** Says of a node that was silent for too long that nothing is known of it; returns when to listen again. */
  #silence(node: Node): number {
    const { api, clock, kubelets } = this.#context;
    const { name, creationTimestamp = '' } = node.metadata;
    const ready = conditionOf(node, 'Ready');
    const graceMs = ready === undefined ? STARTUP_GRACE_MS : this.#graceMs;
    const heardAt = Math.max(kubelets.heardAt(name) ?? Date.parse(creationTimestamp), this.#heardAtLeast);
    const dueMs = heardAt + graceMs - clock.now;
    if (dueMs >= 0) return this.#untilTick(dueMs + 1);
    const conditions = silentConditions(node.status?.conditions ?? [], timestamp(clock.now));
    if (conditions !== node.status?.conditions)
      api.changeStatus(NODES, '', name, (one) => ({ ...one, status: { ...one.status, conditions } }));
    if (ready?.status === 'True') {
      this.#tell(this.#known.get(name), 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      this.#markPods(name);
    }
    return PERIOD_MS;
  }

  /** Looks happen in step. */
  #untilTick(delayMs: number): number {
    const { now } = this.#context.clock;
    const at = this.#startAt + Math.ceil((now + delayMs - this.#startAt) / PERIOD_MS) * PERIOD_MS;
    return at - now;
  }

  /** 40 seconds, and 50 since 1.32. Source: `--node-monitor-grace-period` */
  get #graceMs(): number {
    const minor = Number(/^v?1\.(\d+)/.exec(this.#context.serverVersion)?.[1] ?? 36);
    return minor < 32 ? 40_000 : 50_000;
  }

  /** Nobody can say that pods on a silent node serve. */
  #markPods(name: string): void {
    const { api, clock, events } = this.#context;
    for (const pod of [...podsOnNode(api.store, name)]) {
      const isReady = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
      if (isReady !== true) continue;
      const { namespace = '', name: podName } = pod.metadata;
      api.changeStatus(PODS, namespace, podName, (one) => ({
        ...one,
        status: {
          ...one.status,
          conditions: (one.status?.conditions ?? []).map((condition) =>
            condition.type === 'Ready'
              ? { ...condition, status: 'False', lastTransitionTime: timestamp(clock.now) }
              : condition,
          ),
        },
      }));
      events.record(pod, 'Warning', 'NodeNotReady', 'Node is not ready', SOURCE);
    }
  }

  /** Brings the taints up to date; returns when those that drive pods away may come. */
  #taint(node: Node): number | undefined {
    const { clock } = this.#context;
    const { name } = node.metadata;
    const wanted = executeTaintFor(conditionOf(node, 'Ready')?.status);
    const has = executeTaintOf(node);
    let [taints, waitMs]: readonly [readonly Taint[], number | undefined] = [
      withScheduleTaints(node, clock.now),
      undefined,
    ];
    const tainted: Node = { ...node, spec: { ...node.spec, taints } };
    if (wanted === undefined || this.#zones.isAllLost) {
      this.#waiting.delete(name);
      taints = withExecuteTaint(tainted, undefined, clock.now);
    } else if (has === undefined) {
      this.#waiting.add(name);
      waitMs = this.#zones.ask(name, clock.now);
      if (waitMs === 0) taints = withExecuteTaint(tainted, wanted, clock.now);
    } else taints = withExecuteTaint(tainted, wanted, clock.now);
    if (waitMs === 0) this.#waiting.delete(name);
    this.#write(node, taints);
    return waitMs === 0 ? undefined : (waitMs ?? (this.#waiting.has(name) ? PERIOD_MS : undefined));
  }

  #write(node: Node, taints: readonly Taint[]): void {
    if (sameJson(taints, node.spec?.taints ?? [])) return;
    this.#context.api.change(NODES, '', node.metadata.name, (one) => ({ ...one, spec: withTaints(one.spec, taints) }));
  }

  /** When the last node is lost nothing is driven away any more; when one is back, the others are given time. */
  #changeOfMode(): void {
    const isAllLost = this.#zones.isAllLost;
    if (isAllLost === this.#wasAllLost) return;
    this.#wasAllLost = isAllLost;
    const { api, clock } = this.#context;
    if (!isAllLost) {
      this.#heardAtLeast = clock.now;
      return;
    }
    this.#waiting.clear();
    for (const node of [...api.store.list(NODES)])
      if (executeTaintOf(node) !== undefined) this.#write(node, withExecuteTaint(node, undefined, clock.now));
  }

  #tell(reference: ObjectReference | undefined, reason: string, message: string): void {
    if (reference !== undefined) this.#context.events.record(reference, 'Normal', reason, message, SOURCE);
  }
}

/** Each watched condition is unknown now; those that were never reported say so. The very same list where nothing changes. */
function silentConditions(conditions: Conditions, at: string): Conditions {
  let changed = false;
  const silent = conditions.map((condition) => {
    const isWatched = (WATCHED as readonly string[]).includes(condition.type);
    if (!isWatched || condition.status === 'Unknown') return condition;
    changed = true;
    return {
      ...condition,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastTransitionTime: at,
    };
  });
  const missing = WATCHED.filter((type) => !conditions.some((condition) => condition.type === type)).map((type) => ({
    lastHeartbeatTime: at,
    lastTransitionTime: at,
    message: 'Kubelet never posted node status.',
    reason: 'NodeStatusNeverUpdated',
    status: 'Unknown',
    type,
  }));
  return changed || missing.length > 0 ? [...silent, ...missing] : conditions;
}

function withTaints(spec: Node['spec'], taints: readonly Taint[]): NonNullable<Node['spec']> {
  if (taints.length > 0) return { ...spec, taints };
  return Object.fromEntries(Object.entries(spec ?? {}).filter(([field]) => field !== 'taints'));
}
