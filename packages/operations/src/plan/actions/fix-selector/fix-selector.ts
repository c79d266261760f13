/** Services that select nothing select again what they were made for. */
import { matchesLabels, refOf, refText, selectorText, type KindMap, type Labels, type Service } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { podMakersIn, type PodMaker } from '../../../diagnose/pods/pod-makers.ts';
import { nearestWorkload, type NearestWorkload } from '../../../diagnose/services/nearest-workload.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes, for a Service that selects no pod, labels that the pods of the nearest workload have. */
export const fixSelector: ActionKind = {
  kind: 'fix-selector',
  title: 'Correct the selector of a Service',
  explanation:
    'Gives a Service that selects no pod the labels that the pods of the nearest workload have: one whose labels agree with the selector in all but one. Where what is left of the selector would match other workloads as well, the labels by which the workload finds its own pods are taken. Refuses where no workload of the namespace comes near.',
  capability: 'networking',
  prior: { alpha: 19, beta: 1, basis: 'endpoints follow a selector within seconds' },
  durationMs: { optimistic: MINUTE, likely: 2 * MINUTE, pessimistic: 5 * MINUTE },
  baseRisk: 0.04,
  propose: (planning) =>
    planning.causesOf('service-selects-nothing').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const service = planning.object(cause.resource) as Service | undefined;
  if (service?.kind !== 'Service') return undefined;
  const nearest = nearestWorkload(planning.examination, service);
  const selector = nearest === undefined ? undefined : selectorFor(service, nearest, planning);
  if (nearest === undefined || selector === undefined) return undefined;
  const ref = refOf(service);
  const workload = refText(refOf(nearest.workload));
  const title = `Let ${refText(ref)} select the pods of ${workload}`;
  const has = nearest.found === undefined ? `lack the label ${nearest.key}` : `have ${nearest.key}=${nearest.found}`;
  return {
    title,
    resolves: [cause.id],
    fit: 1,
    drafts: [
      {
        kind: fixSelector.kind,
        title,
        target: ref,
        reason: `${refText(ref)} selects ${selectorText({ matchLabels: service.spec?.selector ?? {} })}, which no pod carries; the pods of ${workload}, which agree in all other labels, ${has}. It is to select ${selectorText({ matchLabels: selector })}.`,
        evidence: [
          fieldEvidence(service, 'spec.selector', selectorText({ matchLabels: service.spec?.selector ?? {} })),
          fieldEvidence(nearest.workload, `spec.template.metadata.labels['${nearest.key}']`, nearest.found ?? '(none)'),
        ],
        confidence: nearest.isDrifted ? 0.92 : 0.6,
        changes: [
          {
            kind: 'patch',
            target: ref,
            patch: { type: 'json', operations: [{ op: 'replace', path: '/spec/selector', value: selector }] },
          },
        ],
        probe: { conditions: [{ kind: 'endpoints', target: ref }], withinMs: 5 * MINUTE },
      },
    ],
  };
}

/** The selector with the label that differs put right, where that finds this workload alone; else the workload's own. */
function selectorFor(service: Service, nearest: NearestWorkload, planning: Planning): Labels | undefined {
  const makers = podMakersIn(planning.examination, service.metadata.namespace ?? '');
  const maker = makers.find(({ workload }) => workload === nearest.workload);
  if (maker === undefined) return undefined;
  const rest = Object.entries(service.spec?.selector ?? {}).filter(([key]) => key !== nearest.key);
  const mended = Object.fromEntries(
    nearest.found === undefined ? rest : [...rest, [nearest.key, nearest.found] as const].sort(byKey),
  );
  return [mended, ownSelector(nearest.workload)].find((labels) => findsOnly(labels, maker, makers));
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

function findsOnly(labels: Labels, maker: PodMaker, makers: readonly PodMaker[]): boolean {
  return Object.keys(labels).length > 0 && makers.every((one) => matchesLabels(labels, one.labels) === (one === maker));
}

function ownSelector(workload: PodMaker['workload']): Labels {
  return (workload as KindMap['Deployment']).spec?.selector?.matchLabels ?? {};
}
