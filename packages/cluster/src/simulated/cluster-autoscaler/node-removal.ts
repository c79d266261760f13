/** Empties nodes and gives their machines back. Source: `cluster-autoscaler/core/scaledown/actuation` */
import type { Node, Pod } from '../../model/kinds.ts';
import type { ResourceRef } from '../../model/resource-ref.ts';
import { isDaemonPod, isFinished, isMirrorPod } from '../../scheduling/pod-owner.ts';
import { ApiError } from '../api/api-error.ts';
import { NODES } from '../api/built-in-types.ts';
import { evictPod } from '../api/eviction.ts';
import { podsOnNode } from '../store/object-index.ts';
import { SCAN_MS } from './autoscaler-options.ts';
import type { AutoscalerParts } from './autoscaler-parts.ts';
import { groupKeyOf } from '../cloud/machines.ts';
import { CANDIDATE, TO_BE_DELETED, withoutTaint, withTaint } from './node-taints.ts';

/** How long evictions are tried. Source: `MaxPodEvictionTime` */
const EVICTION_MS = 120_000;
/** How long evicted pods may take to end. Source: `--max-graceful-termination-sec` */
const GRACE_MS = 600_000;
/** Beyond the grace of pods. Source: `PodEvictionHeadroom` */
const HEADROOM_MS = 30_000;

interface Removal {
  readonly name: string;
  readonly isDrained: boolean;
  readonly startedAt: number;
  readonly eventId: string;
  /** Pods whose eviction was accepted, by uid. */
  readonly evicted: Set<string>;
  /** Pods that the budget refused once, by uid: told only once. */
  readonly told: Set<string>;
}

export class NodeRemoval {
  readonly #parts: AutoscalerParts;
  readonly #failed: () => void;
  readonly #running = new Map<string, Removal>();

  /** `failed` is told when a node could not be emptied. */
  constructor(parts: AutoscalerParts, failed: () => void) {
    this.#parts = parts;
    this.#failed = failed;
  }

  /** One node is drained at a time. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  get nextAt(): number | undefined {
    return this.isBusy ? this.#parts.context.clock.now + SCAN_MS : undefined;
  }

  /** `pods` have to find another node. */
  begin(node: Node, pods: readonly ResourceRef[], utilisation: number): void {
    const { context, events, visibility } = this.#parts;
    const { name } = node.metadata;
    const isDrained = pods.length > 0;
    this.#mark(name, true);
    events.node(node, 'Normal', 'ScaleDown', 'marked the node as toBeDeleted/unschedulable');
    if (isDrained) events.status('Normal', 'ScaleDown', drainMessage(name, utilisation, pods));
    else events.status('Normal', 'ScaleDownEmpty', `Scale-down: removing empty node "${name}"`);
    const key = groupKeyOf(node, context.cloud);
    const group = context.groups.groups.find((one) => one.key === key);
    const eventId = visibility.decided('scale-down', group === undefined ? [] : [group.name], this.#podsOf(name));
    const removal = {
      name,
      isDrained,
      startedAt: context.clock.now,
      eventId,
      evicted: new Set<string>(),
      told: new Set<string>(),
    };
    this.#running.set(name, removal);
    this.#advance(removal);
  }

  /** Goes on with what is under way. */
  look(): void {
    for (const removal of [...this.#running.values()]) this.#advance(removal);
  }

  #advance(removal: Removal): void {
    const { context } = this.#parts;
    const left = this.#podsOf(removal.name);
    for (const pod of left) if (!removal.evicted.has(pod.metadata.uid ?? '')) this.#evict(pod, removal);
    const waiting = this.#podsOf(removal.name);
    if (waiting.length === 0) return this.#finish(removal);
    const passed = context.clock.now - removal.startedAt;
    const refused = waiting.filter(({ metadata }) => !removal.evicted.has(metadata.uid ?? ''));
    if (refused.length > 0 && passed >= EVICTION_MS) this.#fail(removal, refused);
    else if (passed >= EVICTION_MS + GRACE_MS + HEADROOM_MS) this.#fail(removal, waiting);
  }

  /** Pods that hold the node: the others go with it. */
  #podsOf(name: string): readonly Pod[] {
    return [...podsOnNode(this.#parts.context.api.store, name)].filter(
      (pod) => !isDaemonPod(pod) && !isMirrorPod(pod) && !isFinished(pod),
    );
  }

  #evict(pod: Pod, { evicted, told }: Removal): void {
    const { context, events } = this.#parts;
    const { name, namespace = '', uid = '' } = pod.metadata;
    if (!told.has(uid)) events.evicting(pod);
    told.add(uid);
    const grace = Math.min(pod.spec?.terminationGracePeriodSeconds ?? 30, GRACE_MS / 1000);
    try {
      evictPod(context.api, namespace, name, { deleteOptions: { gracePeriodSeconds: grace } });
      evicted.add(uid);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #finish({ name, isDrained, eventId }: Removal): void {
    const { context, events, visibility, watch } = this.#parts;
    this.#running.delete(name);
    const node = watch.nodes.get(name);
    context.groups.delete(name);
    visibility.ended(eventId);
    if (node === undefined) return;
    events.node(node, 'Normal', 'ScaleDown', 'nodes removed by cluster autoscaler');
    if (isDrained) events.status('Normal', 'ScaleDown', `Scale-down: node ${name} removed with drain`);
    else events.status('Normal', 'ScaleDownEmpty', `Scale-down: empty node ${name} removed`);
  }

  #fail({ name, eventId }: Removal, pods: readonly Pod[]): void {
    const { events, visibility, watch } = this.#parts;
    this.#running.delete(name);
    for (const pod of pods) events.evictionFailed(pod);
    const node = watch.nodes.get(name);
    const names = pods.map(({ metadata }) => metadata.name);
    if (node !== undefined)
      events.node(
        node,
        'Warning',
        'ScaleDownFailed',
        `failed to drain and delete node: Failed to drain node /${name}, due to following errors: [failed to evict pods: ${names.join(', ')}]`,
      );
    visibility.ended(eventId, 'scale.down.error.failed.to.evict.pods', names);
    this.#mark(name, false);
    this.#failed();
  }

  #mark(name: string, isGoing: boolean): void {
    const { api, clock } = this.#parts.context;
    if (api.store.get(NODES, '', name) === undefined) return;
    api.change(NODES, '', name, (node) =>
      isGoing
        ? withTaint(withoutTaint(node, CANDIDATE), TO_BE_DELETED, 'NoSchedule', clock.now)
        : withoutTaint(node, TO_BE_DELETED),
    );
  }
}

function drainMessage(name: string, utilisation: number, pods: readonly ResourceRef[]): string {
  const names = pods.map((pod) => pod.name).join(',');
  return `Scale-down: removing node ${name}, utilization: {${utilisation} ${utilisation} 0 cpu ${utilisation}}, pods to reschedule: ${names}`;
}
