/**
 * Calls of admission webhooks that failed, Kubernetes 1.14–1.36: the API server's own words, which reach conditions and events
 * of whoever made the request.
 */
import { plainText } from './event-text.ts';
import type { WebhookCallMessage } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

type CallCause = WebhookCallMessage['cause'];

const row = (versions: string, cause: CallCause, pattern: RegExp): Row<CallCause> => ({ versions, cause, pattern });

const CALLS: readonly RegExp[] = [
  /failed calling webhook "(?<name>[^"]{1,320})":/,
  /failed calling (?:admission )?webhook (?<name>[\w.-]{1,320}):/,
];

/** The certificate stands first: a handshake that fails may also be called a timeout. */
const ROWS: readonly Row<CallCause>[] = [
  row('all', 'certificate', /x509: |tls: (?!first record)|remote error: tls/),
  row('all', 'certificate', /first record does not look like a TLS handshake/),
  row('all', 'no-endpoints', /no endpoints available for service "/),
  row('all', 'no-service', /service "[^"]{1,320}" not found/),
  row('all', 'no-port', /no service port \d{1,6} found for service "/),
  row('all', 'refused', /connect: connection refused/),
  row('all', 'name-resolution', /no such host|server misbehaving/),
  row(
    'all',
    'timeout',
    /context deadline exceeded|Client\.Timeout exceeded|i\/o timeout|TLS handshake timeout|net\/http: request canceled/,
  ),
  row(
    'all',
    'unreachable',
    /no route to host|network is unreachable|connection reset by peer|operation not permitted|: EOF(?![\w-])/,
  ),
  row('EKS', 'unreachable', /Address is not allowed/),
  row('konnectivity', 'unreachable', /No agent available/),
  row(
    'all',
    'bad-answer',
    /the server could not find the requested resource|the server rejected our request|an error on the server/,
  ),
  row('1.16–', 'bad-answer', /received invalid webhook response|expected response\.uid=/),
];

/** Reads which webhook was called, and why the call failed; a text cut before the reason gives `other`. */
export function parseWebhookCall(message: string): WebhookCallMessage | undefined {
  const text = plainText(message);
  const call = CALLS.map((pattern) => pattern.exec(text)).find((match) => match !== null);
  const { name } = call === undefined ? {} : groupsOf(call, 'name');
  if (call === undefined || name === undefined) return undefined;
  return { cause: firstMatch(ROWS, text.slice(call.index))?.row.cause ?? 'other', name, text };
}
