/** Webhooks of configurations, and the causes that are about them. */
import type { KubeObject } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Condition } from '@aia/contract';
import { servedWebhooks, type ServedWebhooks, type WebhookConfiguration } from '../../diagnose/extensions/webhooks.ts';
import type { Planning } from '../planning.ts';
import type { ActionDraft, Remedy } from '../remedy.ts';

/** One webhook in its configuration. */
export interface WebhookPlace {
  readonly configuration: WebhookConfiguration;
  readonly name: string;
  /** Place in `webhooks`. */
  readonly at: number;
  readonly isIgnored: boolean;
}

const CODES: ReadonlySet<string> = new Set(['webhook-backend-unavailable', 'webhook-failing', 'webhook-ca-mismatch']);

/** Causes that explain findings about webhooks, with these findings. */
export function webhookCauses(
  planning: Planning,
): readonly { readonly cause: AssessedRootCause; readonly findings: readonly AssessedFinding[] }[] {
  return planning.assessment.rootCauses.flatMap((cause) => {
    const findings = planning.findingsOf(cause).filter(({ code }) => CODES.has(code));
    return findings.length === 0 ? [] : [{ cause, findings }];
  });
}

/** A remedy for each cause of which every finding gets its action; one that stays would leave the webhook in the way. */
export function webhookRemedies(
  planning: Planning,
  fit: number,
  draftFor: (finding: AssessedFinding, cause: AssessedRootCause) => ActionDraft | undefined,
): readonly Remedy[] {
  return webhookCauses(planning).flatMap(({ cause, findings }): readonly Remedy[] => {
    const drafts = findings.map((one) => draftFor(one, cause)).filter((draft) => draft !== undefined);
    const [first] = drafts;
    if (first === undefined || drafts.length < findings.length) return [];
    return [{ title: first.title, resolves: [cause.id], fit, drafts }];
  });
}

/**
 * How to see that a webhook stands in the way no longer: the conditions given, and that workloads whose pods it refused are not refused by it when
 * their controllers try again. What else is wrong with them shows only then.
 */
export function passingProbe(
  cause: Pick<AssessedRootCause, 'explains'>,
  places: readonly WebhookPlace[],
  planning: Planning,
  conditions: readonly Condition[],
): NonNullable<ActionDraft['probe']> {
  const names = new Set<unknown>(places.map(({ name }) => name));
  const refused = planning
    .findingsOf(cause)
    .filter(({ code, resource }) => code === 'replica-creation-failed' && resource.kind === 'Deployment')
    .filter(({ facts }) => names.has(facts['name']))
    .map(({ resource: { group, kind, namespace, name }, facts }): Condition => ({
      kind: 'not-refused',
      target: { group, kind, namespace, name },
      by: String(facts['name']),
    }))
    .slice(0, MOST_REFUSED);
  return { conditions: [...conditions, ...refused] };
}

/** As many as are worth looking at one by one. */
const MOST_REFUSED = 20;

/** The webhooks that a finding names, which must answer. */
export function placesOf(finding: AssessedFinding, planning: Planning): readonly WebhookPlace[] {
  const configuration = configurationOf(planning.object(finding.resource));
  const names = new Set((finding.facts['webhooks'] as readonly string[] | undefined) ?? []);
  return (configuration?.webhooks ?? []).flatMap((webhook, at) =>
    configuration !== undefined && names.has(webhook.name)
      ? [{ configuration, name: webhook.name, at, isIgnored: webhook.failurePolicy === 'Ignore' }]
      : [],
  );
}

/** What stands behind the webhooks of a finding. */
export function servedOf(finding: AssessedFinding, { examination }: Planning): ServedWebhooks | undefined {
  return servedWebhooks(examination).find(
    ({ configuration, namespace, service }) =>
      configuration.metadata.name === finding.resource.name &&
      configuration.kind === finding.resource.kind &&
      `${namespace}/${service}` === finding.facts['service'],
  );
}

function configurationOf(object: KubeObject | undefined): WebhookConfiguration | undefined {
  const isOne = object?.kind === 'ValidatingWebhookConfiguration' || object?.kind === 'MutatingWebhookConfiguration';
  return isOne ? (object as unknown as WebhookConfiguration) : undefined;
}
