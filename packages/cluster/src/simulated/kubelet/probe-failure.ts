/** What the kubelet says of a probe that failed. Source: `pkg/probe/http`, `pkg/probe/tcp`, `pkg/probe/exec`, `pkg/probe/grpc` */
import type { Container } from '../../model/kinds.ts';
import type { ProbeAnswer, ProbeKind } from './behaviour.ts';
import type { PodRuntime, Run } from './pod-runtime.ts';

type Probe = NonNullable<Container['livenessProbe']>;

/** From the start of a program to its first answer, where its behaviour says nothing else, in milliseconds. */
export const START_MS = 1000;

/** The text of the failure; `undefined` when the probe succeeds. */
export function probeFailure(
  pod: PodRuntime,
  spec: Container,
  run: Run,
  kind: ProbeKind,
  now: number,
): string | undefined {
  const probe = spec[`${kind}Probe`];
  if (probe === undefined) return undefined;
  const port = portOf(probe, spec);
  const answer = answerOf(run, kind, port, probe, now);
  return answer === undefined ? undefined : textOf(answer, probe, pod.ip ?? '', port);
}

/** `undefined`: all is well. */
function answerOf(
  { behaviour, startedAt }: Run,
  kind: ProbeKind,
  port: number | undefined,
  { exec }: Probe,
  now: number,
): ProbeAnswer | undefined {
  const { startMs = START_MS, hangsAfterMs = Infinity, failsProbes = [], probeAnswer, listens } = behaviour;
  const age = now - startedAt;
  if (age >= hangsAfterMs) return probeAnswer ?? 'timeout';
  if (age < startMs) return 'refused';
  if (port !== undefined && listens !== undefined && !listens.includes(port)) return 'refused';
  if (failsProbes.includes(kind)) return probeAnswer ?? (exec === undefined ? { status: 503 } : { output: '' });
  return undefined;
}

/** The number behind a named port, where the probe asks one. */
function portOf({ httpGet, tcpSocket, grpc }: Probe, { ports = [] }: Container): number | undefined {
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
  if (typeof port !== 'string') return port;
  return /^\d+$/.test(port) ? Number(port) : ports.find(({ name }) => name === port)?.containerPort;
}

function textOf(answer: ProbeAnswer, probe: Probe, ip: string, port = 0): string {
  const { httpGet, tcpSocket, grpc, exec, timeoutSeconds = 1 } = probe;
  if (httpGet !== undefined) return httpText(answer, httpGet, httpGet.host ?? ip, port);
  if (grpc !== undefined) return grpcText(answer, `${ip}:${port}`, timeoutSeconds);
  if (tcpSocket !== undefined) return tcpText(answer, `${tcpSocket.host ?? ip}:${port}`);
  if (answer === 'timeout')
    return `command timed out: "${(exec?.command ?? []).join(' ')}" timed out after ${timeoutSeconds}s`;
  return typeof answer === 'object' && 'output' in answer ? answer.output : '';
}

function httpText(
  answer: ProbeAnswer,
  { scheme = 'HTTP', path = '/' }: NonNullable<Probe['httpGet']>,
  host: string,
  port: number,
) {
  const url = `${scheme.toLowerCase()}://${host}:${port}${path.startsWith('/') ? path : `/${path}`}`;
  if (answer === 'timeout')
    return `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
  if (typeof answer === 'object' && 'status' in answer) return `HTTP probe failed with statuscode: ${answer.status}`;
  return `Get "${url}": dial tcp ${host}:${port}: connect: connection refused`;
}

function tcpText(answer: ProbeAnswer, address: string): string {
  return answer === 'timeout' ? `dial tcp ${address}: i/o timeout` : `dial tcp ${address}: connect: connection refused`;
}

function grpcText(answer: ProbeAnswer, address: string, timeoutSeconds: number): string {
  return typeof answer === 'object'
    ? 'service unhealthy (responded with "NOT_SERVING")'
    : `timeout: failed to connect service "${address}" within ${timeoutSeconds}s: context deadline exceeded`;
}
