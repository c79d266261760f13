/** Defaults of a namespace for the requests and limits that its quota obliges containers to state. */
import type { KindMap } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { limitRangesIn, violationsOf, withDefaults } from '../../../diagnose/namespaces/limit-ranges.ts';
import { workloadTemplates } from '../../../diagnose/workloads/workload-templates.ts';
import { quantityOf, type SizedResource } from '../../capacity/container-size.ts';
import { quotasForRollouts } from '../../capacity/quota-needs.ts';
import { plainRef } from '../../capacity/room.ts';
import { evidenceOf, floorOf, isKnown, statedFor, type Stated } from '../../capacity/stated-sizes.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { resourceQuotaDraft } from '../adjust-resource-quota/quota-draft.ts';

type LimitRange = KindMap['LimitRange'];

const MINUTE = 60_000;
const NAME = 'container-defaults';

/** Proposes a LimitRange with defaults for what containers of a namespace do not state. */
export const createLimitRange: ActionKind = {
  kind: 'create-limit-range',
  title: 'Give a namespace default limits',
  explanation:
    'Makes a LimitRange with defaults for the values that a ResourceQuota of the namespace obliges containers to state: the largest that any container of the namespace needs by its request or its measured peak, so that none is refused for asking for more than its limit. No pod that runs is replaced, and pods that are made later are not refused either. It refuses where nothing tells a value for the pods that are refused, or other LimitRanges forbid it. Quotas that would be too small for pods with the defaults are raised first.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'defaults are filled in before the quota is asked' },
  durationMs: { optimistic: MINUTE, likely: 15 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) =>
    planning.causesOf('namespace-quota-needs-values').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const { namespace } = cause.resource;
  const templates = workloadTemplates(planning.examination).filter(
    (one) => one.namespace === namespace && one.holder.kind !== 'Pod',
  );
  const refused = new Set(planning.findingsOf(cause).flatMap(({ resource }) => planning.workloadOf(resource) ?? []));
  const stated = templates.map(({ holder, spec }) => statedFor({ workload: holder, spec }, planning));
  if (templates.some(({ workload }, i) => refused.has(workload) && stated[i] === 'unknown')) return undefined;
  const known = stated.filter(isKnown);
  if (known.length === 0) return undefined;
  const range = rangeFor(known, namespace, planning);
  const ranges = [...limitRangesIn(planning.snapshot, namespace), range];
  if (templates.some(({ spec }) => violationsOf(spec, ranges).length > 0)) return undefined;
  const rollouts = known.map(({ workload, written }) => ({ workload, spec: withDefaults(written, ranges) }));
  const raised = [...quotasForRollouts(rollouts, planning)].map(([quota, hard]) =>
    resourceQuotaDraft(quota, hard, 'Pods then count with the defaults, and the quota has no room for all of them.'),
  );
  const by = `failed quota: ${cause.resource.name}:`;
  const holds = [...refused].map((one): Condition => ({ kind: 'not-refused', target: plainRef(one), by }));
  const draft = draftOf(cause, range, known, holds);
  return {
    title: draft.title,
    resolves: [cause.id],
    fit: 0.93,
    drafts: [...raised, { ...draft, ...(raised.length > 0 && { after: raised.map(draftId) }) }],
  };
}

/**
 * The largest of what containers need. What is limited by default and requests nothing would be given its limit as its request: it gets the smallest
 * request instead. Source: https://kubernetes.io/docs/concepts/policy/limit-range/#limitrange-and-admission-checks-for-pods
 */
function rangeFor(known: readonly Stated[], namespace: string, planning: Planning): LimitRange {
  const sizes = known.flatMap((one) => one.sizes);
  const most = (of: 'requests' | 'limits', resource: SizedResource) =>
    Math.max(0, ...sizes.map((size) => size[of][resource] ?? 0));
  const [limits, requests]: [Record<string, string>, Record<string, string>] = [{}, {}];
  for (const resource of ['cpu', 'memory'] as const) {
    const [limit, request] = [most('limits', resource), most('requests', resource)];
    if (limit > 0) limits[resource] = quantityOf(resource, limit);
    const least = request > 0 ? request : limit > 0 ? floorOf(resource, planning.policy) : 0;
    if (least > 0) requests[resource] = quantityOf(resource, least);
  }
  const item = {
    type: 'Container',
    ...(Object.keys(limits).length > 0 && { default: limits }),
    defaultRequest: requests,
  };
  const taken = new Set(planning.snapshot.listIn('LimitRange', namespace).map(({ metadata }) => metadata.name));
  const name = Array.from({ length: taken.size + 1 }, (_, i) => (i === 0 ? NAME : `${NAME}-${i + 1}`)).find(
    (one) => !taken.has(one),
  );
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: name ?? NAME, namespace },
    spec: { limits: [item] },
  };
}

function draftOf(
  cause: AssessedRootCause,
  range: LimitRange,
  known: readonly Stated[],
  holds: readonly Condition[],
): ActionDraft {
  const target = plainRef(range);
  const missing = known.flatMap((one) => one.missing);
  const names = [...new Set(missing.map(({ resource }) => resource))].sort();
  return {
    kind: 'create-limit-range',
    title: `Give namespace ${target.namespace} defaults for ${names.join(', ')}`,
    target,
    reason: `${cause.title}. With defaults no pod has to be replaced, and the next ones pass as well: ${known.length} ${known.length === 1 ? 'workload does' : 'workloads do'} not state ${names.join(', ')}. The defaults are the largest that any of them needs by its request or its measured peak.`,
    evidence: evidenceOf(missing, cause),
    confidence: 0.8,
    changes: [{ kind: 'create', object: range as unknown as Record<string, unknown> }],
    // Controllers try again what was refused after up to 1000 s.
    probe: { conditions: [{ kind: 'exists', target }, ...holds], withinMs: 25 * MINUTE },
    risks: [
      {
        reason: 'every container of the namespace that states nothing is limited by it from its next start on',
        adds: 0.06,
      },
    ],
  };
}
