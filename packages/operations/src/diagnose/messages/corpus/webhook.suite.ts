/** Calls of webhooks: each text with who writes it since when, and what must be read from it. */
import type { WebhookCallMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const URL = 'https://hook.shop.svc:443/mutate?timeout=10s';
const of = (versions: string, cause: WebhookCallMessage['cause'], why: string): Row<WebhookCallMessage> => [
  versions,
  `Internal error occurred: failed calling webhook "mutate.example.com": failed to call webhook: Post "${URL}": ${why}`,
  { cause, name: 'mutate.example.com' },
];

export const rows: readonly Row<WebhookCallMessage>[] = [
  of('1.21–', 'no-endpoints', 'no endpoints available for service "hook"'),
  of('1.21–', 'no-service', 'service "hook" not found'),
  of('1.21–', 'no-port', 'no service port 443 found for service "hook"'),
  of('1.21–', 'timeout', 'context deadline exceeded'),
  of('1.21–', 'timeout', 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'),
  of(
    '1.21–',
    'timeout',
    'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
  ),
  of('1.21–', 'timeout', 'net/http: TLS handshake timeout'),
  of('1.21–', 'timeout', 'dial tcp 10.8.0.7:443: i/o timeout'),
  of('1.21–', 'refused', 'dial tcp 10.8.0.7:443: connect: connection refused'),
  of('1.21–', 'unreachable', 'dial tcp 10.8.0.7:443: connect: no route to host'),
  of('1.21–', 'unreachable', 'read tcp 10.0.0.2:4711->10.8.0.7:443: read: connection reset by peer'),
  of('1.21–', 'unreachable', 'EOF'),
  of('EKS', 'unreachable', 'Address is not allowed'),
  of('konnectivity', 'unreachable', 'No agent available'),
  of('1.21–', 'name-resolution', 'dial tcp: lookup hook.shop.svc on 10.0.0.10:53: no such host'),
  of('1.21–', 'certificate', 'x509: certificate signed by unknown authority'),
  of(
    '1.21–',
    'certificate',
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2025-09-27T12:00:00Z is after 2025-09-01T00:00:00Z',
  ),
  of('1.21–', 'certificate', 'x509: certificate is valid for hook.shop, not hook.shop.svc'),
  of('1.21–', 'certificate', 'tls: first record does not look like a TLS handshake'),
  of('1.21–', 'certificate', 'remote error: tls: internal error'),
  of('1.21–', 'other', 'something that nobody has written yet'),
  [
    '1.16–',
    'Internal error occurred: failed calling webhook "mutate.example.com": the server could not find the requested resource',
    { cause: 'bad-answer', name: 'mutate.example.com' },
  ],
  [
    '1.16–',
    'Internal error occurred: failed calling webhook "mutate.example.com": an error on the server ("") has prevented the request from succeeding',
    { cause: 'bad-answer' },
  ],
  [
    '1.16–',
    'Internal error occurred: failed calling webhook "mutate.example.com": received invalid webhook response: expected response.uid="a", got ""',
    { cause: 'bad-answer' },
  ],
  [
    '1.14–1.15',
    `Internal error occurred: failed calling webhook mutate.example.com: Post ${URL}: dial tcp 10.8.0.7:443: connect: connection refused`,
    { cause: 'refused', name: 'mutate.example.com' },
  ],
  [
    'controllers',
    `Error creating: Internal error occurred: failed calling webhook "mutate.example.com": failed to call webhook: Post "${URL}": context deadline exceeded`,
    { cause: 'timeout', name: 'mutate.example.com' },
  ],
  ['all', 'admission webhook "validate.example.com" denied the request: no label team', undefined],
  ['all', 'exceeded quota: compute, requested: cpu=1, used: cpu=4, limited: cpu=4', undefined],
];
