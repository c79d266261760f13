/** Making and deleting the pods of a Job. Source: `pkg/controller/job`, `manageJob` */
import type { Job, Pod, PodSpec } from '../../../model/kinds.ts';
import type { ApiError } from '../../api/api-error.ts';
import { JOBS, PODS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { unlessGone } from '../claim.ts';
import {
  BURST,
  createPod,
  deletePod,
  inGrowingBatches,
  isNamespaceGoing,
  podFromTemplate,
  refusalOf,
  type PodOwner,
} from '../pod-control.ts';
import { rankForDeletion } from '../pod-ranking.ts';
import { isReady, isTerminating } from '../pod-state.ts';
import { remainingBackOff, remainingIndexBackOff } from './back-off.ts';
import { firstMissing } from './indexes.ts';
import {
  COMPLETION_INDEX,
  completionsOf,
  hasValidIndex,
  IGNORED_INDEX_FAILURES,
  INDEX_FAILURES,
  indexFailures,
  indexOf,
  isIndexed,
  isSuspended,
  replacesOnlyFailed,
  TRACKING,
} from './job-pods.ts';
import { activeIndexes, type JobScene } from './job-scene.ts';
import { matchFailurePolicy } from './pod-failure-policy.ts';

/** What became of the pods. */
export interface PodsManaged {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
  readonly refusal?: ApiError | undefined;
  /** Milliseconds until the next pod may be made. */
  readonly againMs?: number;
}

function jobOwner(job: Job): PodOwner {
  return { object: job, type: JOBS, component: 'job-controller' };
}

/** Brings the number of active pods to what is wanted: either deletes or makes some. */
export function managePods(context: SimulationContext, scene: JobScene): PodsManaged {
  const { job, active, ready, terminating } = scene;
  if (isSuspended(job)) return deletePods(context, scene, active, true);
  const wanted = wantedActive(scene);
  const surplus = surplusPods(context, scene, Math.max(0, active.length - wanted));
  if (surplus.length > 0) return deletePods(context, scene, surplus.slice(0, BURST), true);
  const missing = wanted - (replacesOnlyFailed(job) ? terminating : 0) - active.length;
  return missing > 0
    ? makePods(context, scene, Math.min(missing, BURST))
    : { active: active.length, ready, terminating };
}

/** Deletes active pods; without their finalizer first where they are not to be counted. */
export function deletePods(
  context: SimulationContext,
  { job, active, ready, terminating }: JobScene,
  pods: readonly Pod[],
  isUncounted: boolean,
): PodsManaged {
  const owner = jobOwner(job);
  const outcomes = pods.map((pod) => {
    const refusal = refusalOf(() => {
      if (isUncounted) removeTracking(context, pod);
      deletePod(context, owner, pod);
    });
    return { pod, refusal };
  });
  const deleted = outcomes.filter(({ refusal }) => refusal === undefined);
  return {
    active: active.length - deleted.length,
    ready: ready - deleted.filter(({ pod }) => isReady(pod)).length,
    terminating: terminating + deleted.length,
    refusal: outcomes.find(({ refusal }) => refusal !== undefined)?.refusal,
  };
}

/** Lets go of a pod whose end was counted. */
export function removeTracking({ api }: SimulationContext, { metadata }: Pod): void {
  if (metadata.finalizers?.includes(TRACKING) !== true) return;
  unlessGone(() =>
    api.change(PODS, metadata.namespace ?? '', metadata.name, (pod) => {
      const { finalizers = [], ...rest } = pod.metadata;
      const left = finalizers.filter((finalizer) => finalizer !== TRACKING);
      return { ...pod, metadata: left.length === 0 ? rest : { ...rest, finalizers: left } };
    }),
  );
}

function wantedActive({ job, active, succeeded }: JobScene): number {
  const parallelism = job.spec?.parallelism ?? 1;
  const completions = completionsOf(job);
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

/** Too many pods, and those that share an index or have none that is wanted. */
function surplusPods({ clock }: SimulationContext, { job, active }: JobScene, atLeast: number): readonly Pod[] {
  const isClear = !isIndexed(job) || new Set(active.map((pod) => wantedIndex(job, pod))).size === active.length;
  if (atLeast === 0 && isClear) return active.filter((pod) => isIndexed(job) && wantedIndex(job, pod) < 0);
  const ranked = rankForDeletion(active, [], clock.now);
  // Of several with one index the one that would go last stays.
  const staying = new Map(ranked.map((pod) => [indexOf(pod), pod]));
  const isSurplus = (pod: Pod) => isIndexed(job) && (staying.get(indexOf(pod)) !== pod || wantedIndex(job, pod) < 0);
  const surplus = ranked.filter(isSurplus);
  const rest = ranked.filter((pod) => !isSurplus(pod));
  return [...surplus, ...rest.slice(0, Math.max(0, atLeast - surplus.length))];
}

/** −1 for one that the Job does not want. */
function wantedIndex(job: Job, pod: Pod): number {
  return hasValidIndex(pod, job) ? indexOf(pod) : -1;
}

function makePods(context: SimulationContext, scene: JobScene, missing: number): PodsManaged {
  const { job, active, ready, terminating, backOff } = scene;
  const { now } = context.clock;
  // As the controller says it while it waits.
  const waiting = (againMs: number): PodsManaged => ({ active: 0, ready, terminating, againMs });
  if (job.spec?.backoffLimitPerIndex === undefined) {
    const left = remainingBackOff(backOff, now);
    if (left > 0) return waiting(left);
  }
  const pods = podsToMake(scene, missing, now);
  if (pods.length > 0 && pods.every(({ waitMs }) => waitMs > 0))
    return waiting(Math.min(...pods.map(({ waitMs }) => waitMs)));
  const due = pods.filter(({ waitMs }) => waitMs === 0);
  const owner = jobOwner(job);
  const { succeeded, refusal } = inGrowingBatches(due.length, (at) => createPod(context, owner, due[at]?.pod as Pod));
  const told = refusal === undefined || isNamespaceGoing(refusal) ? undefined : refusal;
  return { active: active.length + succeeded, ready, terminating, refusal: told };
}

/** Pods and how long each has to wait. */
function podsToMake(scene: JobScene, missing: number, now: number): readonly { pod: Pod; waitMs: number }[] {
  const { job, pods, indexes } = scene;
  const plain = withTracking(podFromTemplate(job.spec?.template, jobOwner(job)));
  if (indexes === undefined) return Array.from({ length: missing }, () => ({ pod: plain, waitMs: 0 }));
  const leaving = replacesOnlyFailed(job) ? pods.filter(isTerminating).map(indexOf) : [];
  const taken = [indexes.succeeded, activeIndexes(pods), new Set(leaving), indexes.failed ?? new Set<number>()];
  return firstMissing(missing, completionsOf(job) ?? 0, taken).map((index) => ({
    pod: withIndex(job, plain, index, indexes.lastFailed.get(index)),
    waitMs: remainingIndexBackOff(indexes.lastFailed.get(index), now),
  }));
}

function withTracking(pod: Pod): Pod {
  const { finalizers = [] } = pod.metadata;
  if (finalizers.includes(TRACKING)) return pod;
  return { ...pod, metadata: { ...pod.metadata, finalizers: [...finalizers, TRACKING] } };
}

/** A pod of an index: it is told by annotation, label, host name, environment and name. */
function withIndex(job: Job, pod: Pod, index: number, replaced: Pod | undefined): Pod {
  const { name } = job.metadata;
  const text = String(index);
  const metadata = {
    ...pod.metadata,
    generateName: `${name.slice(0, 58 - text.length - 2)}-${text}-`,
    annotations: { ...pod.metadata.annotations, [COMPLETION_INDEX]: text, ...failureCounts(job, replaced) },
    labels: { ...pod.metadata.labels, [COMPLETION_INDEX]: text },
  };
  const spec = pod.spec as PodSpec;
  const { initContainers } = spec;
  return {
    ...pod,
    metadata,
    spec: {
      ...spec,
      hostname: `${name}-${text}`,
      containers: spec.containers.map(withIndexVariable),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withIndexVariable) }),
    },
  };
}

/** How often the index failed, carried on from the pod that is replaced. */
function failureCounts(job: Job, replaced: Pod | undefined): Readonly<Record<string, string>> {
  if (job.spec?.backoffLimitPerIndex === undefined) return {};
  if (replaced === undefined) return { [INDEX_FAILURES]: '0' };
  const { counts } = matchFailurePolicy(job, replaced);
  const before = indexFailures(replaced);
  const ignored = before.ignored + (counts ? 0 : 1);
  return {
    [INDEX_FAILURES]: String(before.counted + (counts ? 1 : 0)),
    ...(ignored === 0 ? {} : { [IGNORED_INDEX_FAILURES]: String(ignored) }),
  };
}

function withIndexVariable<C extends PodSpec['containers'][number]>(container: C): C {
  const { env = [] } = container;
  const name = 'JOB_COMPLETION_INDEX';
  if (env.some((variable) => variable.name === name)) return container;
  const fieldPath = `metadata.labels['${COMPLETION_INDEX}']`;
  return { ...container, env: [...env, { name, valueFrom: { fieldRef: { fieldPath } } }] };
}
