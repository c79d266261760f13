/** Failed probes: events Unhealthy and ProbeWarning of the kubelet, 1.14–1.36. Source: `pkg/kubelet/prober`, `pkg/probe`. */
import { plainText } from './event-text.ts';
import type { ProbeMessage } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

type ProbeCause = ProbeMessage['cause'];
type ProbeName = ProbeMessage['probe'];

const row = (versions: string, cause: ProbeCause, pattern: RegExp): Row<ProbeCause> => ({ versions, cause, pattern });

const HEAD =
  /^(?<probe>Readiness|Liveness|Startup) probe (?:failed:|errored(?: and resulted in \w{1,20} state)?:|warning:) ?/;

/** Answers of the kubelet's own clients. */
const CLIENT_ROWS: readonly Row<ProbeCause>[] = [
  row('all', 'http-status', /^HTTP probe failed with statuscode: (?<status>\d{3}(?!\d))?/),
  row(
    '1.23–',
    'grpc',
    /^timeout: failed to connect service "|^service unhealthy \(responded with "|does not implement the grpc health protocol/,
  ),
  row('1.23–', 'grpc', /^error: (?:health rpc|connection)|^failed to connect service "/),
  row('1.14–1.22', 'grpc', /^timeout: health rpc did not complete within|^status: [A-Z_]{1,30}$/),
];

/** Errors of a HTTP or TCP connection. */
const CONNECTION_ROWS: readonly Row<ProbeCause>[] = [
  row('all', 'connection-refused', /connection refused/),
  row('all', 'connection-reset', /connection reset by peer|broken pipe|\bEOF\b/),
  row('all', 'unreachable', /no route to host|network is unreachable|host is down|cannot assign requested address/),
  row('all', 'dns', /no such host|server misbehaving/),
  row(
    'all',
    'tls',
    /x509: |\btls: |server gave HTTP response to HTTPS client|TLS handshake timeout|malformed HTTP response/,
  ),
  row('all', 'timeout', /context deadline exceeded|Client\.Timeout|i\/o timeout|request canceled|timed? ?out/),
];

/** `Get "http://…": `; without quotation marks before 1.20. */
const REQUEST = /^(?:Get|Head) (?:"(?<quoted>https?:\/\/[^"]{1,2000})"|(?<bare>https?:\/\/\S{1,2000}): )/;
const DIAL = /\bdial tcp6? ?(?<address>\S{1,300}): /;
const URL_PARTS = /^https?:\/\/(?:\[[^\]]{1,60}\]|[^/:?#[\]]{1,300})(?::(?<port>\d{1,5}))?(?<path>\/[^?#]{0,1000})?/;

const PROBES: Readonly<Record<string, ProbeName>> = {
  Readiness: 'readiness',
  Liveness: 'liveness',
  Startup: 'startup',
};

/**
 * Reads a probe's failure. Port and path are those of the request; the output of a command is never taken for the
 * kubelet's own words.
 */
export function parseProbe(message: string): ProbeMessage | undefined {
  const text = plainText(message);
  const head = HEAD.exec(text);
  const probe = PROBES[head?.groups?.['probe'] ?? ''];
  if (head === null || probe === undefined) return undefined;
  const detail = text.slice(head[0].length);
  if (head[0].includes('warning')) return { probe, cause: 'other', text };
  const client = firstMatch(CLIENT_ROWS, detail);
  if (client === undefined) return { probe, ...(readConnection(detail) ?? { cause: readCommand(detail) }), text };
  const status = client.match.groups?.['status'];
  return { probe, cause: client.row.cause, ...(status === undefined ? {} : { statusCode: Number(status) }), text };
}

function readConnection(detail: string): Pick<ProbeMessage, 'cause' | 'port' | 'path'> | undefined {
  const request = REQUEST.exec(detail);
  if (request === null && !detail.startsWith('dial tcp')) return undefined;
  const { quoted, bare } = request === null ? {} : groupsOf(request, 'quoted', 'bare');
  const url = URL_PARTS.exec(quoted ?? bare ?? '');
  const { port, path } = url === null ? {} : groupsOf(url, 'port', 'path');
  const dialled = /:(\d{1,5})$/.exec(DIAL.exec(detail)?.groups?.['address'] ?? '')?.[1];
  const number = port ?? dialled;
  const cause = firstMatch(CONNECTION_ROWS, detail.slice(request?.[0].length ?? 0))?.row.cause ?? 'other';
  return { cause, ...(number === undefined ? {} : { port: Number(number) }), ...(path === undefined ? {} : { path }) };
}

/** How the kubelet's clients begin; a text that was cut inside is no command's output. */
const CLIENT_WORDS = [
  'HTTP probe failed',
  'Get "http',
  'Get http',
  'dial tcp',
  'timeout: failed to connect service',
  'service unhealthy (responded',
];

/** What is neither a request nor a connection is a command's output, or the runtime that could not run it. */
function readCommand(detail: string): ProbeCause {
  if (detail !== '' && CLIENT_WORDS.some((words) => words.startsWith(detail) || detail.startsWith(words)))
    return 'other';
  if (/^command (?:timed out|\S{0,400}.{0,400} timed out)|^rpc error: code = DeadlineExceeded/.test(detail))
    return 'timeout';
  return /^(?:couldn't find port|strconv\.|missing probe handler|invalid port)/.test(detail) ? 'other' : 'exec';
}
