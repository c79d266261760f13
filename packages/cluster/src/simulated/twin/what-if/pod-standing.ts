/** How a pod stands, in one word and a reason. */
import type { ContainerStatus, Pod } from '../../../model/kinds.ts';

/** `unscheduled`: no node takes it. `starting`: it has a node and nothing failed so far. */
export type Standing = 'ready' | 'completed' | 'starting' | 'unscheduled' | 'failing' | 'ending';

/** With what its status says as the reason, `''` where it says nothing. */
export interface PodStanding {
  readonly standing: Standing;
  readonly reason: string;
}

/** Reasons of waiting that are no failure. */
const PASSING: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing', '']);

/** As its status says. */
export function standingOf({ metadata, spec, status }: Pod): PodStanding {
  if (status?.phase === 'Succeeded') return { standing: 'completed', reason: '' };
  if (status?.phase === 'Failed') return { standing: 'failing', reason: status.reason ?? endOf(status) };
  if (metadata.deletionTimestamp !== undefined) return { standing: 'ending', reason: '' };
  const isTrue = (name: string) => status?.conditions?.find(({ type }) => type === name);
  if (isTrue('Ready')?.status === 'True') return { standing: 'ready', reason: '' };
  if ((spec?.nodeName ?? '') === '') return { standing: 'unscheduled', reason: isTrue('PodScheduled')?.reason ?? '' };
  const reason = failureOf(status);
  return reason === undefined ? { standing: 'starting', reason: '' } : { standing: 'failing', reason };
}

function failureOf(status: Pod['status']): string | undefined {
  for (const one of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const reason = containerFailure(one);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function containerFailure({ state, lastState, ready }: ContainerStatus): string | undefined {
  const { waiting, terminated } = state ?? {};
  if (waiting !== undefined && !PASSING.has(waiting.reason ?? '')) return waiting.reason;
  if (terminated !== undefined && terminated.exitCode !== 0) return terminated.reason ?? 'Error';
  // Between two crashes it runs, and has not shown that it goes on.
  if (!ready && lastState?.terminated !== undefined && lastState.terminated.exitCode !== 0)
    return lastState.terminated.reason ?? 'Error';
  return undefined;
}

function endOf(status: NonNullable<Pod['status']>): string {
  const ended = (status.containerStatuses ?? []).find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  return ended?.state?.terminated?.reason ?? 'Failed';
}
