/** PodDisruptionBudgets: which pods they guard, and how far they are from letting one go. */
import {
  matchesSelector,
  refKey,
  refOf,
  timeOf,
  type KindMap,
  type KubeObject,
  type Labels,
  type Pod,
} from '@aia/cluster';
import { isReadIn } from '../absence.ts';
import { isWithinGrace, isYoung } from '../age.ts';
import { conditionOf, isReady, type FoundCondition } from '../conditions.ts';
import type { Examination } from '../examination.ts';
import { isLiving } from '../nodes/node-pods.ts';
import { livingOf, wantedReplicas } from './workload-templates.ts';

export type Budget = KindMap['PodDisruptionBudget'];

/** One budget with its counts: the controller's where it has looked, else counted here. */
export interface BudgetCase {
  readonly budget: Budget;
  /** Pods that it selects, without those that have ended or are being deleted. */
  readonly pods: readonly Pod[];
  /** Whether the counts are the controller's. */
  readonly isStated: boolean;
  readonly expected: number;
  readonly healthy: number;
  readonly desired: number;
  /** Evictions that it allows now. */
  readonly allowed: number;
  /** The condition DisruptionAllowed. */
  readonly condition: FoundCondition | undefined;
  /**
   * `unused`: it selects nothing. `unhealthy`: fewer pods are healthy than it wants. `spent`: enough are, and none to spare, as one is
   * not healthy. `closed`: all are healthy, and it allows no eviction all the same. `open`: it allows one.
   */
  readonly state: 'unused' | 'unhealthy' | 'spent' | 'closed' | 'open';
}

const known = new WeakMap<Examination, readonly BudgetCase[]>();

/** Judged budgets beyond the grace whose pods or counts are known, in a stable order; worked out once. */
export function disruptionBudgets(examination: Examination): readonly BudgetCase[] {
  let cases = known.get(examination);
  if (cases === undefined) {
    const settled = livingOf(examination, 'PodDisruptionBudget').filter((budget) => !isYoung(examination, budget));
    known.set(examination, (cases = settled.flatMap((budget) => caseOf(examination, budget) ?? [])));
  }
  return cases;
}

/** `Disruption budget shop/web`. */
export function budgetName({ metadata }: Budget): string {
  return `Disruption budget ${metadata.namespace ?? 'default'}/${metadata.name}`;
}

/** Workloads whose pods, or pods to come, a budget selects; kinds that run pods only now and then included. */
export function guardedWorkloads(examination: Examination, { budget, pods }: BudgetCase): readonly KubeObject[] {
  const owners = new Map(pods.map((pod) => examination.workloadOf(pod)).map((owner) => [refKey(refOf(owner)), owner]));
  return owners.size > 0 ? [...owners.values()] : templatesOf(examination, budget);
}

/** Replicas that a workload wants; kinds without a number want some. */
export function wantsPods(workload: KubeObject): boolean {
  return wantedReplicas(workload as { readonly spec?: { readonly replicas?: number } }) > 0;
}

type Templated = KubeObject & {
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly labels?: Labels } };
    readonly jobTemplate?: {
      readonly spec?: { readonly template?: { readonly metadata?: { readonly labels?: Labels } } };
    };
  };
};

function templatesOf({ snapshot }: Examination, { metadata, spec }: Budget): readonly KubeObject[] {
  const kinds = [
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'ReplicaSet',
    'ReplicationController',
    'Job',
    'CronJob',
  ] as const;
  const all: readonly Templated[] = kinds.flatMap((kind) => snapshot.listIn(kind, metadata.namespace ?? ''));
  return all.filter((workload) => {
    const template = workload.spec?.template ?? workload.spec?.jobTemplate?.spec?.template;
    return template !== undefined && matchesSelector(spec?.selector, template.metadata?.labels);
  });
}

