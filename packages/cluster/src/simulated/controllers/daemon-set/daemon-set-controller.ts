/** DaemonSets. Source: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/; `pkg/controller/daemon` */
import type { DaemonSet, Node, Pod, PodSpec } from '../../../model/kinds.ts';
import { isEmptySelector, matchesSelector } from '../../../model/selector.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import type { ApiError } from '../../api/api-error.ts';
import { DAEMON_SETS, NODES, PODS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';
import { claimed } from '../claim.ts';
import { withoutEmpty } from '../conditions.ts';
import type { Controller, MakeController } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { OwnedIndex } from '../owned-index.ts';
import { keysOfOwners } from '../owner-keys.ts';
import {
  createPod,
  deletePod,
  inGrowingBatches,
  isNamespaceGoing,
  podFromTemplate,
  refusalOf,
  type PodOwner,
} from '../pod-control.ts';
import { isReady, nextAvailability } from '../pod-state.ts';
import { hashOfRevision, REVISION_HASH, syncHistory, truncateHistory, type History } from '../revision-history.ts';
import { placementOn, specOn } from './daemon-placement.ts';
import { neededChanges, updateChanges, type DaemonChanges } from './daemon-pods.ts';
import {
  DAEMON_SET_CONTROLLER,
  daemonScene,
  isAvailableIn,
  isUpdated,
  POD_GENERATION,
  templateGeneration,
  type DaemonScene,
} from './daemon-scene.ts';
import { FailureBackOff } from './failure-back-off.ts';

type SetStatus = NonNullable<DaemonSet['status']>;

const KIND = { type: DAEMON_SETS, selectorOf: ({ spec }: DaemonSet) => spec?.selector };
/** The most pods made or deleted at a time. Source: `daemon.BurstReplicas` */
const DAEMON_BURST = 250;

/** Makes the controller of one cluster. */
export const daemonSetController: MakeController = (context) => new DaemonSetController(context);

class DaemonSetController implements Controller {
  readonly name = DAEMON_SET_CONTROLLER.component;
  readonly needs = ['/Pod', '/Node', 'apps/ControllerRevision'];
  readonly #context: SimulationContext;
  readonly #store: ObjectStore;
  readonly #backOff = new FailureBackOff();

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#store = context.api.store;
    OwnedIndex.of(this.#store, PODS);
  }

  keysOf(change: Change): Iterable<string> {
    if (isChangeOf(change, DAEMON_SETS)) return [keyOf(change.object)];
    if (isChangeOf(change, NODES)) return this.#keysOfNode(change);
    return keysOfOwners(change, PODS, this.#store, KIND);
  }

  reconcile(key: string): number | undefined {
    const [namespace, name] = namesOf(key);
    const set = this.#store.get(DAEMON_SETS, namespace, name);
    if (set === undefined) return undefined;
    if (isEmptySelector(set.spec?.selector ?? {})) {
      const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
      this.#context.events.record(set, 'Warning', 'SelectingAll', message, DAEMON_SET_CONTROLLER);
      return undefined;
    }
    if (set.metadata.deletionTimestamp !== undefined) {
      this.#backOff.forget(`${set.metadata.uid ?? ''}/`);
      return undefined;
    }
    return this.#sync(set);
  }

  /** Only sets for which the node came, went or became another place. */
  *#keysOfNode({ kind, object, previous }: Change<Node>): Iterable<string> {
    if (kind === 'MODIFIED' && previous !== undefined && isSamePlace(object, previous)) return;
    for (const set of this.#store.list(DAEMON_SETS)) {
      const now = placementOn(object, set);
      const before = kind === 'MODIFIED' && previous !== undefined ? placementOn(previous, set) : undefined;
      if (before === undefined ? now.shouldRun : !sameJson(before, now)) yield keyOf(set);
    }
  }

  #sync(set: DaemonSet): number | undefined {
    const history = this.#history(set);
    const pods = this.#claim(set);
    const { now } = this.#context.clock;
    const scene = daemonScene(set, [...this.#store.list(NODES)], pods, hashOfRevision(history.update), now);
    let againMs = nextAvailability(pods, set.spec?.minReadySeconds ?? 0, now) ?? Infinity;
    const needed = neededChanges(this.#context, scene, this.#backOff, (delayMs) => {
      againMs = Math.min(againMs, delayMs);
    });
    const isSettled = needed.make.length === 0 && needed.remove.length === 0;
    const isRolling = (set.spec?.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
    // The places come first; what they changed is looked at again before the next version moves on.
    const refusal = this.#apply(scene, isSettled && isRolling ? updateChanges(scene) : needed);
    this.#cleanUp(set, pods, history);
    this.#report(scene, history);
    if (refusal !== undefined) throw refusal;
    return againMs === Infinity ? undefined : againMs;
  }

  #history(set: DaemonSet): History {
    return syncHistory({
      api: this.#context.api,
      owner: set,
      type: DAEMON_SETS,
      selector: set.spec?.selector,
      template: set.spec?.template,
      collisionCount: set.status?.collisionCount,
      hashLabel: REVISION_HASH,
    });
  }

  #claim(set: DaemonSet): readonly Pod[] {
    return claimed({
      api: this.#context.api,
      type: PODS,
      owner: set,
      ownerType: DAEMON_SETS,
      matches: ({ metadata }) => matchesSelector(set.spec?.selector, metadata.labels),
    });
  }

  #apply({ set, hash }: DaemonScene, { make, remove }: DaemonChanges): ApiError | undefined {
    const owner: PodOwner = { object: set, type: DAEMON_SETS, ...DAEMON_SET_CONTROLLER };
    const plain = podFromTemplate(set.spec?.template, owner);
    const generation = templateGeneration(set);
    const labels = {
      ...plain.metadata.labels,
      ...(generation === undefined ? {} : { [POD_GENERATION]: generation }),
      [REVISION_HASH]: hash,
    };
    const places = make.slice(0, DAEMON_BURST);
    const { refusal } = inGrowingBatches(places.length, (at) => {
      const spec = specOn(places[at] as string, plain.spec as PodSpec);
      createPod(this.#context, owner, { ...plain, metadata: { ...plain.metadata, labels }, spec });
    });
    const refusals = remove.slice(0, DAEMON_BURST).map((pod) => refusalOf(() => deletePod(this.#context, owner, pod)));
    const told = refusal !== undefined && isNamespaceGoing(refusal) ? undefined : refusal;
    return told ?? refusals.find((one) => one !== undefined);
  }

  #cleanUp(set: DaemonSet, pods: readonly Pod[], { revisions, update }: History): void {
    const live = new Set(pods.map(({ metadata }) => metadata.labels?.[REVISION_HASH]));
    const limit = set.spec?.revisionHistoryLimit ?? 10;
    const isLive = (one: History['update']) => one === update || live.has(hashOfRevision(one));
    truncateHistory(this.#context.api, revisions, isLive, limit);
  }

  #report(scene: DaemonScene, { collisionCount }: History): void {
    const { namespace = '', name } = scene.set.metadata;
    const status: SetStatus = { ...statusOf(scene), ...(collisionCount === undefined ? {} : { collisionCount }) };
    this.#context.api.changeStatus(DAEMON_SETS, namespace, name, (set) =>
      sameJson(set.status, status) ? set : { ...set, status },
    );
  }
}

/** Whether only what daemon pods do not ask for has changed. */
function isSamePlace(a: Node, b: Node): boolean {
  return sameJson(a.spec, b.spec) && sameJson(a.metadata.labels, b.metadata.labels);
}

function statusOf(scene: DaemonScene): SetStatus {
  const { set, nodes, podsByNode } = scene;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const [pod] = podsByNode.get(node.metadata.name) ?? [];
    const { shouldRun } = placementOn(node, set);
    if (shouldRun) counts.desired++;
    if (pod === undefined) continue;
    if (!shouldRun) {
      counts.misscheduled++;
      continue;
    }
    counts.current++;
    if (isReady(pod)) counts.ready++;
    if (isAvailableIn(scene, pod)) counts.available++;
    if (isUpdated(scene, pod)) counts.updated++;
  }
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...withoutEmpty({
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: counts.updated,
      numberAvailable: counts.available,
      numberUnavailable: counts.desired - counts.available,
    }),
  };
}
