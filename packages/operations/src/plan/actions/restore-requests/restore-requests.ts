/** Asks for what an earlier revision asked for. */
import { sameJson, type Container, type KubeObject, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { earlierRevisions } from '../../revisions/revisions.ts';
import { podSpecIn, templateRemedies, type TemplateRepair } from '../../rollout/template-repair.ts';
import { without } from '../../rollout/without.ts';

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
    'Gives containers the requests and limits that an earlier revision of the workload had, and nothing else of it, where its pods then find a node. What else the rollout changed stays.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'the workload ran with them before' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => planning.causesOf(...CLASSES).flatMap((cause) => remediesFor(cause, planning)),
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
    const named = new Map((template.spec?.containers ?? []).map((one) => [one.name, one]));
    const containers = spec.containers.map((one) => withResources(one, named.get(one.name)));
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

function withResources(container: Container, before: Container | undefined): Container {
  if (before === undefined || sameJson(container.resources ?? {}, before.resources ?? {})) return container;
  return before.resources === undefined
    ? without(container, 'resources')
    : { ...container, resources: before.resources };
}
