/** The composite signature against its two halves, calculated by `node:crypto` with nothing of ours around them. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { provider as node } from '../../packages/identity/src/provider/node.ts';
import { privateKeyInfo } from '../../packages/identity/src/provider/der.ts';
import { COMPOSITE, schemeOf } from '../../packages/identity/src/signatures/suite.ts';
import { figure, type Figure, type Size } from '../figure.ts';
import { meanCpuMs, type Effort } from './cpu.ts';

/** What an envelope or a vote is about as long as. */
const MESSAGE = new Uint8Array(512).fill(7);
const CONTEXT = new TextEncoder().encode('aia');
const AT_MOST = 1.1;

/** Overhead of signing and verifying. */
export async function compositeFigures(size: Size): Promise<readonly Figure[]> {
  const scheme = schemeOf(COMPOSITE, node);
  const seed = new Uint8Array(scheme.seedBytes).map((_, i) => i);
  const [ours, native] = [scheme.signingKey(seed), halvesOf(seed)];
  const verifying = scheme.verifyingKey(ours.publicKey);
  const signature = ours.sign(MESSAGE, { context: CONTEXT });
  const [first, second] = native.sign();
  const effort: Effort = size === 'full' ? { rounds: 30, roundMs: 100 } : { rounds: 2, roundMs: 10 };
  const times = await meanCpuMs(
    [
      () => ours.sign(MESSAGE, { context: CONTEXT }),
      () => native.sign(),
      () => held(verifying?.verify(MESSAGE, signature, { context: CONTEXT }) === true),
      () => held(native.verify(first, second)),
    ],
    effort,
  );
  const [signing, signingHalves, checking, checkingHalves] = times as [number, number, number, number];
  return [
    figure('composite signature ÷ Ed25519 + ML-DSA-65', signing / signingHalves, '×', { max: AT_MOST }),
    figure('composite verification ÷ Ed25519 + ML-DSA-65', checking / checkingHalves, '×', { max: AT_MOST }),
    figure('composite signature', signing * 1000, 'µs'),
    figure('composite verification', checking * 1000, 'µs'),
  ];
}

interface Halves {
  readonly sign: () => readonly [Uint8Array, Uint8Array];
  readonly verify: (first: Uint8Array, second: Uint8Array) => boolean;
}

function halvesOf(seed: Uint8Array): Halves {
  const [quantum, classical] = [secret('ML-DSA-65', seed.subarray(0, 32)), secret('Ed25519', seed.subarray(32))];
  const [quantumPublic, classicalPublic] = [createPublicKey(quantum), createPublicKey(classical)];
  return {
    sign: () => [sign(null, MESSAGE, { key: quantum, context: CONTEXT }), sign(null, MESSAGE, classical)],
    verify: (first, second) =>
      verify(null, MESSAGE, classicalPublic, second) &&
      verify(null, MESSAGE, { key: quantumPublic, context: CONTEXT }, first),
  };
}

function secret(algorithm: 'ML-DSA-65' | 'Ed25519', seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(privateKeyInfo(algorithm, seed)), format: 'der', type: 'pkcs8' });
}

function held(isGood: boolean): void {
  if (!isGood) throw new Error('what was measured did not work');
}
