/** An admission webhook whose backend looks fine does not answer, or not as it should. */
import { eventCount, eventTime, refOf, refText, timeOf, type Event } from '@aia/cluster';
import { eventEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { eventText } from '../../messages/event-text.ts';
import type { WebhookCallMessage } from '../../messages/message.ts';
import { parseWebhookCall } from '../../messages/webhook.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { configuredWebhooks, type ConfiguredWebhook } from '../../extensions/webhooks.ts';
import { briefly } from '../../wording.ts';

/** Fewer failures than this are a hiccup. */
const FAILURES = 3;
/** A call that has not failed for this long is over. */
const RECENT_MS = 30 * 60_000;

/** Facts: webhook, cause (see `WebhookCallMessage`), failures (how often), service (`namespace/name`, where it has one). */
export const rule: Rule = {
  code: 'webhook-failing',
  title: 'Calls of an admission webhook fail',
  severity: 'high',
  explanation:
    'Events say that the API server could not get an answer from a webhook, and refused the request because its failure policy is Fail, ' +
    'although the pods behind the webhook look fine. A timeout or an unreachable address points to a firewall or network policy between ' +
    'control plane and nodes, x509 to a certificate that has expired or that the caBundle of the configuration did not sign, a refused ' +
    'connection to a wrong target port, a bad answer to the webhook itself. The rule stays silent about a few failures, about calls that have ' +
    'not failed for half an hour, and where nothing stands behind the Service, which is webhook-backend-unavailable.',
  remediation: {
    class: 'repair-network',
    text:
      'For a timeout, let the control plane reach the port of the pods. For x509, renew the certificate and the caBundle together. ' +
      'Otherwise look at the logs of the webhook.',
  },
  aliases: {},
  needs: ['events'],
  *check(examination) {
    const webhooks = configuredWebhooks(examination);
    for (const [name, calls] of failedCalls(examination)) {
      const webhook = webhooks.get(name);
      if (webhook === undefined || isBroken(webhook)) continue;
      const current = calls.filter((call) => !isMended(webhook, call));
      if (current.length > 0 && isLasting(examination, current)) yield draftOf(webhook, name, current);
    }
  },
};

interface FailedCall {
  readonly event: Event;
  readonly message: WebhookCallMessage;
}

/** By webhook, newest call first. */
function failedCalls({ snapshot }: Examination): ReadonlyMap<string, readonly FailedCall[]> {
  const calls = snapshot.list('Event').flatMap((event): readonly FailedCall[] => {
    if (event.type === 'Normal' || event.message?.includes('webhook') !== true) return [];
    const message = parseWebhookCall(eventText(event));
    return message === undefined ? [] : [{ event, message }];
  });
  calls.sort(
    (a, b) => eventTime(b.event) - eventTime(a.event) || (refText(refOf(a.event)) < refText(refOf(b.event)) ? -1 : 1),
  );
  return Map.groupBy(calls, ({ message }) => message.name);
}

function isBroken({ backend }: ConfiguredWebhook): boolean {
  return backend !== undefined && backend.state !== 'serving' && backend.state !== 'unknown';
}

/** What failed for want of endpoints does so no more once there are some. */
function isMended({ backend }: ConfiguredWebhook, { message: { cause } }: FailedCall): boolean {
  return backend?.state === 'serving' && (cause === 'no-endpoints' || cause === 'no-service');
}

function isLasting({ now, thresholds }: Examination, calls: readonly FailedCall[]): boolean {
  const last = Math.max(...calls.map(({ event }) => eventTime(event)));
  return now - last <= RECENT_MS && failuresOf(calls) >= FAILURES && last - firstOf(calls) >= thresholds.graceMs;
}

function firstOf(calls: readonly FailedCall[]): number {
  return Math.min(
    ...calls.map(({ event }) => timeOf(event.firstTimestamp) ?? timeOf(event.eventTime) ?? eventTime(event)),
  );
}

function failuresOf(calls: readonly FailedCall[]): number {
  return calls.reduce((sum, { event }) => sum + eventCount(event), 0);
}

function draftOf(
  { configuration, service }: ConfiguredWebhook,
  name: string,
  calls: readonly FailedCall[],
): FindingDraft {
  const resource = refOf(configuration);
  const message = (calls.find((call) => call.message.cause !== 'other') ?? calls[0])?.message;
  const kinds = unique(calls.map(({ event }) => event.involvedObject?.kind ?? ''));
  const failures = failuresOf(calls);
  return {
    resource,
    part: name,
    message: `Webhook ${name} of ${refText(resource)} ${WORDS[message?.cause ?? 'other']}: ${failures} requests were refused (${kinds.join(', ')}). ${briefly(message?.text ?? '')}.`,
    evidence: calls.slice(0, 3).map(({ event }) => eventEvidence(event)),
    facts: {
      webhook: name,
      webhooks: [name],
      cause: message?.cause ?? 'other',
      failures,
      ...(service === undefined ? {} : { service }),
    },
    since: firstOf(calls),
  };
}

const WORDS: Readonly<Record<WebhookCallMessage['cause'], string>> = {
  timeout: 'does not answer in time',
  certificate: 'is not trusted, or does not speak TLS',
  refused: 'refuses connections',
  'no-endpoints': 'has no endpoint',
  'no-service': 'has no Service',
  'no-port': 'is called on a port that its Service does not have',
  'name-resolution': 'has a name that is not resolved',
  unreachable: 'cannot be reached',
  'bad-answer': 'answers with an error',
  other: 'does not answer',
};
