/** What answers a webhook runs again. */
import { matchesLabels, refOf, refText, type Deployment } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { podMakersIn } from '../../../diagnose/pods/pod-makers.ts';
import { passingProbe, placesOf, servedOf, webhookRemedies } from '../../network/webhook-places.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind } from '../../remedy.ts';
import { templateSelector } from '../../../diagnose/services/service-endpoints.ts';

const MINUTE = 60_000;

/** Proposes to scale what serves a webhook up from nothing. */
export const restoreWebhookBackend: ActionKind = {
  kind: 'restore-webhook-backend',
  title: 'Scale the backend of a webhook up again',
  explanation:
    'Scales the Deployment or StatefulSet behind the Service of a webhook from zero to the least that its autoscaler keeps, else to one pod. Refuses where the webhook covers the namespace of its own pods, which it would refuse.',
  capability: 'access',
  prior: { alpha: 16, beta: 4, basis: 'a program that was scaled to zero usually starts again' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) => webhookRemedies(planning, 0.95, (finding, cause) => draftFor(finding, cause, planning)),
};

function draftFor(finding: AssessedFinding, cause: AssessedRootCause, planning: Planning): ActionDraft | undefined {
  const served = servedOf(finding, planning);
  if (served === undefined || finding.facts['coversItself'] === true) return undefined;
  const { snapshot, examination } = planning;
  const service = snapshot.get('Service', served.namespace, served.service);
  const selector = templateSelector(service?.spec?.selector ?? {});
  if (service === undefined || Object.keys(selector).length === 0) return undefined;
  const idle = podMakersIn(examination, served.namespace).filter(
    ({ workload, labels, wanted }) => wanted === 0 && SCALED.has(workload.kind) && matchesLabels(selector, labels),
  );
  const [one] = idle;
  if (one === undefined || idle.length > 1) return undefined;
  const ref = refOf(one.workload);
  const replicas = leastOf(one.workload as unknown as Deployment, planning);
  return {
    kind: restoreWebhookBackend.kind,
    title: `Scale ${refText(ref)}, which answers ${refText(finding.resource)}, to ${replicas}`,
    target: ref,
    reason: `${finding.message} ${refText(ref)} is behind that Service and scaled to zero.`,
    evidence: [fieldEvidence(one.workload, one.wantedPath, 0), ...finding.evidence.slice(0, 2)],
    confidence: 0.85,
    changes: [{ kind: 'scale', target: ref, replicas }],
    probe: passingProbe(cause, placesOf(finding, planning), planning, [
      { kind: 'available', target: ref },
      { kind: 'endpoints', target: refOf(service) },
    ]),
  };
}

const SCALED: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet']);

function leastOf({ kind, metadata }: Deployment, { snapshot }: Planning): number {
  const autoscaler = snapshot
    .listIn('HorizontalPodAutoscaler', metadata.namespace ?? '')
    .find(({ spec }) => spec?.scaleTargetRef?.kind === kind && spec.scaleTargetRef.name === metadata.name);
  return Math.max(1, autoscaler?.spec?.minReplicas ?? 1);
}
