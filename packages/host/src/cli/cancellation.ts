/**
 * A launcher, npx or a shell may pass on the signal that the terminal has sent already, so that one Ctrl-C arrives twice; a person
 * who means a second one takes longer.
 */
const ECHO_MS = 300;

/** Ctrl-C stops reading in good order; a second one ends the process. */
export function cancellation(): { signal: AbortSignal; dispose: () => void } {
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
  return { signal: controller.signal, dispose };
}
