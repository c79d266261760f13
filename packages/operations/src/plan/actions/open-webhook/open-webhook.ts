/** Webhooks that do not answer are passed over until they do. */
import { refOf, refText } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { passingProbe, placesOf, webhookCauses } from '../../network/webhook-places.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes the failure policy `Ignore`, and tells what is to be mended meanwhile. */
export const openWebhook: ActionKind = {
  kind: 'open-webhook',
  title: 'Let a webhook fail open',
  explanation:
    'Sets the failure policy of a webhook that does not answer to Ignore, so that what it covers can be created and changed again. A stopgap, with the instruction what to mend and to take it back afterwards: until then nothing is checked. For security policies the risk is weighed accordingly.',
  capability: 'access',
  prior: { alpha: 18, beta: 2, basis: 'requests pass as soon as the failure policy is Ignore' },
  durationMs: { optimistic: MINUTE / 2, likely: 2 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) =>
    webhookCauses(planning).flatMap(({ cause, findings }) => remedyFor(cause, findings, planning) ?? []),
};

function remedyFor(
  cause: AssessedRootCause,
  findings: readonly AssessedFinding[],
  planning: Planning,
): Remedy | undefined {
  const opened = findings.map((finding) => openingOf(finding, cause, planning)).filter((draft) => draft !== undefined);
  const [first] = opened;
  if (first === undefined || opened.length < findings.length) return undefined;
  const afterwards = afterwardsOf(findings[0] as AssessedFinding, first);
  return { title: first.title, resolves: [cause.id], fit: 0.6, drafts: [...opened, afterwards] };
}

function openingOf(finding: AssessedFinding, cause: AssessedRootCause, planning: Planning): ActionDraft | undefined {
  const places = placesOf(finding, planning).filter(({ isIgnored }) => !isIgnored);
  const [place] = places;
  if (place === undefined) return undefined;
  const ref = refOf(place.configuration);
  return {
    kind: openWebhook.kind,
    title: `Let ${refText(ref)} fail open until it answers`,
    target: ref,
    part: String(finding.facts['service'] ?? place.name),
    reason: `${finding.message} Until it answers, requests are to pass without it.`,
    evidence: [
      fieldEvidence(place.configuration, `webhooks[${place.at}].failurePolicy`, 'Fail'),
      ...finding.evidence.slice(0, 2),
    ],
    confidence: 0.85,
    changes: [
      {
        kind: 'patch',
        target: ref,
        patch: {
          type: 'json',
          operations: places.flatMap(({ at, name }) => [
            { op: 'test' as const, path: `/webhooks/${at}/name`, value: name },
            { op: 'add' as const, path: `/webhooks/${at}/failurePolicy`, value: 'Ignore' },
          ]),
        },
      },
    ],
    probe: passingProbe(cause, places, planning, [
      { kind: 'field', target: ref, path: `webhooks[${place.at}].failurePolicy`, value: 'Ignore' },
    ]),
    risks: [{ reason: 'nothing that it covers is checked or completed meanwhile', adds: 0.15 }],
  };
}

/** What really is to be mended, for a person. */
function afterwardsOf({ facts, message, evidence }: AssessedFinding, opening: ActionDraft): ActionDraft {
  const { namespace, ...ref } = opening.target;
  const service = String(facts['service'] ?? 'its endpoint');
  const what = MEND[String(facts['cause'] ?? facts['state'])] ?? MEND['other'] ?? '';
  return {
    kind: openWebhook.kind,
    title: `Mend what answers ${refText(opening.target)}, then let it fail closed again`,
    target: { ...ref, namespace },
    part: 'afterwards',
    reason: `${message} The failure policy Ignore does not mend that.`,
    evidence: evidence.slice(0, 2),
    confidence: 0.7,
    changes: [
      {
        kind: 'manual',
        instruction: `${what.replace('SERVICE', service)} Then set failurePolicy of ${refText(opening.target)} back to Fail.`,
      },
    ],
    after: [draftId(opening)],
    probe: { conditions: [{ kind: 'told', statement: `${service} answers the API server` }] },
  };
}

const MEND: Readonly<Record<string, string>> = {
  timeout:
    'Let the control plane reach the target port of Service SERVICE: on private GKE clusters add a firewall rule from the range of the control plane to that port of the nodes; else look for a NetworkPolicy.',
  certificate:
    'Put the authority that signed the certificate of Service SERVICE into caBundle, or let cert-manager inject it (annotation cert-manager.io/inject-ca-from).',
  refused: 'Let targetPort of Service SERVICE be the port on which the webhook listens.',
  'no-pods': 'Bring the pods behind Service SERVICE back.',
  'no-ready-pods': 'Find out why the pods behind Service SERVICE are not ready.',
  'no-port': 'Name a port in clientConfig.service that Service SERVICE has.',
  'no-service': 'Install again what serves the webhook behind Service SERVICE, or delete the configuration.',
  other: 'Find out why Service SERVICE does not answer the API server: look at the logs of its pods.',
};
