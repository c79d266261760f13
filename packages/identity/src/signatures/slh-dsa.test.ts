import { utf8ToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { deriveKeySet } from '../keys/key-set.ts';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import { knownKey, signIn, verifyIn, type KnownKey } from './signature.ts';
import { ROOT, schemeOf } from './suite.ts';

// One signature takes seconds in noble, so node signs, and both verify.
const keys = deriveKeySet(new Uint8Array(32).fill(2), { agent: 'root', version: 1 }, node);
const signer = { url: 'did:example:root#release', key: keys.signingKey('assertion', ROOT) };
const parts = [utf8ToBytes('release')];
const signature = signIn('release', parts, signer);

it.each([node, noble])('SLH-DSA of a release holds with $name, and no changed byte of it', (provider) => {
  const key = knownKey(signer.url, { kind: ROOT, bytes: signer.key.publicKey }, provider) as KnownKey;
  expect(verifyIn('release', parts, signature, key, ROOT)).toMatchObject({ kind: 'verified' });
  // Randomness, a tree of FORS, the layers of the hypertree.
  for (const at of [0, 15, 16, 3000, 7855]) {
    const value = signature.value.map((byte, i) => (i === at ? byte ^ 1 : byte));
    expect(verifyIn('release', parts, { ...signature, value }, key, ROOT)).toMatchObject({ kind: 'refused' });
  }
  expect(verifyIn('checkpoint', parts, signature, key, ROOT)).toMatchObject({ kind: 'refused' });
});

it('SLH-DSA has one key for a seed, whoever makes it', () => {
  const seed = Uint8Array.from({ length: 48 }, (_, i) => i);
  expect(schemeOf(ROOT, node).signingKey(seed).publicKey).toEqual(schemeOf(ROOT, noble).signingKey(seed).publicKey);
});
