/** What becomes of changes on a simulated cluster. */

/** What became of a change. */
export interface Performed {
  /** `not-simulated`: only a person can do it. */
  readonly outcome: 'done' | 'refused' | 'not-simulated';
  readonly message: string;
  /** Refused for now: a budget allows no eviction yet, or what is to be made again is still going. */
  readonly isPassing?: boolean;
}

export const done = (message: string): Performed => ({ outcome: 'done', message });
export const refused = (message: string): Performed => ({ outcome: 'refused', message });
