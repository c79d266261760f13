/**
 * Documents with Data Integrity proofs, and the intermediate values that lie beside them. Sources: https://github.com/w3c/vc-di-eddsa, `TestVectors/`, and
 * https://github.com/w3c-ccg/di-quantum-safe, `testVectors/`. Keys are those of the did:key that each proof names.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalJson } from '../canonical/jcs.ts';
import { parseJson, type JsonObject } from '../canonical/strict-json.ts';
import { fromMultibase, toBase58 } from '../encoding/multibase.ts';
import { fromMultikey } from '../encoding/multikey.ts';
import { createProof, integrityHash, whyNotProven, type ProofOptions } from '../proof/data-integrity.ts';
import { parseTime } from '../proof/time.ts';
import { Cannot, equal, same, type Case, type Format, type VectorInput } from './case.suite.ts';
import { fieldsOf, fromHex, hex, listOf, text, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

const PLACES = ['', '../', '../commonAlgs/', '../inputs/'];
/** Names of intermediate values, and of the documents that they lead to. */
const INTERMEDIATE =
  /^(?:(?:canonDoc|docHash|proofCanon|proofConfig|proofHash|combinedHash|sigHex|sigBTC58)JCS\.(?:txt|json)|(?:keyPair|unsigned|employmentAuth|KeysMLDSA|proofOptions-general|hashing-combined)\.json|(?:transform-jcs-sha256|proofConfig-mldsa44-jcs-2024)\.txt)$/;
const MAIN = /^signed.*\.json$/;
/** Where the sources have the document, seen from the folders of what several suites have in common. */
const ELSEWHERE = ['eddsa-jcs-2022/signedJCS.json', '../mldsa44-jcs-2024/signed-mldsa44-jcs-2024.json'];

/** See {@link Format}. */
export const dataIntegrity: Format = {
  name: 'Data Integrity',
  belongsTo: ({ path, names, beside }) => {
    if (!INTERMEDIATE.test(path.slice(path.lastIndexOf('/') + 1))) return undefined;
    return names.find((name) => MAIN.test(name)) ?? ELSEWHERE.find((name) => beside(name) !== undefined);
  },
  fits: ({ json }) => proofsOf(json).length > 0,
  groups: (input) => {
    const proofs = proofsOf(input.json);
    return [
      { name: 'proofs', cases: proofs.map((proof, i) => proofCase(input, proof, i)) },
      ...(proofs.length === 1
        ? [{ name: 'intermediate values', cases: intermediateCases(input, proofs[0] ?? {}) }]
        : []),
    ];
  },
};

function proofsOf(json: unknown): readonly Fields[] {
  const proof = fieldsOf(json)?.['proof'];
  const proofs = Array.isArray(proof) ? listOf(proof) : [fieldsOf(proof) ?? {}];
  return proofs.every((one) => one['type'] === 'DataIntegrityProof') ? proofs : [];
}

/** Read as the package reads, not as the file was. */
function documentOf(source: string): JsonObject {
  const parsed = parseJson(source);
  if (parsed.kind === 'refused') throw new Error(`document: refused, ${parsed.reason} at ${String(parsed.at)}`);
  return without(parsed.value as JsonObject, 'proof');
}

function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

const SUITES = ['eddsa-jcs-2022', 'mldsa44-jcs-2024'] as const;
type SuiteName = (typeof SUITES)[number];

function suiteOf(proof: Fields): SuiteName {
  const suite = text(proof, 'cryptosuite');
  if (!SUITES.includes(suite as SuiteName)) throw new Cannot(`${suite} is not supported by this build`);
  if (proof['previousProof'] !== undefined) throw new Cannot('a chain of proofs is not supported by this build');
  return suite as SuiteName;
}

