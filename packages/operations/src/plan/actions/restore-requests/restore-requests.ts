/** Asks for what an earlier revision asked for. */
import { refText, refOf, sameJson, type KubeObject, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { earlierRevisions } from '../../revisions/revisions.ts';
import { ROOM_CAUSES } from '../../capacity/right-sizing.ts';
import { templateChanges } from '../../rollout/template-change.ts';
import { withResourcesOf } from './earlier-resources.ts';
import { raisedRequests, type Raised } from './raised-requests.ts';
import { podSpecIn, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';

const MINUTE = 60_000;

/** Causes that lie in what containers ask for. */
const CLASSES = [
  'pod-larger-than-any-node',
  'resource-not-offered',
  'hpa-requests-missing',
  'namespace-quota-needs-values',
  'limit-range-violated',
  'node-pool-at-maximum',
  'capacity-exhausted',
] as const;

/** For pods that ask for more than there is, or for less than they must state. */
export const restoreRequests: ActionKind = {
  kind: 'restore-requests',
  title: 'Restore requests and limits',
  explanation:
    'Gives containers the requests and limits that an earlier revision of the workload had, and nothing else of it, where its pods then find a node. What else the rollout changed stays. Where several rollouts asked for half as much again or more, and pods lack room on nodes or in a ResourceQuota since, all of those are taken back whose measured use lies within what they asked for before, or that have not all their pods themselves.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'the workload ran with them before' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => [
    ...planning.causesOf(...CLASSES).flatMap((cause) => remediesFor(cause, planning)),
    ...remediesTogether(planning),
  ],
};

/** What was asked for since then may be wanted: where a pool only has to be let grow, room for it is the better answer. */
const FITS: Readonly<Record<string, number>> = { 'node-pool-at-maximum': 0.7 };

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const workload = workloadBehind(cause, planning);
  const spec = workload === undefined ? undefined : podSpecIn(workload);
  if (workload === undefined || spec === undefined) return [];
  const repairs = earlierResources(workload, spec, planning).map((repair) => ({
    ...repair,
    fit: FITS[cause.class] ?? 0.96,
  }));
  return templateRemedies({ kind: restoreRequests.kind, cause, workload, repairs }, planning);
}

interface Scaler {
  readonly spec?: { readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string } };
}

/** The workload itself, what an autoscaler scales, or the only one that the findings are about. */
function workloadBehind(cause: AssessedRootCause, planning: Planning): KubeObject | undefined {
  const { resource } = cause;
  if (resource.kind === 'HorizontalPodAutoscaler') {
    const { kind = '', name = '' } =
      (planning.object(resource) as (KubeObject & Scaler) | undefined)?.spec?.scaleTargetRef ?? {};
    return planning.object({ group: 'apps', kind, namespace: resource.namespace, name });
  }
  const own = planning.workloadOf(resource);
  if (own !== undefined && podSpecIn(own) !== undefined) return own;
  const found = new Set(planning.findingsOf(cause).flatMap((finding) => planning.workloadOf(finding.resource) ?? []));
  const [first] = [...found].filter((one) => podSpecIn(one) !== undefined);
  return found.size === 1 ? first : undefined;
}

/** Container by container, of the newest revision that asked otherwise. */
function earlierResources(workload: KubeObject, spec: PodSpec, { snapshot }: Planning): readonly TemplateRepair[] {
  for (const { template, name, object } of earlierRevisions(workload, snapshot)) {
    const containers = withResourcesOf(template.spec, spec);
    if (sameJson(containers, spec.containers)) continue;
    return [
      {
        spec: { ...spec, containers },
        title: `Ask for what revision ${name} asked for`,
        reason: `Revision ${name} had other requests or limits; only these are taken back.`,
        evidence: [fieldEvidence(object, 'metadata.name', object.metadata.name)],
        confidence: 0.92,
        fit: 0.96,
      },
    ];
  }
  return [];
}

/** Controllers whose pods were refused try again after up to 17 min. */
const RETRIED_MS = 20 * MINUTE;

/** Causes that are about room of which several workloads take. */
const ROOM = [
  ...ROOM_CAUSES,
  'preempted-by-priority',
  'namespace-quota-exhausted',
  'namespace-quota-blocks-rollout',
] as const;

/** One for each cause, with all rollouts that took of the room: of a ResourceQuota those of its namespace. */
function remediesTogether(planning: Planning): readonly Remedy[] {
  const causes = planning.causesOf(...ROOM);
  if (causes.length === 0) return [];
  const all = raisedRequests(planning);
  return causes.flatMap((cause): readonly Remedy[] => {
    const { kind, namespace } = cause.resource;
    const raised = all.filter(({ workload }) => kind !== 'ResourceQuota' || workload.metadata.namespace === namespace);
    const drafts = raised.flatMap((one) => draftOf(one, planning) ?? []);
    const title = `Ask for what earlier revisions asked for, of ${drafts.length} workloads that asked for several times as much`;
    return drafts.length === 0 ? [] : [{ title, resolves: [cause.id], fit: 0.94, drafts }];
  });
}

function draftOf(
  { workload, spec, earlier, factor, isUseWithin }: Raised,
  planning: Planning,
): ActionDraft | undefined {
  const changes = templateChanges(workload, spec, planning);
  const target = refOf(workload);
  const draft: ActionDraft = {
    ...{ kind: restoreRequests.kind, target, part: 'raised', changes },
    title: `Ask for what revision ${earlier.name} asked for (${refText(target)})`,
    reason: `It asks for ${Number(factor.toFixed(1))} times what revision ${earlier.name} asked for${isUseWithin === true ? ', and was measured to use no more than that revision asked for' : ', and has not all its pods'}. Only requests and limits are taken back.`,
    evidence: [fieldEvidence(earlier.object, 'metadata.name', earlier.object.metadata.name)],
    confidence: isUseWithin === true ? 0.9 : 0.75,
    probe: { conditions: [{ kind: 'available', target }], withinMs: RETRIED_MS },
  };
  return changes.length === 0 || planning.refuted.has(draftId(draft)) ? undefined : draft;
}
