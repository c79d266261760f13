/** Deployments. Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/; `pkg/controller/deployment` */
import type { Deployment, Pod, ReplicaSet } from '../../../model/kinds.ts';
import { isEmptySelector, matchesSelector } from '../../../model/selector.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';
import { claimed, unlessGone } from '../claim.ts';
import { findCondition, withCondition } from '../conditions.ts';
import type { Controller, MakeController } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { controllerRefOf, OwnedIndex } from '../owned-index.ts';
import { keysOfOwners, ownerKey } from '../owner-keys.ts';
import { historyLimit, isRollingUpdate, progressDeadlineMs, replicasOf } from './limits.ts';
import { syncRevision, writeStatus } from './new-set.ts';
import {
  allSets,
  calculateRolloutStatus,
  calculateStatus,
  conditionAt,
  isComplete,
  nextProgressCheck,
  PROGRESSING,
  statusOf,
  type Rollout,
} from './progress.ts';
import { byRevision, countOf, isActiveSet } from './replica-sets.ts';
import { desiredReplicas } from './revisions.ts';
import { moveRollingUpdate } from './rolling-update.ts';
import { DEPLOYMENT_CONTROLLER, followScaling, resize } from './scale-sets.ts';

const KIND = { type: DEPLOYMENTS, selectorOf: ({ spec }: Deployment) => spec?.selector };

/** Makes the controller of one cluster. */
export const deploymentController: MakeController = (context) => new DeploymentController(context);

class DeploymentController implements Controller {
  readonly name = DEPLOYMENT_CONTROLLER.component;
  readonly needs = ['apps/ReplicaSet', '/Pod'];
  readonly #context: SimulationContext;
  readonly #store: ObjectStore;
  readonly #pods: OwnedIndex<Pod>;

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#store = context.api.store;
    this.#pods = OwnedIndex.of(this.#store, PODS);
    OwnedIndex.of(this.#store, REPLICA_SETS);
  }

  keysOf(change: Change): Iterable<string> {
    if (isChangeOf(change, DEPLOYMENTS)) return [keyOf(change.object)];
    if (isChangeOf(change, PODS)) return this.#keysOfPod(change);
    return keysOfOwners(change, REPLICA_SETS, this.#store, KIND);
  }

  reconcile(key: string): number | undefined {
    const [namespace, name] = namesOf(key);
    const found = this.#store.get(DEPLOYMENTS, namespace, name);
    if (found === undefined) return undefined;
    if (isEmptySelector(found.spec?.selector ?? {})) return this.#refuseAll(found);
    const sets = this.#claim(found);
    if (found.metadata.deletionTimestamp !== undefined) return this.#reportOnly(found, sets);
    const deployment = this.#withPauseTold(found);
    if (deployment.spec?.paused === true) return this.#followScaling(deployment, sets);
    const rollout = syncRevision(this.#context, deployment, sets, 'find');
    if (isBeingScaled(rollout)) return this.#followScaling(rollout.deployment, allSets(rollout));
    return isRollingUpdate(deployment) ? this.#roll(rollout) : this.#recreate(rollout);
  }

  /** A Deployment that recreates waits for the last old pod, which its sets no longer count. */
  #keysOfPod({ kind, object }: Change<Pod>): readonly string[] {
    if (kind !== 'DELETED' && !isFinished(object)) return [];
    const owner = controllerRefOf(object);
    const set = owner === undefined ? undefined : this.#store.byUid(owner.uid);
    const key = set === undefined ? undefined : ownerKey(set, DEPLOYMENTS);
    return key === undefined ? [] : [key];
  }

  #refuseAll(deployment: Deployment): undefined {
    const message = 'This deployment is selecting all pods. A non-empty selector is required.';
    this.#context.events.record(deployment, 'Warning', 'SelectingAll', message, DEPLOYMENT_CONTROLLER);
    const { generation } = deployment.metadata;
    if (generation !== undefined)
      writeStatus(this.#context, deployment, (status) => ({ ...status, observedGeneration: generation }));
    return undefined;
  }

  #claim(deployment: Deployment): readonly ReplicaSet[] {
    return claimed({
      api: this.#context.api,
      type: REPLICA_SETS,
      owner: deployment,
      ownerType: DEPLOYMENTS,
      matches: ({ metadata }) => matchesSelector(deployment.spec?.selector, metadata.labels),
    });
  }

