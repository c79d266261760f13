/** HMAC-based key derivation. Source: RFC 5869. */
import { concatBytes } from '@noble/hashes/utils.js';

/** Of all parts one after the other. */
export type Hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]) => Uint8Array;

/** Extract and expand with an HMAC of so many bytes. @throws RangeError for more than 255 times as many */
export function hkdf(
  hmac: Hmac,
  hashBytes: number,
): (input: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) => Uint8Array {
  const expand = hkdfExpand(hmac, hashBytes);
  return (input, salt, info, length) => expand(hmac(salt, input), info, length);
}

/** Section 2.3. @throws RangeError as {@link hkdf} */
export function hkdfExpand(
  hmac: Hmac,
  hashBytes: number,
): (secret: Uint8Array, info: Uint8Array, length: number) => Uint8Array {
  const most = 255 * hashBytes;
  return (secret, info, length) => {
    if (!Number.isInteger(length) || length < 0 || length > most)
      throw new RangeError(`length: is ${length}, must be an integer from 0 to ${most}`);
    const blocks: Uint8Array[] = [];
    for (let i = 1; blocks.length * hashBytes < length; i++)
      blocks.push(hmac(secret, ...blocks.slice(-1), info, Uint8Array.of(i)));
    return concatBytes(...blocks).slice(0, length);
  };
}
