/** Comparing bytes. */

/**
 * Whether two byte strings are equal, looking at all bytes whatever they are. JavaScript promises no constant time; nothing here ends early or
 * branches on a byte. The lengths are no secret.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}
