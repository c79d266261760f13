/**
 * Composite signatures, with ML-DSA alone among them. Source: draft-ietf-lamps-pq-composite-sigs, appendix "Test Vectors": one message, and for each algorithm a
 * key pair, a signature, and a certificate that the key signed for itself. Composites that the package has are its own; of the others, signatures are verified.
 */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { LENGTHS, NO_BYTES } from '../provider/provider.ts';
import { schemeOf, SUITES, type SuiteName } from '../signatures/suite.ts';
import { Cannot, equal, refused, same, unsupported, type Case, type Format } from './case.suite.ts';
import { base64, caseId, fieldsOf, listOf, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

/** See {@link Format}. */
export const composite: Format = {
  name: 'LAMPS composite',
  fits: ({ json }) => {
    const file = fieldsOf(json);
    const tests = listOf(file?.['tests']);
    return typeof file?.['m'] === 'string' && tests.length > 0 && tests.every((one) => 'pk' in one && 's' in one);
  },
  groups: ({ json }) => {
    const file = fieldsOf(json) ?? {};
    return [{ name: 'signatures', cases: listOf(file['tests']).map((test) => caseOf(file, test)) }];
  },
};

/** `id-MLDSA65-Ed25519-SHA512` has the label `COMPSIG-MLDSA65-Ed25519-SHA512`, `id-ML-DSA-65` the name `ML-DSA-65`. */
function suiteOf(id: string): SuiteName | undefined {
  const bare = id.replace(/^id-/, '');
  return ([bare, `COMPSIG-${bare}`] as SuiteName[]).find((name) => Object.hasOwn(SUITES, name));
}

function caseOf(file: Fields, test: Fields): Case {
  const id = caseId(test);
  const suite = suiteOf(id);
  const parts = partsOf(id);
  if (suite === undefined && parts === undefined) return unsupported(id, id);
  const check = (subject: Subject) => {
    const pk = base64(test, 'pk');
    const verify = suite === undefined ? foreign(id, parts as Parts, pk, subject) : schemeVerify(suite, pk, subject);
    const message = base64(file, 'm');
    holds(verify, message, base64(test, 's'));
    if (test['sWithContext'] !== undefined) holds(verify, message, base64(test, 'sWithContext'), base64(file, 'ctx'));
    if (suite !== undefined && test['sk'] !== undefined) {
      const key = schemeOf(suite, subject.provider).signingKey(base64(test, 'sk'));
      same('pk of sk', key.publicKey, pk);
      holds(verify, message, key.sign(message));
    }
    if (test['sk_pkcs8'] !== undefined) {
      const sk = base64(test, 'sk');
      same('sk in its PKCS #8', base64(test, 'sk_pkcs8').subarray(-sk.length), sk);
    }
    if (test['x5c'] === undefined) return;
    const { signed, signature } = certificate(base64(test, 'x5c'));
    holds(verify, signed, signature);
  };
  return { id, check };
}

type Verify = (message: Uint8Array, signature: Uint8Array, context: Uint8Array) => boolean;

function schemeVerify(suite: SuiteName, pk: Uint8Array, { provider }: Subject): Verify {
  const key = schemeOf(suite, provider).verifyingKey(pk);
  return (message, signature, context) => key?.verify(message, signature, { context }) === true;
}

interface Parts {
  readonly lengths: { readonly publicKeyBytes: number; readonly signatureBytes: number };
  readonly mlDsa: string;
  readonly classical: string;
  readonly preHash: string;
  /** Drafts differ in whether ECDSA is named in the label. */
  readonly labels: readonly string[];
}

const ML_DSA: Readonly<Record<string, Parts['lengths']>> = {
  ...{ 44: LENGTHS.mlDsa44, 65: LENGTHS.mlDsa65, 87: LENGTHS.mlDsa87 },
};

function partsOf(id: string): Parts | undefined {
  const [, size = '', classical, preHash] = /^id-MLDSA(44|65|87)-(.+)-(SHA256|SHA512|SHAKE256)$/.exec(id) ?? [];
  const lengths = ML_DSA[size];
  if (lengths === undefined || classical === undefined || preHash === undefined) return undefined;
  const short = classical.replace(/brainpoolP(\d+)r1/, 'BP$1');
  const labels = [short, short.replace('ECDSA-', '')].map((name) => `COMPSIG-MLDSA${size}-${name}-${preHash}`);
  return { lengths, mlDsa: `ML-DSA-${size}`, classical, preHash, labels };
}

/** Sections 3.2 and 4 of the draft: both halves sign the representative, ML-DSA with the label as its context. */
function foreign(
  id: string,
  { lengths, mlDsa, classical, preHash, labels }: Parts,
  pk: Uint8Array,
  subject: Subject,
): Verify {
  const [first, second] = [subject.signatures(mlDsa), subject.classical(classical)];
  if (first === undefined || second === undefined)
    throw new Cannot(`${id}: ${classical} is not supported by this build`);
  const { sha256, sha512, shake256 } = subject.provider;
  const hash = { SHA256: sha256, SHA512: sha512, SHAKE256: (message: Uint8Array) => shake256(64, message) }[preHash];
  const [quantumKey, classicalKey] = halves(pk, lengths.publicKeyBytes);
  return (message, signature, context) => {
    const [quantumHalf, classicalHalf] = halves(signature, lengths.signatureBytes);
    return labels.map(utf8ToBytes).some((label) => {
      const head = concatBytes(PREFIX, label, Uint8Array.of(context.length), context);
      const signed = concatBytes(head, hash?.(message) ?? NO_BYTES);
      const isQuantum = first.verify(quantumKey, { kind: 'message', message: signed, context: label }, quantumHalf);
      return isQuantum && second(classicalKey, signed, classicalHalf);
    });
  };
}

const PREFIX = utf8ToBytes('CompositeAlgorithmSignatures2025');

function halves(bytes: Uint8Array, at: number): readonly [Uint8Array, Uint8Array] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

/** The signature holds, and no other does: neither for another message nor with a bit changed in its first or last byte. */
function holds(verify: Verify, message: Uint8Array, signature: Uint8Array, context = NO_BYTES): void {
  equal('signature verifies', verify(message, signature, context), true);
  refused('signature of another message', () => verify(Uint8Array.of(...message, 0), signature, context));
  for (const at of [0, signature.length - 1]) {
    const changed = signature.map((byte, i) => (i === at ? byte ^ 1 : byte));
    refused(`signature with byte ${String(at)} changed`, () => verify(message, changed, context));
  }
}

/** RFC 5280 section 4.1: what is signed, then the algorithm, then the signature as a BIT STRING. */
function certificate(der: Uint8Array): { readonly signed: Uint8Array; readonly signature: Uint8Array } {
  const outer = element(der, 0);
  const signed = element(der, outer.start);
  const algorithm = element(der, signed.end);
  const signature = element(der, algorithm.end);
  return {
    signed: der.subarray(outer.start, signed.end),
    // The first byte counts unused bits, of which there are none.
    signature: der.subarray(signature.start + 1, signature.end),
  };
}

/** Where the content of an element of DER starts and ends. */
function element(der: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = der[at + 1] ?? 0;
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + bytes;
  const length = bytes === 0 ? first : der.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  return { start, end: start + length };
}
