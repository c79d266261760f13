/** What is hashed or signed says what it is for: the one registry of domains. No tag is a prefix of another, and none is ever given another meaning. */

import { requireBytes } from '../provider/provider.ts';

/** Every domain there is. */
export const DOMAINS = {
  envelope: 'aia/envelope/v1',
  vote: 'aia/vote/v1',
  mandate: 'aia/mandate/v1',
  checkpoint: 'aia/checkpoint/v1',
  release: 'aia/release/v1',
  channel: 'aia/channel/v1',
  sealedBox: 'aia/sealed-box/v1',
  boxSchedule: 'aia/box-schedule/v1',
  keySeed: 'aia/key-seed/v1',
  keyFile: 'aia/key-file/v1',
  keystore: 'aia/keystore/v1',
  payload: 'aia/payload/v1',
  disclosure: 'aia/disclosure/v1',
  delegation: 'aia/delegation/v1',
} as const;

/** Name of a domain. */
export type Domain = keyof typeof DOMAINS;

/**
 * What is hashed or signed of parts in a domain: the tag with its length before it, then each part with its length as a 64-bit big-endian number, so that no
 * two lists of parts give the same bytes.
 * @throws TypeError for a part that is no bytes
 */
export function framed(domain: Domain, ...parts: readonly Uint8Array[]): Uint8Array {
  const tag = new TextEncoder().encode(DOMAINS[domain]);
  const size = 1 + tag.length + parts.reduce((sum, part) => sum + 8 + requireBytes('part', part).length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes[0] = tag.length;
  bytes.set(tag, 1);
  let at = 1 + tag.length;
  for (const part of parts) {
    view.setBigUint64(at, BigInt(part.length));
    bytes.set(part, at + 8);
    at += 8 + part.length;
  }
  return bytes;
}
