/** Webhooks that refuse their own pods leave their own namespace out. */
import { refOf, refText, type LabelSelector } from '@aia/cluster';
import type { AssessedFinding } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { placesOf, servedOf, webhookRemedies } from '../../network/webhook-places.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind } from '../../remedy.ts';

const MINUTE = 60_000;
const NAME = 'kubernetes.io/metadata.name';

/** Proposes a namespace selector without the namespace in which what answers runs. */
export const exemptWebhookNamespace: ActionKind = {
  kind: 'exempt-webhook-namespace',
  title: "Leave a webhook's own namespace out of it",
  explanation:
    'Adds to the namespaceSelector of a webhook that its own namespace is not covered, so that the pods that are to answer it can be created. Proposed where the webhook covers its own namespace and has no pod left.',
  capability: 'access',
  prior: { alpha: 18, beta: 2, basis: 'controllers make their pods again within minutes' },
  durationMs: { optimistic: MINUTE, likely: 4 * MINUTE, pessimistic: 20 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) => webhookRemedies(planning, 1, (finding) => draftFor(finding, planning)),
};

function draftFor(finding: AssessedFinding, planning: Planning): ActionDraft | undefined {
  const served = servedOf(finding, planning);
  if (served === undefined || finding.facts['coversItself'] !== true) return undefined;
  const places = placesOf(finding, planning).filter(
    ({ name, isIgnored }) => !isIgnored && served.webhooks.some((one) => one.name === name && one.coversItself),
  );
  const [place] = places;
  if (place === undefined) return undefined;
  const ref = refOf(place.configuration);
  const { namespace } = served;
  return {
    kind: exemptWebhookNamespace.kind,
    title: `Leave namespace ${namespace} out of ${refText(ref)}, which it answers itself`,
    target: ref,
    part: namespace,
    reason: `${finding.message} Its own pods can be created only once it does not cover their namespace.`,
    evidence: [
      fieldEvidence(place.configuration, `webhooks[${place.at}].namespaceSelector`, 'covers its own namespace'),
      ...finding.evidence.slice(0, 2),
    ],
    confidence: 0.93,
    changes: [
      {
        kind: 'patch',
        target: ref,
        patch: {
          type: 'json',
          operations: places.flatMap(({ at, name, configuration }) => [
            { op: 'test' as const, path: `/webhooks/${at}/name`, value: name },
            {
              op: 'add' as const,
              path: `/webhooks/${at}/namespaceSelector`,
              value: without(configuration.webhooks?.[at]?.namespaceSelector, namespace),
            },
          ]),
        },
      },
    ],
    probe: {
      conditions: [{ kind: 'endpoints', target: { group: '', kind: 'Service', namespace, name: served.service } }],
      withinMs: 20 * MINUTE,
    },
    risks: [{ reason: `pods of namespace ${namespace} are no longer checked by it`, adds: 0.03 }],
  };
}

function without(selector: LabelSelector | undefined, namespace: string): LabelSelector {
  const { matchExpressions = [], ...others } = selector ?? {};
  return { ...others, matchExpressions: [...matchExpressions, { key: NAME, operator: 'NotIn', values: [namespace] }] };
}
