/** How pods stand: the status that Kubernetes gives them, by state. */

type Json = Record<string, unknown>;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOW = Date.parse('2025-09-27T12:00:00Z');

export function ago(ms: number): string {
  return new Date(NOW - ms).toISOString().replace('.000Z', 'Z');
}

/** How one pod stands: what it adds to `spec` and `status`. */
export interface PodState {
  readonly node?: string;
  readonly phase: string;
  readonly status: (pod: { readonly containers: readonly Json[]; readonly ageMs: number }) => Json;
  readonly ageMs?: number;
  readonly metadata?: Json;
  readonly ready?: boolean;
}

export function condition(type: string, status: string, reason: string, message = reason, ageMs = 4 * HOUR): Json {
  return { type, status, reason, message, lastTransitionTime: ago(ageMs), lastUpdateTime: ago(ageMs) };
}

const scheduled = (ageMs: number) => condition('PodScheduled', 'True', '', '', ageMs);

export function running(node: string, ageMs = 5 * HOUR): PodState {
  return {
    node,
    phase: 'Running',
    ready: true,
    ageMs,
    status: ({ containers }) => ({
      conditions: [
        condition('Ready', 'True', '', '', ageMs),
        condition('ContainersReady', 'True', '', '', ageMs),
        scheduled(ageMs),
      ],
      containerStatuses: containers.map(({ name, image }) => ({
        name,
        image,
        imageID: 'x',
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: ago(ageMs) } },
        lastState: {},
      })),
    }),
  };
}

export function pending(message: string, ageMs = 4 * HOUR): PodState {
  return {
    phase: 'Pending',
    ageMs,
    status: () => ({ conditions: [condition('PodScheduled', 'False', 'Unschedulable', message, ageMs)] }),
  };
}

export function gated(ageMs = 4 * HOUR): PodState {
  return {
    phase: 'Pending',
    ageMs,
    status: () => ({
      conditions: [
        condition(
          'PodScheduled',
          'False',
          'SchedulingGated',
          'Scheduling is blocked due to non-empty scheduling gates',
          ageMs,
        ),
      ],
    }),
  };
}

/** On a node, its first container waiting for a reason. */
export function waiting(
  node: string,
  reason: string,
  message: string,
  more: { last?: Json; restarts?: number; ageMs?: number } = {},
): PodState {
  const { last, restarts = 0, ageMs = 4 * HOUR } = more;
  return {
    node,
    phase: reason === 'CrashLoopBackOff' || reason === 'RunContainerError' ? 'Running' : 'Pending',
    ageMs,
    status: ({ containers }) => ({
      conditions: [
        condition(
          'Ready',
          'False',
          'ContainersNotReady',
          `containers with unready status: [${String(containers[0]?.['name'])}]`,
          ageMs,
        ),
        condition('ContainersReady', 'False', 'ContainersNotReady', '', ageMs),
        scheduled(ageMs),
      ],
      containerStatuses: containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready: false,
        started: false,
        restartCount: restarts,
        state: { waiting: { reason, message } },
        lastState: last === undefined ? {} : { terminated: last },
      })),
    }),
  };
}

/** In CrashLoopBackOff after ends like the one given. */
export function crashing(node: string, last: Json, restarts = 40): PodState {
  return waiting(node, 'CrashLoopBackOff', 'back-off 5m0s restarting failed container', {
    restarts,
    last: { startedAt: ago(5 * MINUTE), finishedAt: ago(4 * MINUTE), ...last },
  });
}

/** Running, and never ready. */
export function unready(node: string, ageMs = 4 * HOUR): PodState {
  return {
    node,
    phase: 'Running',
    ageMs,
    status: ({ containers }) => ({
      conditions: [
        condition(
          'Ready',
          'False',
          'ContainersNotReady',
          `containers with unready status: [${String(containers[0]?.['name'])}]`,
          ageMs,
        ),
        condition('ContainersReady', 'False', 'ContainersNotReady', '', ageMs),
        scheduled(ageMs),
      ],
      containerStatuses: containers.map(({ name, image }) => ({
        name,
        image,
        imageID: 'x',
        ready: false,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: ago(ageMs) } },
        lastState: {},
      })),
    }),
  };
}

export function completed(node: string, ageMs = 3 * HOUR): PodState {
  return {
    node,
    phase: 'Succeeded',
    ageMs,
    status: ({ containers }) => ({
      conditions: [
        condition('Ready', 'False', 'PodCompleted', '', ageMs),
        condition('ContainersReady', 'False', 'PodCompleted', '', ageMs),
        scheduled(ageMs),
      ],
      containerStatuses: containers.map(({ name, image }) => ({
        name,
        image,
        imageID: 'x',
        ready: false,
        started: false,
        restartCount: 0,
        state: {
          terminated: { exitCode: 0, reason: 'Completed', startedAt: ago(ageMs), finishedAt: ago(ageMs - MINUTE) },
        },
        lastState: {},
      })),
    }),
  };
}
