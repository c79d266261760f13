/** Lists of cases without a frame around them: RFC 8032's signatures, keys and ciphertexts of hybrid KEMs. */
import { xWing } from '../kem/x-wing.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { Cannot, equal, same, type Case, type Format } from './case.suite.ts';
import { hybridWithCoins, withCoins, type HybridName } from './coins.suite.ts';
import { caseId, fieldsOf, hex, listOf, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

/** A format of files that are one list of objects, each of which has certain fields. */
function listed(
  name: string,
  required: readonly string[],
  check: (provider: CryptoProvider, one: Fields) => void,
): Format {
  const caseOf = (one: Fields, index: number): Case => ({
    id: caseId(one, index),
    check: ({ provider }) => check(provider, one),
  });
  return {
    name,
    fits: ({ json }) =>
      listOf(json).length > 0 && listOf(json).every((one) => required.every((field) => Object.hasOwn(one, field))),
    groups: ({ json }) => [{ name, cases: listOf(json).map(caseOf) }],
  };
}

/** Source: RFC 8032 section 7.1. */
export const rfc8032 = listed('RFC 8032', ['secretKey', 'publicKey', 'message', 'signature'], ({ ed25519 }, one) => {
  if (one['context'] !== undefined) throw new Cannot('Ed25519 with a context is not supported by this build');
  if (hex(one, 'publicKey').length !== 32)
    throw new Cannot('another curve than Ed25519 is not supported by this build');
  // Some copies write the public key behind the secret one.
  const key = ed25519.signingKey(hex(one, 'secretKey').subarray(0, 32));
  const [message, signature] = [hex(one, 'message'), hex(one, 'signature')];
  same('public key', key.publicKey, hex(one, 'publicKey'));
  same('signature', key.sign(message), signature);
  equal('verifies', ed25519.verifyingKey(hex(one, 'publicKey'))?.verify(message, signature), true);
});

/** Source: draft-connolly-cfrg-xwing-kem, appendix "Test vectors". */
export const xWingDraft = listed('X-Wing', ['seed', 'eseed', 'ss', 'pk', 'ct'], (provider, one) => {
  if (one['sk'] !== undefined) same('sk', hex(one, 'seed'), hex(one, 'sk'));
  const key = xWing(provider).decapsulationKey(hex(one, 'seed'));
  same('pk', key.publicKey, hex(one, 'pk'));
  same('ss of ct', key.decapsulate(hex(one, 'ct')), hex(one, 'ss'));
  const made = xWing(withCoins(provider, hex(one, 'eseed'))).encapsulate(hex(one, 'pk'));
  same('ct', made?.ciphertext, hex(one, 'ct'));
  same('ss', made?.sharedSecret, hex(one, 'ss'));
});

const HYBRIDS = {
  mlkem768_p256: 'MLKEM768-P256',
  mlkem768_x25519: undefined,
  mlkem1024_p384: 'MLKEM1024-P384',
} as const;

/** Source: draft-irtf-cfrg-concrete-hybrid-kems, `test-vectors.json`. What it calls MLKEM768-X25519 is X-Wing. */
export const hybridKems: Format = {
  name: 'hybrid KEMs',
  fits: ({ json }) => {
    const names = Object.keys(fieldsOf(json) ?? {});
    return names.length > 0 && names.every((name) => Object.hasOwn(HYBRIDS, name));
  },
  groups: ({ json }) =>
    Object.entries(fieldsOf(json) ?? {}).map(([name, cases]) => ({
      name,
      cases: listOf(cases).map((one, i) => hybridCase(String(i), HYBRIDS[name as keyof typeof HYBRIDS], one)),
    })),
};

function hybridCase(id: string, name: HybridName | undefined, one: Fields): Case {
  const check = (subject: Subject) => {
    same('decapsulation key', hex(one, 'decapsulation_key'), hex(one, 'seed'));
    const coins = hex(one, 'randomness');
    const kem = name === undefined ? xWing(withCoins(subject.provider, coins)) : hybridWithCoins(name, subject, coins);
    const key = kem.decapsulationKey(hex(one, 'seed'));
    same('encapsulation key', key.publicKey, hex(one, 'encapsulation_key'));
    same('shared secret of the ciphertext', key.decapsulate(hex(one, 'ciphertext')), hex(one, 'shared_secret'));
    const made = kem.encapsulate(hex(one, 'encapsulation_key'));
    same('ciphertext', made?.ciphertext, hex(one, 'ciphertext'));
    same('shared secret', made?.sharedSecret, hex(one, 'shared_secret'));
  };
  return { id, check };
}
