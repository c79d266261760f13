/**
 * Pods that nobody ends or takes away any more.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-garbage-collection; `pkg/controller/podgc`
 */
import type { Node, Pod } from '../../../model/kinds.ts';
import { compare } from '../../../model/order.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { NODES, PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, podsOnNode } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { unlessGone } from '../claim.ts';
import { withoutCondition } from '../conditions.ts';
import type { Controller, MakeController } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { isReady } from '../pod-state.ts';

/** How often a real cluster looks. Source: `gcCheckPeriod` */
const PERIOD_MS = 20_000;
/** How long a node must be gone. Source: `quarantineTime` */
const QUARANTINE_MS = 40_000;
/** Ended pods that may stay. Source: `kube-controller-manager --terminated-pod-gc-threshold` */
const TERMINATED_THRESHOLD = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

/** Keys: `node:NAME` for pods of a node, `pod:NAMESPACE/NAME` for one that was never placed, `ended` for those that ended. */
const NODE = 'node:';
const POD = 'pod:';
const ENDED = 'ended';

/** Makes the controller of one cluster. */
export const podGcController: MakeController = (context) => new PodGcController(context);

class PodGcController implements Controller {
  readonly name = 'pod-garbage-collector-controller';
  readonly needs = ['/Node'];
  readonly #context: SimulationContext;
  readonly #missingSince = new Map<string, number>();
  #ended = 0;

  constructor(context: SimulationContext) {
    this.#context = context;
    for (const pod of context.api.store.list(PODS)) if (isFinished(pod)) this.#ended++;
  }

  *keysOf(change: Change): Iterable<string> {
    if (isChangeOf(change, NODES)) yield NODE + change.object.metadata.name;
    if (!isChangeOf(change, PODS)) return;
    const { kind, object, previous } = change;
    const wasEnded = previous !== undefined && isFinished(previous);
    const isEnded = kind !== 'DELETED' && isFinished(object);
    this.#ended += Number(isEnded) - Number(wasEnded);
    if (this.#ended > TERMINATED_THRESHOLD) yield ENDED;
    if (kind === 'DELETED') return;
    const node = object.spec?.nodeName ?? '';
    const isLeaving = object.metadata.deletionTimestamp !== undefined;
    if (node === '' && isLeaving) yield POD + keyOf(object);
    else if (node !== '' && (isLeaving || this.#context.api.store.get(NODES, '', node) === undefined))
      yield NODE + node;
  }

  reconcile(key: string): number | undefined {
    if (key === ENDED) return this.#removeEnded();
    if (key.startsWith(POD)) return this.#removeUnplaced(key.slice(POD.length));
    return this.#lookAtNode(key.slice(NODE.length));
  }

  #lookAtNode(name: string): number | undefined {
    const { api, clock } = this.#context;
    const node = api.store.get(NODES, '', name);
    if (node !== undefined) {
      this.#missingSince.delete(name);
      if (isOutOfService(node)) this.#removeTerminating(name);
      return undefined;
    }
    const pods = [...podsOnNode(api.store, name)];
    if (pods.length === 0) {
      this.#missingSince.delete(name);
      return undefined;
    }
    const since = this.#missingSince.get(name) ?? clock.now;
    this.#missingSince.set(name, since);
    if (since + QUARANTINE_MS > clock.now) return since + QUARANTINE_MS - clock.now;
    for (const pod of pods) this.#remove(pod, 'PodGC: node no longer exists');
    return undefined;
  }

  #removeTerminating(node: string): void {
    for (const pod of [...podsOnNode(this.#context.api.store, node)])
      if (pod.metadata.deletionTimestamp !== undefined) this.#remove(pod);
  }

  #removeUnplaced(key: string): number | undefined {
    const { api, clock } = this.#context;
    const [namespace, name] = namesOf(key);
    const pod = api.store.get(PODS, namespace, name);
    if (pod?.metadata.deletionTimestamp === undefined || (pod.spec?.nodeName ?? '') !== '') return undefined;
    const dueAt = Date.parse(pod.metadata.deletionTimestamp) + PERIOD_MS;
    if (dueAt > clock.now) return dueAt - clock.now;
    this.#remove(pod);
    return undefined;
  }

  /** The oldest go, evicted ones before others. */
  #removeEnded(): undefined {
    const surplus = this.#ended - TERMINATED_THRESHOLD;
    if (surplus <= 0) return undefined;
    const isEvicted = ({ status }: Pod) => Number(status?.reason === 'Evicted');
    const ended = [...this.#context.api.store.list(PODS)]
      .filter(isFinished)
      .sort(
        (a, b) =>
          isEvicted(b) - isEvicted(a) ||
          compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
          compare(a.metadata.name, b.metadata.name),
      );
    for (const pod of ended.slice(0, surplus)) this.#remove(pod);
    return undefined;
  }

  /** Tells owners that the pod has failed before it goes; `disruption`: why, where that is no wish of its owner. */
  #remove(pod: Pod, disruption?: string): void {
    const { namespace = '', name } = pod.metadata;
    const { api } = this.#context;
    if (!isFinished(pod))
      unlessGone(() =>
        api.changeStatus(PODS, namespace, name, (current) => {
          const status = { ...current.status, phase: 'Failed' };
          return { ...current, status: disruption === undefined ? status : this.#disrupted(status, disruption) };
        }),
      );
    unlessGone(() => api.delete(PODS, namespace, name, { gracePeriodSeconds: 0 }));
  }

  #disrupted(status: NonNullable<Pod['status']>, message: string): NonNullable<Pod['status']> {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message,
      lastTransitionTime: timestamp(this.#context.clock.now),
    };
    return { ...status, conditions: [...withoutCondition(status.conditions ?? [], condition.type), condition] };
  }
}

/** Whether an administrator says that nothing runs there any more. */
function isOutOfService({ spec, status }: Node): boolean {
  const isTainted = (spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
  return isTainted && !isReady({ status } as Pod);
}
