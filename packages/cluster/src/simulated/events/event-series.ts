/**
 * Series of equal events: the first is written as it is, the second with a series, later ones only counted, until the series is written
 * again after half an hour or six minutes after its last event. Source: `k8s.io/client-go/tools/events`, `event_broadcaster.go`
 */
import type { Event } from '../../model/kinds.ts';
import { microTimestamp, type VirtualClock } from '../clock/virtual-clock.ts';

const REFRESH_MS = 30 * 60_000;
const FINISH_MS = 6 * 60_000;

interface Series {
  readonly event: Event;
  count: number;
  lastAt: number;
}

/** Series that are not over yet. Equal are events that differ in the message and the moment at most. */
export class EventSeriesCache {
  readonly #clock: VirtualClock;
  readonly #write: (event: Event) => void;
  readonly #series = new Map<string, Series>();
  /** Rounds through the cache are in step with the start of the component; none are needed while it is empty. */
  readonly #startAt: number;
  #isRound = false;

  constructor(clock: VirtualClock, write: (event: Event) => void) {
    this.#clock = clock;
    this.#write = write;
    this.#startAt = clock.now;
  }

  observe(event: Event): void {
    const key = keyOf(event);
    const known = this.#series.get(key);
    if (known === undefined) {
      this.#series.set(key, { event, count: 1, lastAt: this.#clock.now });
      this.#write(event);
      this.#setRound();
      return;
    }
    known.count++;
    known.lastAt = this.#clock.now;
    if (known.count === 2) this.#write(shown(known));
  }

  /** Goes on with a series that was written before, unless it is over. */
  remember(event: Event): void {
    const { series, eventTime } = event as Event & { series?: { count?: number; lastObservedTime?: string } };
    const lastAt = Date.parse(series?.lastObservedTime ?? eventTime ?? '');
    if (Number.isNaN(lastAt) || this.#clock.now - lastAt > FINISH_MS) return;
    this.#series.set(keyOf(event), { event, count: series?.count ?? 1, lastAt });
    this.#setRound();
  }

  #setRound(): void {
    if (this.#isRound) return;
    this.#isRound = true;
    const passed = (this.#clock.now - this.#startAt) % FINISH_MS;
    this.#clock.after(FINISH_MS - passed, () => {
      this.#isRound = false;
      this.#round();
      if (this.#series.size > 0) this.#setRound();
    });
  }

  #round(): void {
    const isRefresh = (this.#clock.now - this.#startAt) % REFRESH_MS === 0;
    for (const [key, series] of this.#series) {
      const isOver = this.#clock.now - series.lastAt > FINISH_MS;
      if (isOver) this.#series.delete(key);
      if (series.count > 1 && (isOver || isRefresh)) this.#write(shown(series));
    }
  }
}

function shown({ event, count, lastAt }: Series): Event {
  return { ...event, series: { count, lastObservedTime: microTimestamp(lastAt) } };
}

/** The reference includes the object's revision: what is said of another state of the object is another series. */
function keyOf({ type, action, reason, reportingComponent, involvedObject, related }: Event): string {
  return JSON.stringify([type, action, reason, reportingComponent, ...fieldsOf(involvedObject), ...fieldsOf(related)]);
}

function fieldsOf(reference: Event['involvedObject'] | undefined): readonly unknown[] {
  const { kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath } = reference ?? {};
  return [kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath];
}
