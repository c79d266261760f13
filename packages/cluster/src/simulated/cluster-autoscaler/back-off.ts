/** How long node groups are left alone after failures. Source: `cluster-autoscaler/utils/backoff` */
import { BACK_OFF_RESET_MS, FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS } from './autoscaler-options.ts';

/** Why a group is left alone, as its status tells. */
export interface GroupError {
  readonly errorClass: 'OutOfResource' | 'Other';
  /** `QUOTA_EXCEEDED`, `RESOURCE_POOL_EXHAUSTED`, `IP_SPACE_EXHAUSTED`, `PERMISSIONS_ERROR`, `timeout`. */
  readonly errorCode: string;
  readonly errorMessage: string;
}

interface Entry {
  readonly until: number;
  readonly durationMs: number;
  readonly failedAt: number;
  readonly error: GroupError;
}

/** By group (`‹pool›/‹zone›`). Waits double from 5 to 30 minutes, and begin anew after three hours without a failure or after success. */
export class BackOff {
  readonly #entries = new Map<string, Entry>();

  /** Takes note of a failure; those of one moment count once. */
  fail(group: string, error: GroupError, now: number): void {
    const known = this.#known(group, now);
    const durationMs =
      known === undefined
        ? FIRST_BACK_OFF_MS
        : known.until > now
          ? known.durationMs
          : Math.min(LONGEST_BACK_OFF_MS, 2 * known.durationMs);
    this.#entries.set(group, { until: now + durationMs, durationMs, failedAt: now, error });
  }

  /** Begins as recorded: it failed at `failedAt` and waits for `durationMs` since. */
  adopt(group: string, error: GroupError, failedAt: number, durationMs: number): void {
    this.#entries.set(group, { until: failedAt + durationMs, durationMs, failedAt, error });
  }

  succeed(group: string): void {
    this.#entries.delete(group);
  }

  /** Why a group is left alone now. */
  errorOf(group: string, now: number): GroupError | undefined {
    const known = this.#known(group, now);
    return known !== undefined && known.until > now ? known.error : undefined;
  }

  /** When the next group may be tried again; `undefined` while none waits. */
  nextEnd(now: number): number | undefined {
    const ends = [...this.#entries.values()].map(({ until }) => until).filter((until) => until > now);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  #known(group: string, now: number): Entry | undefined {
    const known = this.#entries.get(group);
    return known === undefined || now - known.failedAt > BACK_OFF_RESET_MS ? undefined : known;
  }
}
