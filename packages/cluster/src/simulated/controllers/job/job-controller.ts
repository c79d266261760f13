/** Jobs. Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/; `pkg/controller/job` */
import type { Job, Pod } from '../../../model/kinds.ts';
import { matchesSelector } from '../../../model/selector.ts';
import { JOBS, PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change, ObjectStore } from '../../store/object-store.ts';
import { claimed } from '../claim.ts';
import { findCondition, omit, withoutEmpty } from '../conditions.ts';
import type { Controller, MakeController } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { controllerRefOf, OwnedIndex } from '../owned-index.ts';
import { keysOfOwners, ownerKey } from '../owner-keys.ts';
import { NO_BACK_OFF, type BackOff } from './back-off.ts';
import { activeDeadline, completion, earlyEnd, jobCondition } from './job-end.ts';
import { deletePods, managePods, removeTracking, type PodsManaged } from './job-pod-control.ts';
import {
  isJobFinished,
  isSuspended,
  isTracked,
  jobStatusOf,
  TRACKING,
  type JobCondition,
  type JobStatus,
} from './job-pods.ts';
import { jobScene, type JobScene } from './job-scene.ts';
import { track } from './job-tracking.ts';

const KIND = { type: JOBS, selectorOf: ({ spec }: Job) => spec?.selector };
const SOURCE = { component: 'job-controller' };
/** Before the key of a pod whose Job is gone or over. */
const ORPHAN = 'pod:';

/** Makes the controller of one cluster. */
export const jobController: MakeController = (context) => new JobController(context);

class JobController implements Controller {
  readonly name = SOURCE.component;
  readonly needs = ['/Pod'];
  readonly #context: SimulationContext;
  readonly #store: ObjectStore;
  readonly #pods: OwnedIndex<Pod>;
  readonly #backOffs = new Map<string, BackOff>();

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#store = context.api.store;
    this.#pods = OwnedIndex.of(this.#store, PODS);
  }

  keysOf(change: Change): Iterable<string> {
    if (isChangeOf(change, JOBS)) return [...this.#orphanKeys(change), keyOf(change.object)];
    const keys = keysOfOwners(change, PODS, this.#store, KIND);
    return isChangeOf(change, PODS) && change.kind !== 'DELETED' && this.#isOrphan(change.object)
      ? [...keys, ORPHAN + keyOf(change.object)]
      : keys;
  }

  reconcile(key: string): number | undefined {
    if (key.startsWith(ORPHAN)) return this.#letGo(key.slice(ORPHAN.length));
    const [namespace, name] = namesOf(key);
    const job = this.#store.get(JOBS, namespace, name);
    if (job === undefined || isJobFinished(job)) {
      this.#backOffs.delete(key);
      return undefined;
    }
    return this.#sync(key, job);
  }

  /** Pods that a deleted Job leaves behind; they are deleted in their own time and must not be held. */
  #orphanKeys({ kind, object }: Change<Job>): readonly string[] {
    if (kind !== 'DELETED') return [];
    return [...this.#pods.ownedBy(object.metadata.uid ?? '')].filter(isTracked).map((pod) => ORPHAN + keyOf(pod));
  }

  #isOrphan(pod: Pod): boolean {
    if (!isTracked(pod)) return false;
    const owner = controllerRefOf(pod);
    if (owner === undefined) return true;
    if (ownerKey(pod, JOBS) === undefined) return false;
    const job = this.#store.byUid(owner.uid) as Job | undefined;
    return job === undefined || isJobFinished(job);
  }

  #letGo(key: string): undefined {
    const [namespace, name] = namesOf(key);
    const pod = this.#store.get(PODS, namespace, name);
    if (pod !== undefined && this.#isOrphan(pod)) removeTracking(this.#context, pod);
    return undefined;
  }

  #claim(job: Job): readonly Pod[] {
    return claimed({
      api: this.#context.api,
      type: PODS,
      owner: job,
      ownerType: JOBS,
      finalizer: TRACKING,
      matches: ({ metadata }) => matchesSelector(job.spec?.selector, metadata.labels),
    });
  }

  #sync(key: string, job: Job): number | undefined {
    const { now } = this.#context.clock;
    const scene = jobScene(job, this.#claim(job), this.#backOffs.get(key) ?? NO_BACK_OFF);
    const startTime = scene.status.startTime ?? (isSuspended(job) ? undefined : timestamp(now));
    const startedAt = startTime === undefined ? undefined : Date.parse(startTime);
    const early = earlyEnd(scene, startedAt, now);
    const managed = this.#manage(scene, early !== undefined);
    // What could not be deleted keeps the Job from its end.
    const decided = early !== undefined && managed.active > 0 ? undefined : early;
    const end = decided ?? (early === undefined ? completion(scene, managed.active, now) : undefined);
    const draft = this.#draft(scene, managed, startTime, early ?? end);
    track(this.#context, scene, draft, end, () => this.#backOffs.set(key, scene.backOff));
    if (managed.refusal !== undefined) throw managed.refusal;
    const deadlineAt = end === undefined ? activeDeadline(job, startedAt) : undefined;
    const againMs = Math.min(managed.againMs ?? Infinity, deadlineAt === undefined ? Infinity : deadlineAt - now);
    return againMs === Infinity ? undefined : againMs;
  }

  #manage(scene: JobScene, isOver: boolean): PodsManaged {
    if (isOver) return deletePods(this.#context, scene, scene.active, false);
    const { active, ready, terminating, job } = scene;
    if (job.metadata.deletionTimestamp !== undefined) return { active: active.length, ready, terminating };
    return managePods(this.#context, scene);
  }

  #draft(
    { job, status }: JobScene,
    { active, ready, terminating }: PodsManaged,
    startTime: string | undefined,
    end: JobCondition | undefined,
  ): JobStatus {
    const isManaged = job.metadata.deletionTimestamp === undefined && end === undefined;
    const suspension = isManaged ? this.#tellSuspension(job) : {};
    return {
      ...omit(status, 'active', 'startTime'),
      ...withoutEmpty({ active, startTime }),
      ready,
      terminating,
      uncountedTerminatedPods: status.uncountedTerminatedPods ?? {},
      ...suspension,
    };
  }

  /** Tells that the Job was suspended, or resumed, from when on its time counts anew. */
  #tellSuspension(job: Job): Pick<JobStatus, 'conditions' | 'startTime'> {
    const { clock, events } = this.#context;
    const { conditions = [] } = jobStatusOf(job);
    const known = findCondition(conditions, 'Suspended');
    const isNow = isSuspended(job);
    if ((known?.status === 'True') === isNow) return {};
    const [reason, message] = isNow ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
    events.record(job, 'Normal', isNow ? 'Suspended' : 'Resumed', message as string, SOURCE);
    const condition = jobCondition(
      clock.now,
      'Suspended',
      isNow ? 'True' : 'False',
      reason as string,
      message as string,
    );
    const others = conditions.map((one) => (one.type === 'Suspended' ? condition : one));
    return {
      conditions: known === undefined ? [...conditions, condition] : others,
      ...(isNow ? {} : { startTime: timestamp(clock.now) }),
    };
  }
}
