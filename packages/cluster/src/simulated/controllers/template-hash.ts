/** Names of versions of a template. Source: `pkg/controller`, `ComputeHash`; `k8s.io/apimachinery/pkg/util/rand`, `SafeEncodeString` */
import { canonicalJson } from '../../snapshot/canonical-json.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A short text that equal values share. A collision count, when there is one, gives another text for the same value.
 * A real cluster hashes how Go prints the value, so its texts differ.
 */
export function templateHash(value: unknown, collisionCount?: number): string {
  const count = collisionCount === undefined ? '' : `/${collisionCount}`;
  const digits = String(fnv1a(`${canonicalJson(value)}${count}`));
  return [...digits].map((digit) => LETTERS[digit.charCodeAt(0) % LETTERS.length] as string).join('');
}

/** 32-bit FNV-1a of the UTF-8 bytes. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
