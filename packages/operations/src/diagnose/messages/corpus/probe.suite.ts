/** Probes: each text with who writes it since when, and what must be read from it. */
import type { ProbeMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

const of = (
  versions: string,
  cause: ProbeMessage['cause'],
  text: string,
  more: Partial<ProbeMessage> = {},
): Row<ProbeMessage> => [versions, text, { cause, ...more }];

export const rows: readonly Row<ProbeMessage>[] = [
  of('1.14–1.36', 'http-status', 'Readiness probe failed: HTTP probe failed with statuscode: 503', {
    probe: 'readiness',
    statusCode: 503,
  }),
  of('1.14–1.36', 'http-status', 'Liveness probe failed: HTTP probe failed with statuscode: 404', {
    probe: 'liveness',
    statusCode: 404,
  }),
  of('1.16–1.36', 'http-status', 'Startup probe failed: HTTP probe failed with statuscode: 500', {
    probe: 'startup',
    statusCode: 500,
  }),
  of(
    '1.20–1.36',
    'connection-refused',
    'Readiness probe failed: Get "http://10.8.0.4:8080/healthz": dial tcp 10.8.0.4:8080: connect: connection refused',
    { port: 8080, path: '/healthz' },
  ),
  of(
    '1.14–1.19',
    'connection-refused',
    'Readiness probe failed: Get http://10.8.0.4:8080/healthz: dial tcp 10.8.0.4:8080: connect: connection refused',
    { port: 8080, path: '/healthz' },
  ),
  of(
    '1.20–1.36',
    'connection-refused',
    'Liveness probe failed: Get "http://[fd00::4]:9090/-/healthy?a=b": dial tcp [fd00::4]:9090: connect: connection refused',
    { port: 9090, path: '/-/healthy' },
  ),
  of('1.14–1.36', 'connection-refused', 'Readiness probe failed: dial tcp 10.8.0.4:5432: connect: connection refused', {
    port: 5432,
  }),
  of('1.14–1.36', 'timeout', 'Readiness probe failed: dial tcp 10.8.0.4:5432: i/o timeout', { port: 5432 }),
  of(
    '1.20–1.36',
    'timeout',
    'Liveness probe failed: Get "http://10.8.0.4:8080/live": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    { port: 8080, path: '/live' },
  ),
  of(
    '1.14–1.19',
    'timeout',
    'Liveness probe failed: Get http://10.8.0.4:8080/live: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
    { port: 8080, path: '/live' },
  ),
  of(
    '1.20–1.36',
    'dns',
    'Readiness probe failed: Get "http://db.internal:80/": dial tcp: lookup db.internal on 10.0.0.10:53: no such host',
    { port: 80, path: '/' },
  ),
  of(
    '1.20–1.36',
    'tls',
    'Readiness probe failed: Get "https://10.8.0.4:8443/healthz": http: server gave HTTP response to HTTPS client',
    { port: 8443 },
  ),
  of(
    '1.20–1.36',
    'tls',
    'Readiness probe failed: Get "https://10.8.0.4/healthz": x509: certificate has expired or is not yet valid',
    { path: '/healthz' },
  ),
  of('1.20–1.36', 'connection-reset', 'Readiness probe failed: Get "http://10.8.0.4:8080/": EOF', { port: 8080 }),
  of(
    '1.20–1.36',
    'unreachable',
    'Readiness probe failed: Get "http://10.8.0.4:8080/": dial tcp 10.8.0.4:8080: connect: no route to host',
    { port: 8080 },
  ),
  of(
    '1.23–1.36',
    'grpc',
    'Readiness probe failed: timeout: failed to connect service "10.8.0.4:9000" within 1s: context deadline exceeded',
  ),
  of('1.23–1.36', 'grpc', 'Liveness probe failed: service unhealthy (responded with "NOT_SERVING")'),
  of(
    '1.23–1.36',
    'grpc',
    'Liveness probe failed: error: this server does not implement the grpc health protocol (grpc.health.v1.Health): rpc error: code = Unimplemented',
  ),
  of('1.14–1.36', 'exec', 'Readiness probe failed: cat: /tmp/healthy: No such file or directory', {
    probe: 'readiness',
  }),
  of('1.14–1.36', 'exec', 'Readiness probe failed: curl: (7) connection refused'),
  of('1.14–1.36', 'exec', 'Liveness probe failed:'),
  of('1.20–1.36', 'timeout', 'Readiness probe failed: command "/bin/check" timed out'),
  of(
    '1.14–1.33',
    'exec',
    'Readiness probe errored: rpc error: code = Unknown desc = failed to exec in container: OCI runtime exec failed',
  ),
  of(
    '1.34–1.36',
    'timeout',
    'Readiness probe errored and resulted in unknown state: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  ),
  of(
    '1.34–1.36',
    'other',
    'Liveness probe errored and resulted in unknown state: strconv.Atoi: parsing "http": invalid syntax',
    { probe: 'liveness' },
  ),
  of('1.14–1.36', 'other', 'Readiness probe warning: Probe terminated redirects, Response body: moved'),
  ['all', 'Container web failed liveness probe, will be restarted', undefined],
  ['all', 'Readiness probe', undefined],
];

/** A cut beginning cannot be told from a command's output. */
