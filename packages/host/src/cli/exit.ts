/** Exit codes, and how a failure is told to a person. */
import { HostError } from '../host-error.ts';

/** Documented in `aia --help`. */
export const EXIT = Object.freeze({ ok: 0, found: 1, usage: 2, unreadable: 3, cancelled: 130 });

/** A mistake on the command line that only shows while running it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Prints what went wrong in one or two lines and sets the exit code. The stack is printed with `AIA_DEBUG=1`. */
export function reportFailure(error: unknown): void {
  if (isAbort(error)) {
    process.stderr.write('aia: cancelled\n');
    process.exitCode = EXIT.cancelled;
    return;
  }
  const debug = process.env['AIA_DEBUG'] === '1';
  const foreseen = error instanceof UsageError || error instanceof HostError;
  const message = singleLine(error instanceof Error ? error.message : String(error));
  const hint = foreseen || debug ? '' : ' (unexpected; AIA_DEBUG=1 shows where)';
  process.stderr.write(`aia: ${message}${hint}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.unreadable;
}

/** Text of others for a terminal: nothing in it steers one. */
export function singleLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || (error as { code?: unknown }).code === 'cancelled');
}

/**
 * A reader that has seen enough (`aia assess | head`) is no failure: the rest is dropped and the exit code stays what the work
 * deserves. Any other failure to write is told.
 */
export function tolerateClosedOutput(stream: NodeJS.WriteStream = process.stdout): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE')
      reportFailure(new HostError('output-failed', `standard output cannot be written: ${error.message}`));
  });
}
