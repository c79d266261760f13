/** What all controllers share: keys of objects that need a look, a queue of them, and another look after a failure. */
import { ApiError } from '../api/api-error.ts';
import { EVENTS } from '../api/built-in-types.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { SimulationContext } from '../simulation-context.ts';
import type { Change, ObjectStore } from '../store/object-store.ts';

/**
 * Makes what is match what is wanted, for one key at a time. A key mostly is `namespace/name` of an object; what it stands for is the
 * controller's own affair. `reconcile` looks at the store as it is now and never at the change that led to it.
 */
export interface Controller {
  /** As Kubernetes names it: `deployment-controller`. */
  readonly name: string;
  /**
   * Kinds (`group/Kind`) without which it would do harm: where a recorded cluster has them and its record does not show them, the controller
   * stays off, lest it makes anew what was merely not read.
   */
  readonly needs?: readonly string[];
  /** Whether changes of Events concern it. They are half of all changes, and hardly any controller acts on them. */
  readonly hearsEvents?: boolean;
  /** Keys that need a look after a change. */
  keysOf(change: Change): Iterable<string>;
  /**
   * Makes one key right.
   * @returns milliseconds after which to look again even if nothing changes
   * @throws ApiError to be called again later, with growing delays
   */
  reconcile(key: string): number | undefined;
}

/** Makes a controller for one cluster. */
export type MakeController = (context: SimulationContext) => Controller;

/** From a change to the look at it: what informers and queues take in a calm cluster. */
const LATENCY_MS = 5;
/** Source: `k8s.io/client-go/util/workqueue`, `DefaultTypedControllerRateLimiter`. */
const FIRST_RETRY_MS = 5;
const LONGEST_RETRY_MS = 1_000_000;

/** Runs one controller on a clock. Keys wait once, in the order in which they came. */
export class ControlLoop {
  readonly #controller: Controller;
  readonly #clock: VirtualClock;
  readonly #latencyMs: number;
  readonly #queue = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #later = new Map<string, { readonly dueAt: number; cancel(): void }>();
  readonly #stopListening: () => void;
  #isDue = false;
  #stopped = false;

  constructor(controller: Controller, store: ObjectStore, clock: VirtualClock, latencyMs = LATENCY_MS) {
    this.#controller = controller;
    this.#clock = clock;
    this.#latencyMs = latencyMs;
    const { hearsEvents = false } = controller;
    this.#stopListening = store.listen((change) => {
      if (change.type === EVENTS && !hearsEvents) return;
      for (const key of controller.keysOf(change)) this.enqueue(key);
    });
  }

  /** Has a key looked at soon. */
  enqueue(key: string): void {
    this.#queue.add(key);
    if (this.#isDue || this.#stopped) return;
    this.#isDue = true;
    this.#clock.after(this.#latencyMs, () => this.#drain());
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    for (const timer of this.#later.values()) timer.cancel();
  }

  #drain(): void {
    this.#isDue = false;
    if (this.#stopped) return;
    const keys = [...this.#queue];
    this.#queue.clear();
    for (const key of keys) this.#look(key);
  }

  #look(key: string): void {
    try {
      const again = this.#controller.reconcile(key);
      this.#failures.delete(key);
      if (again !== undefined) this.#enqueueAfter(key, again);
    } catch (error) {
      // Anything else is a defect of the controller and must not be retried into silence.
      if (!(error instanceof ApiError)) throw error;
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.#enqueueAfter(key, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
    }
  }

  /** Of several times to look again the earliest counts. */
  #enqueueAfter(key: string, delayMs: number): void {
    const known = this.#later.get(key);
    const dueAt = this.#clock.now + delayMs;
    if (known !== undefined && known.dueAt <= dueAt) return;
    known?.cancel();
    const timer = this.#clock.after(delayMs, () => {
      this.#later.delete(key);
      this.enqueue(key);
    });
    this.#later.set(key, timer);
  }
}
