/**
 * What ResourceQuotas have to allow so that workloads of a namespace can be rolled out, all of them together: a quota is one for the namespace, and a
 * rollout holds old and new pods side by side.
 * Sources: https://kubernetes.io/docs/concepts/policy/resource-quotas/, https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge
 */
import {
  amountOf,
  isFinished,
  scaledValue,
  type DaemonSet,
  type Deployment,
  type Job,
  type KubeObject,
  type PodSpec,
  type ResourceQuota,
} from '@aia/cluster';
import { limitRangesIn, withDefaults } from '../../diagnose/namespaces/limit-ranges.ts';
import { chargeOf, quotasFor, type Charge } from '../../diagnose/namespaces/quota-charge.ts';
import { wantedReplicas } from '../../diagnose/workloads/workload-templates.ts';
import type { Planning } from '../planning.ts';
import { ownPods } from '../rollout/placing.ts';

/** A workload, and the pod spec that all its pods are to have. */
export interface Rollout {
  readonly workload: KubeObject;
  readonly spec: PodSpec;
}

/** By quota what its resources have to be at least, in the units of {@link amountOf}. */
export type RaisedQuotas = ReadonlyMap<ResourceQuota, Readonly<Record<string, number>>>;

/** Only what has to be raised; quotas whose use was never counted are left out. All rollouts are of one namespace. */
export function quotasForRollouts(rollouts: readonly Rollout[], planning: Planning): RaisedQuotas {
  const needs = new Map<ResourceQuota, Map<string, number>>();
  for (const rollout of rollouts)
    for (const [quota, resource, more] of moreOf(rollout, planning)) {
      const own = needs.get(quota) ?? new Map<string, number>();
      needs.set(quota, own.set(resource, (own.get(resource) ?? 0) + more));
    }
  return new Map(
    [...needs].flatMap(([quota, own]) => {
      const short = [...own].flatMap(([resource, more]) => {
        const need = statedIn(quota, 'used', resource) + more;
        return more > 0 && need > statedIn(quota, 'hard', resource) ? [[resource, need] as const] : [];
      });
      return short.length === 0 ? [] : [[quota, Object.fromEntries(short)] as const];
    }),
  );
}

/** How much more than its pods count for now a rollout does at its height. */
function* moreOf(
  { workload, spec }: Rollout,
  planning: Planning,
): Iterable<readonly [ResourceQuota, resource: string, more: number]> {
  const { namespace = '' } = workload.metadata;
  const { snapshot } = planning;
  const made = withDefaults(spec, limitRangesIn(snapshot, namespace));
  const is = chargeOf(made);
  const charges = ownPods(workload, planning)
    .filter((pod) => !isFinished(pod) && pod.spec !== undefined)
    .map((pod) => chargeOf(pod.spec as PodSpec));
  for (const quota of quotasFor(snapshot, namespace, made)) {
    if (quota.status?.used === undefined) continue;
    for (const resource of Object.keys(quota.status.hard ?? {})) {
      const amounts = amountsOf(charges, resource);
      const height = heightOf(workload, is.get(resource) ?? 0, amounts);
      const now = amounts.reduce((sum, one) => sum + one, 0);
      if (height > 0) yield [quota, resource, height - now];
    }
  }
}

/** Every pod that is wanted for the larger of its old and new amount, and what surges for the new one, as in the next rollout. */
function heightOf(workload: KubeObject, is: number, amounts: readonly number[]): number {
  const was = Math.max(0, ...amounts);
  const pods = wantedPods(workload) + (RUNS.has(workload.kind) ? amounts.length : 0);
  return pods * Math.max(is, was) + surgeOf(workload) * is;
}

/** Their pods are not replaced: those of the next run come beside them. */
const RUNS: ReadonlySet<string> = new Set(['CronJob', 'Job']);

function wantedPods(workload: KubeObject): number {
  switch (workload.kind) {
    case 'DaemonSet':
      return (workload as DaemonSet).status?.desiredNumberScheduled ?? 0;
    case 'CronJob':
      return (workload as { readonly spec?: { readonly jobTemplate?: Job } }).spec?.jobTemplate?.spec?.parallelism ?? 1;
    case 'Job':
      return (workload as Job).spec?.parallelism ?? 1;
    default:
      return wantedReplicas(workload as Deployment);
  }
}

function surgeOf(workload: KubeObject): number {
  if (workload.kind === 'Deployment') {
    const { type = 'RollingUpdate', rollingUpdate } = (workload as Deployment).spec?.strategy ?? {};
    return type === 'Recreate' ? 0 : scaledValue(rollingUpdate?.maxSurge ?? '25%', wantedPods(workload), 'up');
  }
  if (workload.kind !== 'DaemonSet') return 0;
  return scaledValue(
    (workload as DaemonSet).spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0,
    wantedPods(workload),
    'up',
  );
}

function amountsOf(charges: readonly Charge[], resource: string): readonly number[] {
  return charges.map((charge) => charge.get(resource) ?? 0);
}

function statedIn({ status }: ResourceQuota, field: 'hard' | 'used', resource: string): number {
  return amountOf(resource, status?.[field]?.[resource] ?? '0') ?? 0;
}
