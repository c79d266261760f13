/** Requests and limits that a quota of the namespace obliges containers to state. */
import type { PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { quotasForRollouts } from '../../capacity/quota-needs.ts';
import { plainRef } from '../../capacity/room.ts';
import { evidenceOf, isKnown, statedFor, type Stated } from '../../capacity/stated-sizes.ts';
import { templateOf, type Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { resourceQuotaDraft } from '../adjust-resource-quota/quota-draft.ts';
import { resourcesPatch } from '../right-size-requests/right-size-draft.ts';

const MINUTE = 60_000;

/** Proposes what containers have to state, from what they state otherwise and what they use. */
export const setLimits: ActionKind = {
  kind: 'set-limits',
  title: 'State missing requests and limits',
  explanation:
    'Gives containers the requests and limits that a ResourceQuota of their namespace obliges them to state: a limit of twice the request, and above the measured peak with its margin; a request of the measured use with its margin, else half the limit. Where all that is stated then has no room in the quotas of the namespace, these are raised first. It refuses where neither a value nor a measurement tells anything.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'the quota names what it wants stated' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning.causesOf('namespace-quota-needs-values').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const workloads = new Map(
    planning
      .findingsOf(cause)
      .flatMap(({ resource }) => planning.workloadOf(resource) ?? [])
      .filter((one) => templateOf(one) !== undefined && one.kind !== 'Job')
      .map((one) => [`${one.kind}/${one.metadata.name}`, one]),
  );
  const stated = [...workloads.values()].map((workload) => {
    const spec = templateOf(workload)?.spec as unknown as PodSpec;
    return statedFor({ workload, spec }, planning);
  });
  if (stated.length === 0 || !stated.every(isKnown)) return undefined;
  const raised = [...quotasForRollouts(stated, planning)].map(([quota, hard]) =>
    resourceQuotaDraft(quota, hard, 'What is stated then counts, and the quota has no room for it.'),
  );
  const after = raised.map(draftId);
  return {
    title: `State the requests and limits that ${cause.resource.kind} ${cause.resource.name} demands`,
    resolves: [cause.id],
    fit: 0.95,
    drafts: [...raised, ...stated.map((one) => ({ ...draftOf(one, cause), ...(after.length > 0 && { after }) }))],
  };
}

function draftOf({ workload, missing, sizes }: Stated, cause: AssessedRootCause): ActionDraft {
  const { namespace = '', name } = workload.metadata;
  return {
    kind: 'set-limits',
    title: `State what is missing of ${workload.kind} ${namespace}/${name}`,
    target: plainRef(workload),
    reason: `${cause.title}. Its containers do not state ${[...new Set(missing.map(({ resource }) => resource))].join(', ')}; limits leave twice what is requested, and more than was ever measured.`,
    evidence: evidenceOf(missing, cause),
    confidence: 0.8,
    changes: [resourcesPatch({ workload, containers: sizes })],
    probe: { conditions: [{ kind: 'available', target: plainRef(workload) }], withinMs: 15 * MINUTE },
    risks: [{ reason: 'a limit below a peak that was never measured throttles or kills', adds: 0.08 }],
  };
}
