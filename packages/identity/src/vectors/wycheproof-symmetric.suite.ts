/** Wycheproof's authenticated encryption, HMAC and HKDF. */
import { concatBytes } from '@noble/hashes/utils.js';
import { attempt, Cannot } from './case.suite.ts';
import { hex, hexOr, type Fields } from './fields.suite.ts';
import { gives, holds, type Check } from './wycheproof-result.suite.ts';

const sealed: Check = (subject, test, algorithm) => {
  const door = subject.aead(algorithm);
  if (door === undefined) throw new Cannot(`${algorithm} is not supported by this build`);
  if (test['tagSize'] !== 128) throw new Cannot('a tag of another length than 128 bits is not supported by this build');
  const [key, nonce, aad, msg] = [hex(test, 'key'), hex(test, 'iv'), hexOr(test, 'aad'), hex(test, 'msg')];
  const ciphertext = concatBytes(hex(test, 'ct'), hex(test, 'tag'));
  gives(test, 'plaintext', () => door.open(key, nonce, ciphertext, aad), msg);
  if (test['result'] === 'valid') gives(test, 'ciphertext', () => door.seal(key, nonce, msg, aad), ciphertext);
};

const authenticated: Check = (subject, test, algorithm) => {
  const name = hashName(algorithm, 'HMAC');
  const mac = name === undefined ? undefined : subject.hmac(name);
  if (mac === undefined) throw new Cannot(`${algorithm} is not supported by this build`);
  const expected = hex(test, 'tag');
  const bytes = sizeOf(test, 'tagSize') / 8;
  const isTag = () => {
    const tag = mac(hex(test, 'key'), hex(test, 'msg')).subarray(0, bytes);
    return tag.length === expected.length && tag.every((byte, i) => byte === expected[i]);
  };
  holds(test, 'tag', isTag);
};

const derived: Check = (subject, test, algorithm) => {
  const name = hashName(algorithm, 'HKDF');
  const kdf = name === undefined ? undefined : subject.hkdf(name);
  if (kdf === undefined) throw new Cannot(`${algorithm} is not supported by this build`);
  const calculate = () => kdf(hex(test, 'ikm'), hexOr(test, 'salt'), hexOr(test, 'info'), sizeOf(test, 'size'));
  gives(test, 'okm', calculate, attempt(() => hex(test, 'okm')) ?? new Uint8Array(0));
};

/** `HMACSHA256`, `HMAC-SHA-256`, `HKDF-SHA-256`, `HMACSHA3-256`, `HMACSHA512/224`: the hash as the subjects name it. */
function hashName(algorithm: string, family: string): string | undefined {
  const [, third, size] = new RegExp(`^${family}-?SHA(?:(3)-|-)?(\\d+(?:/\\d+)?)$`).exec(algorithm) ?? [];
  return size === undefined ? undefined : `SHA${third ?? ''}-${size}`;
}

function sizeOf(test: Fields, name: string): number {
  const size = test[name];
  if (typeof size !== 'number') throw new TypeError(`${name}: is no number`);
  return size;
}

/** By the type of the group. */
export const SYMMETRIC: Readonly<Record<string, Check>> = {
  AeadTest: sealed,
  MacTest: authenticated,
  HkdfTest: derived,
};
