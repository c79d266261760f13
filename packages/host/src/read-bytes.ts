/** Files of anybody, however large they pretend to be. */
import { closeSync, openSync, readSync } from 'node:fs';
import { HostError } from './host-error.ts';

const CHUNK_BYTES = 65_536;
const STANDARD_INPUT = 0;

/**
 * The bytes of a file, or of standard input for `-`. No more is read than may be there: a device or a pipe has no end.
 * @throws HostError `input-unreadable` when it cannot be read or is larger
 */
export function readBytes(file: string, mostBytes: number): Buffer {
  try {
    if (file === '-') return toEnd(STANDARD_INPUT, mostBytes);
    const descriptor = openSync(file, 'r');
    try {
      return toEnd(descriptor, mostBytes);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const name = file === '-' ? 'standard input' : file;
    throw new HostError('input-unreadable', `${name} cannot be read: ${whyOf(cause)}`, { data: { file }, cause });
  }
}

function toEnd(descriptor: number, mostBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
    if (read === 0) return Buffer.concat(chunks);
    size += read;
    if (size > mostBytes)
      throw new Error(`it has more than ${mostBytes} bytes, which is more than is ever needed here`);
    chunks.push(chunk.subarray(0, read));
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  EISDIR: 'it is a folder',
  EACCES: 'it is not yours to read',
  EAGAIN: 'nothing is there yet',
};

function whyOf(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return WHY[code] ?? message;
}
