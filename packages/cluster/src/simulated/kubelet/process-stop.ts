/** How processes are told to end. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination */
import type { ContainerRuntime, PlannedEnd } from './pod-runtime.ts';

const STOP_MS = 100;

/** Tells a process to end, and kills it after the grace period. */
export function stopProcess(container: ContainerRuntime, graceMs: number, now: number): void {
  const { run } = container;
  if (run === undefined) return;
  const { stopMs = STOP_MS, stopExitCode = 0 } = run.behaviour;
  const hookMs = Math.min(preStopOf(container), graceMs);
  // A hook that took all of it leaves the process two seconds. Source: `minimumGracePeriodInSeconds`.
  const leftMs = graceMs === 0 ? 0 : Math.max(graceMs - hookMs, 2000);
  const stop: PlannedEnd =
    stopMs <= leftMs
      ? { at: now + hookMs + stopMs, ...endOf(stopExitCode) }
      : { at: now + hookMs + leftMs, exitCode: 137, reason: 'Error' };
  if (run.stop === undefined || stop.at < run.stop.at) run.stop = stop;
}

function preStopOf({ run, spec }: ContainerRuntime): number {
  const hook = spec.lifecycle?.preStop;
  if (hook === undefined) return 0;
  return run?.behaviour.preStopMs ?? (hook.sleep?.seconds ?? 0) * 1000;
}

/** Exit code and the reason that the runtime gives it. */
export function endOf(exitCode: number): { readonly exitCode: number; readonly reason: string } {
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
}
