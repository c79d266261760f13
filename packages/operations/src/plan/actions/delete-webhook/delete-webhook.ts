/** Webhooks whose program was removed go as well. */
import { refOf, refText } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Change } from '@aia/contract';
import { podMakersIn } from '../../../diagnose/pods/pod-makers.ts';
import { passingProbe, placesOf, webhookRemedies, type WebhookPlace } from '../../network/webhook-places.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes to take away webhooks behind which nothing is left. */
export const deleteWebhook: ActionKind = {
  kind: 'delete-webhook',
  title: 'Delete a webhook that was left behind',
  explanation:
    'Takes a webhook away whose Service does not exist and in whose namespace nothing runs: the configuration, or the entry where others of the same configuration are answered. Refuses where the Service may only not have been read, or where workloads are left in its namespace, which may be what is to answer.',
  capability: 'access',
  prior: { alpha: 19, beta: 1, basis: 'what nobody answers for is asked no more' },
  durationMs: { optimistic: MINUTE / 2, likely: 2 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) => webhookRemedies(planning, 1, (finding, cause) => draftFor(finding, cause, planning)),
};

function draftFor(finding: AssessedFinding, cause: AssessedRootCause, planning: Planning): ActionDraft | undefined {
  const { facts, evidence, severity } = finding;
  const [namespace = '', service = ''] = String(facts['service']).split('/');
  const places = placesOf(finding, planning);
  const [place] = places;
  if (place === undefined || facts['state'] !== 'no-service' || severity === 'low') return undefined;
  if (podMakersIn(planning.examination, namespace).length > 0) return undefined;
  const ref = refOf(place.configuration);
  return {
    kind: deleteWebhook.kind,
    title: `Delete ${refText(ref)}, which Service ${namespace}/${service} no longer answers`,
    target: ref,
    reason: `${refText(ref)} asks Service ${namespace}/${service}, which does not exist, and no workload is left in namespace ${namespace}: what answered it was removed, and it refuses what it covers.`,
    evidence: evidence.slice(0, 3),
    confidence: planning.snapshot.get('Namespace', '', namespace) === undefined ? 0.95 : 0.85,
    changes: [changeFor(places, place)],
    probe: passingProbe(cause, places, planning, [conditionFor(places, place)]),
    risks: [{ reason: 'what it checked or added is checked and added no more', adds: 0.05 }],
  };
}

function changeFor(places: readonly WebhookPlace[], { configuration }: WebhookPlace): Change {
  const target = refOf(configuration);
  if (places.length === (configuration.webhooks ?? []).length) return { kind: 'delete', target };
  const operations = places
    .toSorted((a, b) => b.at - a.at)
    .flatMap(({ at, name }) => [
      { op: 'test' as const, path: `/webhooks/${at}/name`, value: name },
      { op: 'remove' as const, path: `/webhooks/${at}` },
    ]);
  return { kind: 'patch', target, patch: { type: 'json', operations } };
}

function conditionFor(places: readonly WebhookPlace[], { configuration }: WebhookPlace) {
  const target = refOf(configuration);
  const isWhole = places.length === (configuration.webhooks ?? []).length;
  return isWhole ? ({ kind: 'absent', target } as const) : ({ kind: 'exists', target } as const);
}
