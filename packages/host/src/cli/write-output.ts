/** Files that options ask for. */
import { HostError } from '../host-error.ts';

/** Writes something to a path. @throws HostError `output-failed` where it cannot */
export function writing(path: string, write: (path: string) => void): void {
  try {
    write(path);
  } catch (cause) {
    throw new HostError('output-failed', `${path} cannot be written: ${(cause as Error).message}`, {
      data: { path },
      cause,
    });
  }
}
