/** More room in a namespace, where its quota keeps wanted pods away. */
import { refOf, type ResourceQuota } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { missingPods } from '../../../diagnose/pods/missing-pods.ts';
import { workloadTemplates } from '../../../diagnose/workloads/workload-templates.ts';
import { quotasForRollouts } from '../../capacity/quota-needs.ts';
import { plainRef } from '../../capacity/room.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { resourceQuotaDraft } from './quota-draft.ts';

const MINUTE = 60_000;

/** Proposes as much more of a ResourceQuota as the pods take that are wanted and refused. */
export const adjustResourceQuota: ActionKind = {
  kind: 'adjust-resource-quota',
  title: 'Adjust a ResourceQuota',
  explanation:
    'Raises what a ResourceQuota allows to what the workloads that lack pods need together at the height of their rollouts: calculated from the requests and limits of their templates with the defaults of LimitRanges, and from the pods that they have. It refuses where the use of the quota was not read. Whoever gave the namespace its quota has to agree.',
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
  const lacking = workloadTemplates(planning.examination).filter(
    ({ holder, workload, namespace }) =>
      namespace === quota.metadata.namespace &&
      holder.kind !== 'Pod' &&
      (missingPods(planning.examination, holder) > 0 || isNamed(cause, workload, planning)),
  );
  const rollouts = lacking.map(({ holder, spec }) => ({ workload: holder, spec }));
  const hard = quotasForRollouts(rollouts, planning).get(quota);
  if (hard === undefined) return undefined;
  const draft = resourceQuotaDraft(quota, hard, `${cause.title}.`);
  const holds = lacking
    .filter(({ workload }) => templateOf(workload) !== undefined)
    .map(({ workload }): Condition => ({
      kind: 'not-refused',
      target: plainRef(workload),
      by: `exceeded quota: ${quota.metadata.name},`,
    }));
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
