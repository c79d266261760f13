/** What the cluster autoscaler did for a pod that does not fit, from the events about the pod. */
import { eventTime, type Event, type Pod } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { eventText } from '../messages/event-text.ts';
import type { CloudCause, ScaleUpMessage } from '../messages/message.ts';
import { parseScaleUp } from '../messages/scale-up.ts';

export interface ScaleUpAttempt {
  readonly outcome: ScaleUpMessage['outcome'] | 'none';
  /** Why capacity was refused; a backoff only where nothing else is said. */
  readonly cause: CloudCause | undefined;
  /** Epoch milliseconds of the newest event; `undefined` without any. */
  readonly at: number | undefined;
  /** The newest event of each outcome, newest first. */
  readonly events: readonly Event[];
}

const OUTCOMES: Readonly<Record<string, ScaleUpMessage['outcome']>> = {
  TriggeredScaleUp: 'triggered',
  NotTriggerScaleUp: 'not-triggered',
  FailedScaleUp: 'failed',
  ScaleUpFailed: 'failed',
};

/** The autoscaler's latest attempt for a pod. */
export function scaleUpOf({ snapshot }: Examination, pod: Pod): ScaleUpAttempt {
  const events = snapshot.eventsOf(pod).filter(({ reason = '' }) => Object.hasOwn(OUTCOMES, reason));
  const newest = new Map<string, Event>();
  for (const event of events) {
    const outcome = outcomeOf(event);
    if (!newest.has(outcome)) newest.set(outcome, event);
  }
  const [latest] = events;
  if (latest === undefined) return { outcome: 'none', cause: undefined, at: undefined, events: [] };
  return {
    outcome: overall(latest, newest),
    cause: causeAmong(events),
    at: eventTime(latest),
    events: [...newest.values()],
  };
}

function outcomeOf({ reason = '' }: Event): string {
  return OUTCOMES[reason] ?? '';
}

/** After a failure the autoscaler only says that it holds back, so the failure counts until a new attempt. */
function overall(latest: Event, newest: ReadonlyMap<string, Event>): ScaleUpMessage['outcome'] {
  const outcome = OUTCOMES[latest.reason ?? ''] ?? 'not-triggered';
  const failed = newest.get('failed');
  const triggered = newest.get('triggered');
  const failedLast = failed !== undefined && (triggered === undefined || eventTime(failed) >= eventTime(triggered));
  return outcome === 'not-triggered' && failedLast ? 'failed' : outcome;
}

function causeAmong(events: readonly Event[]): CloudCause | undefined {
  const causes = events
    .filter((event) => outcomeOf(event) !== 'triggered')
    .flatMap((event) => parseScaleUp(event.reason ?? '', eventText(event))?.refusals ?? [])
    .map(({ cause }) => cause);
  return causes.find((cause) => cause !== 'backoff') ?? causes[0];
}
