import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judged } from './runner.suite.ts';

const FOLDER = new URL('../../vectors/', import.meta.url).pathname;

/** Another value at a path, whose stars stand for all elements and all names. */
function changed(value: unknown, [head, ...rest]: readonly string[]): unknown {
  if (head === undefined) {
    if (typeof value === 'string') return value.startsWith('0') ? `1${value.slice(1)}` : `0${value.slice(1)}`;
    return typeof value === 'number' ? value + 1 : !value;
  }
  if (Array.isArray(value)) return head === '*' ? value.map((one: unknown) => changed(one, rest)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]: [string, unknown]) => {
    return [name, head === '*' || head === name ? changed(one, rest) : one] as const;
  });
  return Object.fromEntries(entries);
}

/** What the runner has to look at, beside keys, messages and results of every kind. */
const FIELDS = {
  'hpke/rfc9180-others.json': ['mode', 'kem_id', 'kdf_id', 'aead_id', 'info', 'ikmR', 'ikmE', 'ikmS', 'psk', 'psk_id']
    .concat(['skRm', 'pkRm', 'pkEm', 'pkSm', 'enc', 'shared_secret', 'key', 'base_nonce', 'exporter_secret'])
    .concat(['encryptions.*.aad', 'encryptions.*.ct', 'encryptions.*.pt', 'exports.*.exported_value', 'exports.*.L'])
    .map((name) => `*.${name}`),
  'xwing/test-vectors.json': ['seed', 'sk', 'pk', 'eseed', 'ct', 'ss'].map((name) => `*.${name}`),
  'ed25519/rfc8032.json': ['secretKey', 'publicKey', 'message', 'signature'].map((name) => `*.${name}`),
  'did-key/ed25519-x25519.json': ['seed', 'didDocument.id', 'didDocument.verificationMethod.*.controller']
    .concat(['verificationKeyPair.publicKeyBase58', 'keyAgreementKeyPair.publicKeyBase58'])
    .concat([
      'keyAgreementKeyPair.privateKeyBase58',
      'verificationKeyPair.privateKeyJwk.d',
      'didDocument.verificationMethod.*.publicKeyBase58',
    ])
    .map((name) => `*.${name}`),
  'wycheproof/ed25519_test.json': ['result', 'msg', 'sig'].map((name) => `testGroups.*.tests.*.${name}`),
  'acvp/ML-KEM-encapDecap-FIPS203/internalProjection.json': ['mode', 'testGroups.*.function'].concat(
    ['parameterSet', 'tests.*.ek', 'tests.*.dk', 'tests.*.c', 'tests.*.k', 'tests.*.testPassed'].map(
      (name) => `testGroups.*.${name}`,
    ),
  ),
  'acvp/SLH-DSA-keyGen-FIPS205/internalProjection.json': ['skSeed', 'skPrf', 'pkSeed', 'sk', 'pk'].map(
    (name) => `testGroups.*.tests.*.${name}`,
  ),
  'composite/testvectors.json': ['m', 'tests.*.tcId', 'tests.*.pk', 'tests.*.sk', 'tests.*.s'],
  'sdjwt/disclosures.json': ['disclosure', 'salt', 'name', 'value', 'sha256'].map((name) => `*.${name}`),
};

describe('the runner notices a change of', () => {
  it.each(Object.entries(FIELDS).flatMap(([file, fields]) => fields.map((field) => [file, field] as const)))(
    '%s %s',
    async (file, field) => {
      const json = JSON.parse(readFileSync(FOLDER + file, 'utf8')) as unknown;
      const other = changed(json, field.split('.'));
      expect(other).not.toEqual(json);
      const { failed } = await judged(other, file.slice(file.lastIndexOf('/') + 1));
      expect(failed).toBeGreaterThan(0);
    },
  );

  it('the relationships of a key', async () => {
    const file = readFileSync(`${FOLDER}did-key/x25519.json`, 'utf8');
    const other = JSON.parse(file.replaceAll('"keyAgreement"', '"authentication"')) as unknown;
    expect((await judged(other)).groups.flatMap(({ failures }) => failures)[0]?.reason).toContain('authentication');
  });
});
