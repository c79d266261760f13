/** Small files that options name. */
import { readFileSync, statSync } from 'node:fs';
import { HostError } from '../host-error.ts';

/**
 * The text of a file of at most so many bytes.
 * @throws HostError when it cannot be read or is larger
 */
export function readInput(file: string, largestBytes: number): string {
  try {
    const { size } = statSync(file);
    if (size > largestBytes) throw new Error(`it is larger than ${largestBytes / 1e6} MB`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new HostError('input-unreadable', `${file} cannot be read: ${(cause as Error).message}`, {
      data: { file },
      cause,
    });
  }
}