function caseOf(examination: Examination, budget: Budget): BudgetCase | undefined {
  const { snapshot } = examination;
  const { namespace = '' } = budget.metadata;
  const pods = podsOf(examination, budget);
  const { status } = budget;
  const condition = conditionOf(status?.conditions, 'DisruptionAllowed');
  const isStated =
    condition !== undefined || status?.observedGeneration !== undefined || (status?.expectedPods ?? 0) > 0;
  if (!isStated && !isReadIn(snapshot, 'Pod', namespace)) return undefined;
  // A budget that says it has no pods although there are some has not been counted since.
  const isCounted = isStated && !((status?.expectedPods ?? 0) === 0 && pods.length > 0);
  const counts = isCounted ? statedCounts(budget, condition) : counted(budget, pods, condition);
  return { budget, pods, isStated: isCounted, condition, ...counts, state: stateOf(counts, pods, condition) };
}

function podsOf({ snapshot }: Examination, { metadata, spec }: Budget): readonly Pod[] {
  const selector = spec?.selector;
  if (selector === undefined) return [];
  return snapshot
    .withLabels('Pod', metadata.namespace ?? '', selector.matchLabels ?? {})
    .filter((pod) => isLiving(pod) && matchesSelector(selector, pod.metadata.labels));
}

type Counts = Pick<BudgetCase, 'expected' | 'healthy' | 'desired' | 'allowed'>;

function statedCounts({ status }: Budget, condition: FoundCondition | undefined): Counts {
  const { expectedPods = 0, currentHealthy = 0, desiredHealthy = 0, disruptionsAllowed = 0 } = status ?? {};
  const allowed = condition?.status === 'False' ? 0 : disruptionsAllowed;
  return { expected: expectedPods, healthy: currentHealthy, desired: desiredHealthy, allowed };
}

/** As the disruption controller counts, with the pods there are for those there should be. */
function counted({ spec }: Budget, pods: readonly Pod[], condition: FoundCondition | undefined): Counts {
  const expected = pods.length;
  const healthy = pods.filter(isHealthy).length;
  const most = amountOf(spec?.maxUnavailable, expected);
  const least = amountOf(spec?.minAvailable, expected);
  const desired = least ?? (most === undefined ? 0 : Math.max(0, expected - most));
  return { expected, healthy, desired, allowed: condition?.status === 'False' ? 0 : Math.max(0, healthy - desired) };
}

/** Parts of a dump may lack the conditions of a pod. */
function isHealthy(pod: Pod): boolean {
  const isSilent = conditionOf(pod.status?.conditions, 'Ready') === undefined;
  return isReady(pod) || (isSilent && pod.status?.phase === 'Running');
}

/** A number of pods, or a share of them rounded up. */
function amountOf(value: string | number | undefined, of: number): number | undefined {
  if (typeof value === 'number') return value;
  const percent = /^(\d{1,9})%$/.exec(value ?? '')?.[1];
  if (percent !== undefined) return Math.ceil((Number(percent) * of) / 100);
  return /^\d{1,9}$/.test(value ?? '') ? Number(value) : undefined;
}

function stateOf(
  { expected, healthy, desired, allowed }: Counts,
  pods: readonly Pod[],
  condition: FoundCondition | undefined,
): BudgetCase['state'] {
  if (condition?.reason === 'SyncFailed') return 'closed';
  if (expected === 0) return pods.length === 0 ? 'unused' : 'open';
  if (healthy < desired) return 'unhealthy';
  if (allowed > 0) return 'open';
  return desired >= expected ? 'closed' : 'spent';
}

/** Since when it allows nothing, in epoch ms. */
export function closedSince({ condition }: BudgetCase): number | undefined {
  return condition?.status === 'False' ? timeOf(condition.lastTransitionTime) : undefined;
}

/** Whether a shortage is younger than the grace: by the budget's own word, or as every pod that is not ready is. */
export function isPassing(examination: Examination, one: BudgetCase): boolean {
  if (isWithinGrace(examination, closedSince(one))) return true;
  const unready = one.pods.filter((pod) => !isHealthy(pod));
  return unready.length > 0 && unready.every((pod) => isYoung(examination, pod));
}
