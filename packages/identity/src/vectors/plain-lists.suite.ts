/** Lists of cases without a frame around them: RFC 8032's signatures, X-Wing's keys and ciphertexts, disclosures of SD-JWT. */
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { toBase64Url } from '../encoding/multibase.ts';
import { disclose, disclosureDigest, disclosureFrom } from '../credentials/disclosure.ts';
import { xWing } from '../kem/x-wing.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { Cannot, equal, same, type Case, type Format } from './case.suite.ts';
import { hybridWithCoins, withCoins, type HybridName } from './coins.suite.ts';
import { caseId, fieldsOf, hex, listOf, text, type Fields } from './fields.suite.ts';
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

/** Source: RFC 9901 section 5: what was signed, all disclosures, and what the verifier gets. */
export const sdJwtPayload: Format = {
  name: 'SD-JWT payload',
  fits: ({ json }) => ['payload', 'disclosures', 'processed'].every((name) => name in (fieldsOf(json) ?? {})),
  groups: ({ json }) => {
    const { payload, disclosures, processed } = (fieldsOf(json) ?? {}) as Record<string, JsonValue>;
    const check = ({ provider }: Subject) => {
      const told = disclose(payload as JsonObject, disclosures as readonly string[], provider);
      if (told.kind === 'refused') throw new Error(`disclosures: refused, ${told.reason}`);
      equal('processed payload', canonicalJson(told.value), canonicalJson(processed ?? null));
    };
    return [{ name: 'processing', cases: [{ id: 'all disclosures', check }] }];
  },
};

/** Source: RFC 9901 sections 4.2.1 to 4.2.3, gathered into a list. */
export const sdJwt = listed('SD-JWT disclosures', ['disclosure', 'salt', 'value'], (provider, one) => {
  const written = text(one, 'disclosure');
  const read = disclosureFrom(written, provider);
  if (read === undefined) throw new Error('disclosure: refused');
  equal('salt', read.salt, text(one, 'salt'));
  equal('name', read.name, one['name'] as string | undefined);
  equal('value', JSON.stringify(read.value), JSON.stringify(one['value']));
  const digest = toBase64Url(provider.sha256(utf8ToBytes(written)));
  equal('digest', disclosureDigest(written, provider), typeof one['sha256'] === 'string' ? one['sha256'] : digest);
});