  #reportOnly(deployment: Deployment, sets: readonly ReplicaSet[]): undefined {
    this.#report(syncRevision(this.#context, deployment, sets, 'find'));
    return undefined;
  }

  /** A pause stops the watch over progress; the condition tells since when. */
  #withPauseTold(deployment: Deployment): Deployment {
    if (progressDeadlineMs(deployment) === undefined) return deployment;
    const known = findCondition(statusOf(deployment).conditions ?? [], PROGRESSING);
    if (known?.reason === 'ProgressDeadlineExceeded') return deployment;
    const isPaused = deployment.spec?.paused === true;
    if (isPaused === (known?.reason === 'DeploymentPaused')) return deployment;
    const { now } = this.#context.clock;
    const condition = isPaused
      ? conditionAt(now, PROGRESSING, 'Unknown', 'DeploymentPaused', 'Deployment is paused')
      : conditionAt(now, PROGRESSING, 'Unknown', 'DeploymentResumed', 'Deployment is resumed');
    return writeStatus(this.#context, deployment, (status) => ({
      ...status,
      conditions: withCondition(status.conditions ?? [], condition),
    }));
  }

  #followScaling(deployment: Deployment, sets: readonly ReplicaSet[]): undefined {
    const rollout = syncRevision(this.#context, deployment, sets, 'find');
    followScaling(this.#context, rollout);
    if (deployment.spec?.paused === true) this.#cleanUp(rollout);
    this.#report(rollout);
    return undefined;
  }

  #roll(found: Rollout): number | undefined {
    const rollout = this.#withNewSet(found);
    moveRollingUpdate(this.#context, rollout);
    if (isComplete(rollout.deployment, statusOf(rollout.deployment))) this.#cleanUp(rollout);
    return this.#reportRollout(rollout);
  }

  #recreate(found: Rollout): number | undefined {
    const { deployment } = found;
    const running = found.oldSets.filter(isActiveSet);
    for (const old of running) resize(this.#context, deployment, old, 0);
    if (running.length > 0 || this.#hasOldPods(found)) return this.#reportRollout(found);
    const rollout = this.#withNewSet(found);
    if (rollout.newSet !== undefined)
      resize(this.#context, rollout.deployment, rollout.newSet, replicasOf(rollout.deployment));
    if (isComplete(rollout.deployment, statusOf(rollout.deployment))) this.#cleanUp(rollout);
    return this.#reportRollout(rollout);
  }

  #withNewSet(rollout: Rollout): Rollout {
    return syncRevision(this.#context, rollout.deployment, allSets(rollout), 'make');
  }

  #hasOldPods({ oldSets }: Rollout): boolean {
    if (countOf(oldSets, 'replicas') > 0) return true;
    return oldSets.some(({ metadata }) => [...this.#pods.ownedBy(metadata.uid ?? '')].some((pod) => !isFinished(pod)));
  }

  /** Keeps as many old sets as the history may hold, the newest ones. */
  #cleanUp({ deployment, oldSets }: Rollout): void {
    const limit = historyLimit(deployment);
    if (limit === undefined) return;
    const alive = byRevision(oldSets.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
    for (const set of alive.slice(0, Math.max(0, alive.length - limit))) {
      const isEmpty = (set.status?.replicas ?? 0) === 0 && replicasOf(set) === 0;
      const isSeen = (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
      if (isEmpty && isSeen)
        unlessGone(() => this.#context.api.delete(REPLICA_SETS, set.metadata.namespace ?? '', set.metadata.name));
    }
  }

  #report(rollout: Rollout): void {
    const status = calculateStatus(rollout, this.#context.clock.now);
    writeStatus(this.#context, rollout.deployment, () => status);
  }

  #reportRollout(rollout: Rollout): number | undefined {
    const { now } = this.#context.clock;
    const status = calculateRolloutStatus(rollout, now);
    return nextProgressCheck(
      writeStatus(this.#context, rollout.deployment, () => status),
      now,
    );
  }
}

/** Whether some set was sized for another number of pods than is wanted now. */
function isBeingScaled(rollout: Rollout): boolean {
  const wanted = replicasOf(rollout.deployment);
  return allSets(rollout)
    .filter(isActiveSet)
    .some((set) => (desiredReplicas(set) ?? wanted) !== wanted);
}
