/**
 * Startup, liveness and readiness probes. Source:
 * https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/; `pkg/kubelet/prober`
 */
import type { Container } from '../../model/kinds.ts';
import type { ProbeKind } from './behaviour.ts';
import { policyOf } from './restart-policy.ts';
import { stopProcess } from './process-stop.ts';
import { graceOf } from './grace.ts';
import { probeFailure } from './probe-failure.ts';
import {
  tell,
  wake,
  type ContainerRuntime,
  type Kubelet,
  type PodRuntime,
  type ProbeRun,
  type Run,
} from './pod-runtime.ts';

/** `core/v1` Probe. */
export type Probe = NonNullable<Container['livenessProbe']>;

/** From the start of a container to the first look of its kubelet at it. */
const NOTICE_MS = 1000;
const KINDS = ['startup', 'liveness', 'readiness'] as const;
const TITLES = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' } as const;

/** The probe of a kind. */
export function probeOf(spec: Container, kind: ProbeKind): Probe | undefined {
  return spec[`${kind}Probe`];
}

/** Probes of a process that has just started. */
export function beginProbes(spec: Container, startedAt: number): Map<ProbeKind, ProbeRun> {
  const runs = new Map<ProbeKind, ProbeRun>();
  for (const kind of KINDS) {
    const probe = probeOf(spec, kind);
    if (probe === undefined) continue;
    const delayMs = Math.max(NOTICE_MS, (probe.initialDelaySeconds ?? 0) * 1000);
    runs.set(kind, { nextAt: startedAt + delayMs, count: 0, succeeds: undefined });
  }
  return runs;
}

/** Takes those probes of a recorded process for answered that its status tells to have succeeded, and that still would. */
export function adoptProbes(pod: PodRuntime, spec: Container, run: Run, now: number): void {
  for (const [kind, one] of run.probes) {
    const probe = probeOf(spec, kind);
    const wasAnswered = run.started && (kind === 'startup' || run.ready);
    if (probe === undefined || !wasAnswered || probeFailure(pod, spec, run, kind, now) !== undefined) continue;
    one.succeeds = true;
    one.count = probe.successThreshold ?? 1;
    one.nextAt = nextProbe(run, probe, now, true);
  }
}

/** Sends the probes that are due, and asks for a look when the next one is. */
export function runProbes(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime): void {
  const { run, role } = container;
  if (run === undefined || run.stop !== undefined || role === 'init' || role === 'ephemeral') return;
  if (!run.started) judgeStart(kubelet, pod, container, run);
  if (!run.started || run.stop !== undefined) return;
  if (probe(kubelet, pod, container, run, 'liveness') === false) killFor(kubelet, pod, container, 'liveness');
  if (!run.probes.has('readiness')) run.ready = true;
  else run.ready = probe(kubelet, pod, container, run, 'readiness') ?? run.ready;
}

function judgeStart(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, run: Run): void {
  if (!run.probes.has('startup')) {
    run.started = true;
    return;
  }
  const verdict = probe(kubelet, pod, container, run, 'startup');
  if (verdict === false) return killFor(kubelet, pod, container, 'startup');
  if (verdict !== true) return;
  run.started = true;
  // The others have waited for it, and are sent at once.
  const { now } = kubelet.clock;
  for (const kind of ['liveness', 'readiness'] as const) {
    const other = run.probes.get(kind);
    const delayMs = (probeOf(container.spec, kind)?.initialDelaySeconds ?? 0) * 1000;
    if (other !== undefined) other.nextAt = Math.max(now, run.startedAt + delayMs);
  }
}

/** Sends one probe if it is due; `true` or `false` once enough results in a row say so. */
function probe(
  kubelet: Kubelet,
  pod: PodRuntime,
  container: ContainerRuntime,
  run: Run,
  kind: ProbeKind,
): boolean | undefined {
  const probeRun = run.probes.get(kind);
  const spec = probeOf(container.spec, kind);
  if (probeRun === undefined || spec === undefined) return undefined;
  const { now } = kubelet.clock;
  if (probeRun.nextAt > now) {
    wake(pod, probeRun.nextAt);
    return undefined;
  }
  const failure = probeFailure(pod, container.spec, run, kind, now);
  if (failure !== undefined)
    tell(kubelet, pod, 'Warning', 'Unhealthy', `${TITLES[kind]} probe failed: ${failure}`, container);
  const succeeds = failure === undefined;
  probeRun.count = succeeds === probeRun.succeeds ? probeRun.count + 1 : 1;
  probeRun.succeeds = succeeds;
  const isEnough = probeRun.count >= (succeeds ? (spec.successThreshold ?? 1) : (spec.failureThreshold ?? 3));
  probeRun.nextAt = nextProbe(run, spec, now, isEnough && succeeds);
  wake(pod, probeRun.nextAt);
  return isEnough ? succeeds : undefined;
}

/** Nothing changes while a program answers, so that nobody needs to ask before it may hang. */
function nextProbe(run: Run, { periodSeconds = 10 }: Probe, now: number, isSteady: boolean): number {
  const periodMs = periodSeconds * 1000;
  if (!isSteady) return now + periodMs;
  const { hangsAfterMs } = run.behaviour;
  if (hangsAfterMs === undefined) return Infinity;
  const hangsAt = run.startedAt + hangsAfterMs;
  return now + periodMs * Math.max(1, Math.ceil((hangsAt - now) / periodMs));
}

function killFor(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, kind: 'startup' | 'liveness'): void {
  const { spec } = container;
  const isLast = policyOf(pod, spec.restartPolicy) === 'Never';
  const message = `Container ${spec.name} failed ${kind} probe${isLast ? '' : ', will be restarted'}`;
  tell(kubelet, pod, 'Normal', 'Killing', message, container);
  const own = probeOf(spec, kind)?.terminationGracePeriodSeconds;
  stopProcess(container, own === undefined ? graceOf(pod) : own * 1000, kubelet.clock.now);
}