function proofCase({ text: source }: VectorInput, proof: Fields, index: number): Case {
  const check = ({ provider }: Subject) => {
    suiteOf(proof);
    const method = text(proof, 'verificationMethod');
    const key = fromMultikey(method.replace(/^did:key:/, '').replace(/#.*$/, ''));
    if (key === undefined) throw new Error('verificationMethod: is no did:key');
    const at = typeof proof['created'] === 'string' ? (parseTime(proof['created']) ?? 0) : 0;
    const document = documentOf(source);
    const why = (unsecured: JsonObject, with_: Fields) =>
      whyNotProven(unsecured, with_ as JsonObject, key, at, provider);
    equal('proof', why(document, proof), undefined);
    equal('proof of a changed document', why({ ...document, changed: true }, proof), 'broken-signature');
    equal('proof for another purpose', why(document, { ...proof, proofPurpose: 'other' }), 'broken-signature');
  };
  return { id: `${String(index)} ${String(proof['cryptosuite'])}`, check };
}

type Expect = (subject: Subject, expected: string, values: Values) => void;

interface Values {
  readonly document: JsonObject;
  readonly config: JsonObject;
  readonly signature: Uint8Array;
  readonly suite: SuiteName;
  readonly proofValue: string;
}

/** What lies in files of these names, of both sources. */
const EXPECTED: readonly (readonly [string, Expect])[] = [
  ['unsigned.json', (_, expected, { document }) => sameJson('document', document, expected)],
  ['employmentAuth.json', (_, expected, { document }) => sameJson('document', document, expected)],
  ['canonDocJCS.txt', (_, expected, { document }) => equal('canonical document', canonicalJson(document), expected)],
  [
    'transform-jcs-sha256.txt',
    (_, expected, { document }) => equal('canonical document', canonicalJson(document), expected),
  ],
  [
    'docHashJCS.txt',
    (subject, expected, values) => equal('hash of the document', hashOf(subject, values).slice(64), expected),
  ],
  ['proofConfigJCS.json', (_, expected, { config }) => sameJson('options', config, expected)],
  ['proofCanonJCS.txt', (_, expected, { config }) => equal('canonical options', canonicalJson(config), expected)],
  [
    'proofConfig-mldsa44-jcs-2024.txt',
    (_, expected, { config }) => equal('canonical options', canonicalJson(config), expected),
  ],
  [
    'proofHashJCS.txt',
    (subject, expected, values) => equal('hash of the options', hashOf(subject, values).slice(0, 64), expected),
  ],
  ['combinedHashJCS.txt', (subject, expected, values) => equal('hash', hashOf(subject, values), expected)],
  [
    'hashing-combined.json',
    (subject, expected, values) =>
      equal('hash', hashOf(subject, values), text(fieldsOf(JSON.parse(expected)) ?? {}, values.suite)),
  ],
  ['sigHexJCS.txt', (_, expected, { signature }) => same('signature', signature, fromHex('signature', expected))],
  ['sigBTC58JCS.txt', (_, expected, { signature }) => equal('signature', `z${toBase58(signature)}`, expected)],
  ['keyPair.json', signedAgain],
  [
    'KeysMLDSA.json',
    (subject, expected, { suite }) => {
      const pair = fieldsOf(fieldsOf(JSON.parse(expected))?.[suite.replace(/-.*/, '')]) ?? {};
      const [pk, sk] = [hex(pair, 'publicKeyHex'), hex(pair, 'secretKeyHex')];
      same('public key', subject.signatures('ML-DSA-44')?.publicKey(sk), pk);
      same('Multikey', fromMultikey(text(pair, 'publicKeyMultibase'))?.bytes, pk);
    },
  ],
];

function intermediateCases(input: VectorInput, proof: Fields): Case[] {
  const suite = String(proof['cryptosuite']);
  return EXPECTED.flatMap(([name, expect]) => {
    const place = PLACES.find((one) => input.beside(one + name) !== undefined);
    const content = place === undefined ? undefined : input.beside(place + name)?.trim();
    // Files of all suites lie together in one of the sources; theirs say which.
    if (content === undefined || !concerns(name, suite)) return [];
    return [{ id: name, check: (subject: Subject) => expect(subject, content, valuesOf(input, proof)) }];
  });
}

function concerns(name: string, suite: string): boolean {
  if (/JCS\.|^keyPair|^unsigned/.test(name)) return suite === 'eddsa-jcs-2022';
  return suite === 'mldsa44-jcs-2024';
}

function valuesOf({ text: source }: VectorInput, proof: Fields): Values {
  const suite = suiteOf(proof);
  const document = documentOf(source);
  const { proofValue, ...options } = proof as JsonObject & { readonly proofValue: string };
  const context = document['@context'];
  const config = context === undefined ? options : { ...options, '@context': context };
  return { document, config, suite, proofValue, signature: fromMultibase(proofValue) ?? new Uint8Array(0) };
}

function hashOf({ provider }: Subject, { document, config }: Values): string {
  return bytesToHex(integrityHash(document, config, provider));
}

function sameJson(what: string, actual: JsonObject, expected: string): void {
  equal(what, canonicalJson(actual), canonicalJson(documentOf(expected)));
}

/** The seed stands behind two bytes of multicodec. */
function signedAgain({ provider }: Subject, expected: string, { document, config, suite, proofValue }: Values): void {
  const pair = fieldsOf(JSON.parse(expected)) ?? {};
  const key = provider.ed25519.signingKey(
    (fromMultibase(text(pair, 'privateKeyMultibase')) ?? new Uint8Array(0)).subarray(2),
  );
  const publicKey = fromMultikey(text(pair, 'publicKeyMultibase'));
  same('public key', key.publicKey, publicKey?.bytes ?? new Uint8Array(0));
  const options = without(config, '@context', 'type', 'cryptosuite');
  const made = createProof(document, suite, options as unknown as ProofOptions, key, provider);
  equal('proof', made.proofValue, proofValue);
}
