/** More room in a namespace, where its quota keeps wanted pods away. */
import { refOf, type ResourceQuota } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { missingPods } from '../../../diagnose/pods/missing-pods.ts';
import { workloadTemplates } from '../../../diagnose/workloads/workload-templates.ts';
import { plainRef, raisedHard, shortQuotas } from '../../capacity/room.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { resourceQuotaDraft } from './quota-draft.ts';

const MINUTE = 60_000;

/** Proposes as much more of a ResourceQuota as the pods take that are wanted and refused. */
export const adjustResourceQuota: ActionKind = {
  kind: 'adjust-resource-quota',
  title: 'Adjust a ResourceQuota',
  explanation:
    'Raises what a ResourceQuota allows by what the wanted pods of its namespace lack, one more for the rollout among them: calculated from the requests and limits of their templates with the defaults of LimitRanges. It refuses where the use of the quota was not read. Whoever gave the namespace its quota has to agree.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'the refusal names the quota' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning
      .causesOf('namespace-quota-exhausted', 'namespace-quota-blocks-rollout', 'namespace-quota-overcommitted')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const quota = quotaOf(cause, planning);
  if (quota === undefined) return undefined;
  const { namespace = '' } = quota.metadata;
  const { snapshot, examination } = planning;
  const hard: Record<string, number> = {};
  const holds: Condition[] = [];
  for (const { holder, workload, spec } of workloadTemplates(examination)) {
    if (workload.metadata.namespace !== namespace || holder.kind === 'Pod') continue;
    const pods = missingPods(examination, holder) + (holder.kind === 'Deployment' ? 1 : 0);
    const rooms = pods === 0 ? [] : shortQuotas(spec, pods, namespace, snapshot).filter((room) => room.quota === quota);
    const lacking = missingPods(examination, holder) > 0 || isNamed(cause, workload, planning);
    if (rooms.length === 0 || !lacking) continue;
    for (const [resource, amount] of Object.entries(raisedHard(rooms, pods).get(quota) ?? {}))
      hard[resource] = (hard[resource] ?? hardOf(quota, resource)) + amount - hardOf(quota, resource);
    if (templateOf(workload) !== undefined) holds.push({ kind: 'available', target: plainRef(workload) });
  }
  if (Object.keys(hard).length === 0) return undefined;
  const draft = resourceQuotaDraft(quota, hard, `${cause.title}.`);
  return {
    title: draft.title,
    resolves: [cause.id],
    fit: 0.9,
    drafts: [{ ...draft, ...(holds.length > 0 && { probe: { conditions: holds, withinMs: 20 * MINUTE } }) }],
  };
}

function quotaOf({ resource, explains }: AssessedRootCause, planning: Planning): ResourceQuota | undefined {
  if (resource.kind === 'ResourceQuota') return planning.object(resource) as ResourceQuota | undefined;
  const name = planning
    .findingsOf({ explains })
    .map(({ facts }) => facts['quota'])
    .find((one) => typeof one === 'string');
  return planning.snapshot.get('ResourceQuota', resource.namespace, String(name ?? ''));
}

function isNamed(cause: AssessedRootCause, workload: Parameters<typeof refOf>[0], planning: Planning): boolean {
  const { kind, name, namespace } = refOf(workload);
  return planning
    .findingsOf(cause)
    .some(({ resource }) => resource.kind === kind && resource.name === name && resource.namespace === namespace);
}

function hardOf(quota: ResourceQuota, resource: string): number {
  return raisedHard([{ quota, resource, free: 0, each: 0, fits: 0 }], 0).get(quota)?.[resource] ?? 0;
}
