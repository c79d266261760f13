/**
 * Evictions: deletions of pods that respect PodDisruptionBudgets.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/; `pkg/registry/core/pod/storage/eviction.go`
 */
import type { KindMap, Pod } from '../../model/kinds.ts';
import { matchesSelector } from '../../model/selector.ts';
import { timestamp } from '../clock/virtual-clock.ts';
import { withAllowed } from '../controllers/disruption/budget-status.ts';
import { apiError, badRequest, conflict, forbidden, type ApiError } from './api-error.ts';
import type { ApiServer } from './api-server.ts';
import { POD_DISRUPTION_BUDGETS, PODS } from './built-in-types.ts';
import type { DeleteOptions } from './request.ts';

type Budget = KindMap['PodDisruptionBudget'];

/** `policy/v1` Eviction, as far as it matters. */
export interface Eviction {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: DeleteOptions;
}

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";
/** Evictions that no controller has confirmed yet. Source: `MaxDisruptedPodSize` */
const MOST_UNCONFIRMED = 2000;

/**
 * Evicts a pod. With a dry run everything is judged and nothing written.
 * @throws ApiError 429 where a budget does not allow it now, 500 where several budgets select the pod, 404, 400
 */
export function evictPod(
  api: ApiServer,
  namespace: string,
  name: string,
  { metadata, deleteOptions }: Eviction = {},
  options: DeleteOptions = {},
): void {
  if (metadata?.name !== undefined && metadata.name !== name)
    throw badRequest('name in URL does not match name in Eviction object');
  const deletion: DeleteOptions = { ...deleteOptions, ...options };
  const pod = api.get(PODS, namespace, name);
  const budget = isBeyondBudgets(pod) ? undefined : budgetOf(api, pod);
  if (budget !== undefined && !isFreeOf(budget, pod)) spend(api, budget, name, deletion.dryRun ?? false);
  checkPreconditions(pod, deletion);
  if (deletion.dryRun !== true) mark(api, namespace, name);
  // Marking it made another version of it.
  const { uid } = deletion.preconditions ?? {};
  api.delete(PODS, namespace, name, { ...deletion, preconditions: uid === undefined ? {} : { uid } });
}

function checkPreconditions({ metadata }: Pod, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const refuse = (field: string, asked: string, is: string, why: string): ApiError =>
    conflict(
      PODS,
      metadata.name,
      `the ${field} in the precondition (${asked}) does not match the ${field} in record (${is}). ${why}`,
    );
  if (uid !== undefined && uid !== metadata.uid)
    throw refuse('UID', uid, metadata.uid ?? '', 'The object might have been deleted and then recreated');
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw refuse(
      'ResourceVersion',
      resourceVersion,
      metadata.resourceVersion ?? '',
      'The object might have been modified',
    );
}

/** What has ended, never began, or is going already disrupts nothing. */
function isBeyondBudgets({ metadata, status }: Pod): boolean {
  const phase = status?.phase ?? 'Pending';
  return phase !== 'Running' || metadata.deletionTimestamp !== undefined;
}

function budgetOf(api: ApiServer, { metadata }: Pod): Budget | undefined {
  const budgets: Budget[] = [];
  for (const budget of api.store.list(POD_DISRUPTION_BUDGETS, metadata.namespace ?? ''))
    if (matchesSelector(budget.spec?.selector, metadata.labels)) budgets.push(budget);
  if (budgets.length > 1)
    throw apiError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  return budgets[0];
}

/** An unhealthy pod may go where that costs no healthy one that the budget asks for. */
function isFreeOf({ spec, status }: Budget, pod: Pod): boolean {
  const isReady = pod.status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  if (isReady) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

/** Takes one disruption off the budget, and has its controller expect that the pod goes. */
function spend(api: ApiServer, { metadata, status }: Budget, pod: string, dryRun: boolean): void {
  const generation = metadata.generation ?? 0;
  if (status === undefined || (status.observedGeneration ?? 0) < generation)
    throw tooMany(`The disruption budget ${metadata.name} is still being processed by the server.`, 10);
  const refuse = (why: string) => forbidden(POD_DISRUPTION_BUDGETS, metadata.name, why);
  if (status.disruptionsAllowed < 0) throw refuse('pdb disruptions allowed is negative');
  if (Object.keys(status.disruptedPods ?? {}).length > MOST_UNCONFIRMED)
    throw refuse('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (status.disruptionsAllowed === 0) throw tooMany(whyNot(metadata.name, status), 0);
  if (dryRun) return;
  const { now } = api.clock;
  const left = status.disruptionsAllowed - 1;
  const conditions = left > 0 ? (status.conditions ?? []) : withAllowed(status.conditions ?? [], generation, 0, now);
  api.changeStatus(POD_DISRUPTION_BUDGETS, metadata.namespace ?? '', metadata.name, (one) => ({
    ...one,
    status: {
      ...status,
      conditions,
      disruptionsAllowed: left,
      disruptedPods: { ...status.disruptedPods, [pod]: timestamp(now) },
    },
  }));
}

/** Version 1.34 tells more than that pods are missing; before, the middle text stood for all. */
function whyNot(name: string, { conditions, currentHealthy, desiredHealthy }: NonNullable<Budget['status']>): string {
  const condition = conditions?.find(({ type, status }) => type === 'DisruptionAllowed' && status === 'False');
  const message = condition?.message ?? '';
  if (message !== '' && condition?.reason === 'SyncFailed')
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy)
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  const text = `The disruption budget ${name} does not allow evicting pods currently`;
  return message === '' ? text : `${text} (${condition?.reason ?? ''}): ${message}`;
}

function tooMany(message: string, retryAfterSeconds: number): ApiError {
  const causes = [{ reason: 'DisruptionBudget', message }];
  const details = retryAfterSeconds === 0 ? { causes } : { causes, retryAfterSeconds };
  return apiError(429, 'TooManyRequests', REFUSED, details);
}

/** Says on the pod why it goes. */
function mark(api: ApiServer, namespace: string, name: string): void {
  api.changeStatus(PODS, namespace, name, (pod) => {
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
      lastTransitionTime: timestamp(api.clock.now),
    };
    return { ...pod, status: { ...pod.status, conditions: [...others, condition] } };
  });
}
