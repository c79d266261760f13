/**
 * A launcher, npx or a shell may pass on the signal that the terminal has sent already, so that one Ctrl-C arrives twice; a person
 * who means a second one takes longer.
 */
const ECHO_MS = 300;

/** Turns of the event loop in which a signal that has come is heard at the latest: the rest of this one and a whole one. */
const TURNS = 2;

/** What Ctrl-C does while a command reads. */
export interface Cancellation {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /**
   * Before work that never waits, and would see no signal until it is over: hears what came while reading, then lets Ctrl-C end the process at once.
   * @throws the signal's reason where one came
   */
  settle: () => Promise<void>;
  dispose: () => void;
}

/** Ctrl-C stops reading in good order; a second one ends the process. */
export function cancellation(): Cancellation {
  const controller = new AbortController();
  let since: number | undefined;
  const cancel = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (since !== undefined && now - since > ECHO_MS) {
      dispose();
      process.kill(process.pid, signal);
    }
    since ??= now;
    controller.abort();
  };
  const dispose = () => {
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  const settle = async () => {
    for (let turn = 0; turn < TURNS; turn++) await new Promise((resume) => setImmediate(resume));
    controller.signal.throwIfAborted();
    dispose();
  };
  return { signal: controller.signal, settle, dispose };
}
