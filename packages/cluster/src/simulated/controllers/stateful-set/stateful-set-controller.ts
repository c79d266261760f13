/** StatefulSets. Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/; `pkg/controller/statefulset` */
import type { Pod, StatefulSet } from '../../../model/kinds.ts';
import { matchesSelector } from '../../../model/selector.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { ApiError } from '../../api/api-error.ts';
import { PODS, STATEFUL_SETS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import { claimed } from '../claim.ts';
import { withoutEmpty } from '../conditions.ts';
import type { Controller, MakeController } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { OwnedIndex } from '../owned-index.ts';
import { keysOfOwners } from '../owner-keys.ts';
import { nextAvailability } from '../pod-state.ts';
import { syncHistory, truncateHistory, type History } from '../revision-history.ts';
import {
  isLeaving,
  isRunningAndAvailable,
  isRunningAndReady,
  ordinalOf,
  replicasOf,
  revisionOfPod,
  STATEFUL_SET_CONTROLLER,
} from './ordinals.ts';
import { movePods, type SetScene } from './stateful-pods.ts';

type SetStatus = NonNullable<StatefulSet['status']>;

const KIND = { type: STATEFUL_SETS, selectorOf: ({ spec }: StatefulSet) => spec?.selector };

/** Makes the controller of one cluster. */
export const statefulSetController: MakeController = (context) => new StatefulSetController(context);

class StatefulSetController implements Controller {
  readonly name = STATEFUL_SET_CONTROLLER.component;
  readonly needs = ['/Pod', '/PersistentVolumeClaim', 'apps/ControllerRevision'];
  readonly #context: SimulationContext;

  constructor(context: SimulationContext) {
    this.#context = context;
    OwnedIndex.of(context.api.store, PODS);
  }

  keysOf(change: Change): Iterable<string> {
    if (isChangeOf(change, STATEFUL_SETS)) return [keyOf(change.object)];
    return keysOfOwners(change, PODS, this.#context.api.store, KIND);
  }

  reconcile(key: string): number | undefined {
    const [namespace, name] = namesOf(key);
    const set = this.#context.api.store.get(STATEFUL_SETS, namespace, name);
    if (set === undefined) return undefined;
    const history = this.#history(set);
    const known = history.revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision);
    const scene = { set, pods: this.#claim(set), current: known ?? history.update, update: history.update };
    const refusal = this.#move(scene, history);
    const live = new Set([...scene.pods.map(revisionOfPod), scene.current.metadata.name, scene.update.metadata.name]);
    truncateHistory(
      this.#context.api,
      history.revisions,
      ({ metadata }) => live.has(metadata.name),
      set.spec?.revisionHistoryLimit ?? 10,
    );
    if (refusal !== undefined) throw refusal;
    return nextAvailability(scene.pods, set.spec?.minReadySeconds ?? 0, this.#context.clock.now);
  }

  #history(set: StatefulSet): History {
    return syncHistory({
      api: this.#context.api,
      owner: set,
      type: STATEFUL_SETS,
      selector: set.spec?.selector,
      template: set.spec?.template,
      collisionCount: set.status?.collisionCount,
    });
  }

  #claim(set: StatefulSet): readonly Pod[] {
    return claimed({
      api: this.#context.api,
      type: PODS,
      owner: set,
      ownerType: STATEFUL_SETS,
      matches: (pod) =>
        ordinalOf(pod)[0] === set.metadata.name && matchesSelector(set.spec?.selector, pod.metadata.labels),
    });
  }

  /** Moves pods unless the set is being deleted, and tells how it was before, less what was deleted. */
  #move(scene: SetScene, { collisionCount }: History): ApiError | undefined {
    let deleted = 0;
    let refusal: ApiError | undefined;
    try {
      if (scene.set.metadata.deletionTimestamp === undefined) deleted = movePods(this.#context, scene);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusal = error;
    }
    const status = statusOf(scene, deleted, collisionCount ?? 0, this.#context.clock.now);
    const { namespace = '', name } = scene.set.metadata;
    this.#context.api.changeStatus(STATEFUL_SETS, namespace, name, (set) =>
      sameJson(set.status, status) ? set : { ...set, status },
    );
    return refusal;
  }
}

function statusOf(
  { set, pods, current, update }: SetScene,
  deleted: number,
  collisionCount: number,
  now: number,
): SetStatus {
  const staying = pods.filter((pod) => !isLeaving(pod));
  const ready = pods.filter(isRunningAndReady);
  const ofRevision = (name: string) => staying.filter((pod) => revisionOfPod(pod) === name).length;
  const updated = ofRevision(update.metadata.name);
  const isRolling = (set.spec?.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  const isDone = isRolling && [updated, ready.length, pods.length].every((count) => count === replicasOf(set));
  return {
    ...withoutEmpty({
      observedGeneration: set.metadata.generation,
      readyReplicas: ready.length,
      currentReplicas: isDone ? updated : Math.max(0, ofRevision(current.metadata.name) - deleted),
      updatedReplicas: updated,
    }),
    replicas: pods.length,
    availableReplicas: ready.filter((pod) => isRunningAndAvailable(set, pod, now)).length,
    currentRevision: (isDone ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
  };
}
