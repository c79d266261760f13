/** Time of a simulation: it passes only when somebody lets it, and then from one due task to the next. */

/** Something that will happen; cancelling it twice, or after it happened, does nothing. */
export interface Timer {
  readonly dueAt: number;
  cancel(): void;
}

interface Task {
  readonly dueAt: number;
  /** Tasks due at one moment run in the order in which they were set. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** Epoch milliseconds that move when told to. Tasks are a binary heap by due time. */
export class VirtualClock {
  #now: number;
  #orders = 0;
  #waiting = 0;
  readonly #heap: Task[] = [];

  /** @param startAt epoch milliseconds */
  constructor(startAt: number) {
    this.#now = startAt;
  }

  /** Epoch milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** When the next task is due; `undefined` when none is set. */
  get nextAt(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.dueAt;
  }

  /** Tasks that are still to come. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Runs `run` after a delay, up to the next whole millisecond; a negative one counts as none. */
  after(delayMs: number, run: () => void): Timer {
    const task: Task = { dueAt: Math.ceil(this.#now + Math.max(0, delayMs)), order: this.#orders++, run };
    push(this.#heap, task);
    this.#waiting++;
    const cancel = () => {
      if (task.run === undefined) return;
      task.run = undefined;
      this.#waiting--;
    };
    return { dueAt: task.dueAt, cancel };
  }

  /** Runs everything that is due until `at`, and leaves the clock there. */
  advanceTo(at: number): void {
    for (let next = this.nextAt; next !== undefined && next <= at; next = this.nextAt) this.step();
    this.#now = Math.max(this.#now, at);
  }

  advance(durationMs: number): void {
    this.advanceTo(this.#now + durationMs);
  }

  /** Runs the next task, moving the clock to it; returns whether there was one. */
  step(): boolean {
    this.#dropCancelled();
    const task = pop(this.#heap);
    if (task?.run === undefined) return false;
    this.#now = Math.max(this.#now, task.dueAt);
    this.#waiting--;
    const { run } = task;
    task.run = undefined;
    run();
    return true;
  }

  #dropCancelled(): void {
    while (this.#heap[0] !== undefined && this.#heap[0].run === undefined) pop(this.#heap);
  }
}

// Much happens in one second, and the text of a moment is dear.
let textOfSecond = '';
let second = Number.NaN;

/** RFC 3339 with seconds, as Kubernetes writes `Time`. */
export function timestamp(at: number): string {
  const wanted = Math.floor(at / 1000);
  if (wanted !== second) {
    textOfSecond = `${new Date(wanted * 1000).toISOString().slice(0, 19)}Z`;
    second = wanted;
  }
  return textOfSecond;
}

/** RFC 3339 with microseconds, as Kubernetes writes `MicroTime`. */
export function microTimestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000Z`;
}

function isBefore(a: Task, b: Task): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}

function push(heap: Task[], task: Task): void {
  let at = heap.length;
  heap.push(task);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(task, heap[parent] as Task)) break;
    heap[at] = heap[parent] as Task;
    at = parent;
  }
  heap[at] = task;
}

function pop(heap: Task[]): Task | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Task, heap[child] as Task)) child++;
    if (!isBefore(heap[child] as Task, last)) break;
    heap[at] = heap[child] as Task;
    at = child;
  }
  heap[at] = last;
  return first;
}
