/** Text encodings of bytes, each with one way to write a value: padding bits that are not zero, unknown letters and other prefixes are refused. */
import { base58, base64urlnopad } from '@scure/base';

/** Prefixes of Multibase that are used here. Source: https://www.w3.org/TR/cid-1.0/#multibase-0 */
export type Multibase = 'z' | 'u';

/** base58btc is quadratic in the length; nothing that is written in it here is longer. */
const MOST_BASE58_LETTERS = 128;

/** With its prefix: `z` base58btc, `u` base64url without padding. */
export function toMultibase(prefix: Multibase, bytes: Uint8Array): string {
  return prefix + (prefix === 'z' ? base58.encode(bytes) : base64urlnopad.encode(bytes));
}

/** `undefined` for anything else than the one way to write some bytes. */
export function fromMultibase(text: string): Uint8Array | undefined {
  const [prefix, letters] = [text[0], text.slice(1)];
  if (prefix === 'z') return fromBase58(letters);
  return prefix === 'u' ? fromBase64Url(letters) : undefined;
}

/** base58btc without a prefix. */
export function toBase58(bytes: Uint8Array): string {
  return base58.encode(bytes);
}

/** `undefined` for what is not base58btc, or too long. */
export function fromBase58(letters: string): Uint8Array | undefined {
  return letters.length > MOST_BASE58_LETTERS ? undefined : attempt(() => base58.decode(letters));
}

/** RFC 4648 section 5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/** `undefined` for what is not base64url without padding, or has bits left over. */
export function fromBase64Url(letters: string): Uint8Array | undefined {
  return attempt(() => base64urlnopad.decode(letters));
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
