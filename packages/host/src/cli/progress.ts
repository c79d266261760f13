/** Progress of long work on standard error: one line that rewrites itself on a terminal, nothing elsewhere. */
import { singleLine } from './exit.ts';

const EVERY_MS = 100;
const QUIET_START_MS = 400;

/** Shows the latest text at most ten times a second; `done` wipes the line. */
export interface Progress {
  show(text: string): void;
  done(): void;
}

/** Silent when asked to be, and when standard error is no terminal. Work shorter than 0.4 s shows nothing. */
export function createProgress(
  quiet: boolean,
  stream: NodeJS.WriteStream = process.stderr,
  clock: () => number = () => performance.now(),
): Progress {
  if (quiet || !stream.isTTY) return { show: () => {}, done: () => {} };
  const start = clock();
  let last = 0;
  let shown = false;
  return {
    show(text) {
      const now = clock();
      if (now - start < QUIET_START_MS || now - last < EVERY_MS) return;
      last = now;
      shown = true;
      stream.write(`\r\u001b[K${singleLine(text).slice(0, (stream.columns || 80) - 1)}`);
    },
    done() {
      if (shown) stream.write('\r\u001b[K');
    },
  };
}
