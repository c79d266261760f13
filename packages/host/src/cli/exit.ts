/** Exit codes, and how a failure is told to a person. */

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
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`aia: ${message}\n`);
  if (process.env['AIA_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.unreadable;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || (error as { code?: unknown }).code === 'cancelled');
}
