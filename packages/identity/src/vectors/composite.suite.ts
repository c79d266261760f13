/**
 * Composite signatures, with ML-DSA alone among them. Source: draft-ietf-lamps-pq-composite-sigs, appendix "Test Vectors": one message, and for each algorithm a
 * key pair, a signature, and a certificate that the key signed for itself.
 */
import { schemeOf, SUITES, type SuiteName } from '../signatures/suite.ts';
import type { SignatureScheme, SignOptions } from '../provider/provider.ts';
import { equal, refused, same, unsupported, type Case, type Format } from './case.suite.ts';
import { base64, caseId, fieldsOf, listOf, type Fields } from './fields.suite.ts';

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
  if (suite === undefined) return unsupported(id, id);
  return {
    id,
    check: ({ provider }) => {
      const scheme = schemeOf(suite, provider);
      const message = base64(file, 'm');
      const pk = base64(test, 'pk');
      holds(scheme, pk, message, base64(test, 's'));
      if (test['sWithContext'] !== undefined)
        holds(scheme, pk, message, base64(test, 'sWithContext'), { context: base64(file, 'ctx') });
      if (test['sk'] !== undefined) {
        const key = scheme.signingKey(base64(test, 'sk'));
        same('pk of sk', key.publicKey, pk);
        holds(scheme, pk, message, key.sign(message));
      }
      if (test['x5c'] === undefined) return;
      const { signed, signature } = certificate(base64(test, 'x5c'));
      holds(scheme, pk, signed, signature);
    },
  };
}

/** The signature holds, and no other does: neither for another message nor with a bit changed in its first or last byte. */
function holds(
  scheme: SignatureScheme,
  pk: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  options?: SignOptions,
): void {
  const key = scheme.verifyingKey(pk);
  equal('signature verifies', key?.verify(message, signature, options), true);
  refused('signature of another message', () => key?.verify(Uint8Array.of(...message, 0), signature, options));
  for (const at of [0, signature.length - 1]) {
    const changed = signature.map((byte, i) => (i === at ? byte ^ 1 : byte));
    refused(`signature with byte ${String(at)} changed`, () => key?.verify(message, changed, options));
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
