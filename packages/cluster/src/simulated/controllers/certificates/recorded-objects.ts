/** Tells what a recorded cluster shows from what has happened since: the former is left as it is. */
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { Change } from '../../store/object-store.ts';
import { createdAt } from './certificate-kinds.ts';

export class RecordedObjects {
  readonly #clock: VirtualClock;
  /** When the cluster began, or was recorded. */
  readonly startedAt: number;
  readonly #changed = new Set<string>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.startedAt = clock.now;
  }

  /** Notes a change that concerns these keys, and gives them back. */
  note(change: Change, keys: readonly string[]): readonly string[] {
    const isRecord =
      change.kind === 'ADDED' &&
      this.#clock.now === this.startedAt &&
      !(createdAt(change.object) >= Math.floor(this.startedAt / 1000) * 1000);
    if (!isRecord) for (const key of keys) this.#changed.add(key);
    return keys;
  }

  /** Has a key looked after from now on. */
  release(key: string): void {
    this.#changed.add(key);
  }

  isUntouched(key: string): boolean {
    return !this.#changed.has(key);
  }
}
