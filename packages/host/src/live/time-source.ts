/** Time and chance as the live reader uses them, so that tests need neither waits nor luck. */
import { setTimeout as delay } from 'node:timers/promises';

/** Everything that depends on the clock or on chance. */
export interface TimeSource {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** The machine's own clock and randomness. */
export const SYSTEM_TIME: TimeSource = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      throw signal?.reason ?? error;
    }
  },
  random: () => Math.random(),
};
