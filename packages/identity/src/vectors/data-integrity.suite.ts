/**
 * Documents with Data Integrity proofs, and the intermediate values that lie beside them. Sources: https://github.com/w3c/vc-di-eddsa, `TestVectors/`, and
 * https://github.com/w3c-ccg/di-quantum-safe, `testVectors/`. Keys are those of the did:key that each proof names.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalJson } from '../canonical/jcs.ts';
import { parseJson, type JsonObject } from '../canonical/strict-json.ts';
import { fromMultibase, toBase58 } from '../encoding/multibase.ts';
import { fromMultikey, type PublicKey } from '../encoding/multikey.ts';
import { createProof, integrityHash, whyNotProven, type ProofOptions } from '../proof/data-integrity.ts';
import { parseTime } from '../proof/time.ts';
import { Cannot, equal, same, type Case, type Format, type VectorInput } from './case.suite.ts';
import { fieldsOf, fromHex, hex, listOf, text, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

const PLACES = ['', '../', '../commonAlgs/', '../inputs/'];
/** Names of intermediate values, and of the documents that they lead to. */
const INTERMEDIATE =
  /^(?:(?:canonDoc|docHash|proofCanon|proofConfig|proofHash|combinedHash|sigHex|sigBTC58)JCS\.(?:txt|json)|(?:keyPair|unsigned|employmentAuth|Keys(?:ML|SLH)DSA|proofOptions(?:-general)?|hashing-(?:combined|MLDSA|SLHDSA))\.json|(?:transform-jcs-sha256|proofConfig-(?:mldsa44|slhdsa128)-jcs-2024)\.txt)$/;
const MAIN = /^signed.*\.json$/;
/** Where the sources have the document, seen from the folders of what several suites have in common. */
const ELSEWHERE = [
  'eddsa-jcs-2022/signedJCS.json',
  ...['mldsa44', 'slhdsa128'].map((suite) => `../${suite}-jcs-2024/signed-${suite}-jcs-2024.json`),
];

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
/** One that the package has not, on primitives that it has. */
const SLH_DSA = 'slhdsa128-jcs-2024';
type SuiteName = (typeof SUITES)[number] | typeof SLH_DSA;

function suiteOf(proof: Fields): SuiteName {
  const suite = text(proof, 'cryptosuite') as SuiteName;
  if (![...SUITES, SLH_DSA].includes(suite)) throw new Cannot(`${suite} is not supported by this build`);
  if (proof['previousProof'] !== undefined) throw new Cannot('a chain of proofs is not supported by this build');
  return suite;
}

/** Of a did:key, or behind the hash of another DID or URL; else of the file of keys that lies beside. */
function keyOf(proof: Fields, { beside }: VectorInput): PublicKey {
  const [, key] = /(?:^did:key:|#)([^#]+)$/.exec(text(proof, 'verificationMethod')) ?? [];
  const pair = PLACES.map((place) => beside(`${place}keyPair.json`)).find((one) => one !== undefined);
  const kept = pair && fieldsOf(JSON.parse(pair))?.['publicKeyMultibase'];
  const found = fromMultikey(key ?? '') ?? fromMultikey(typeof kept === 'string' ? kept : '');
  if (found === undefined) throw new Error('verificationMethod: has no key');
  return found;
}

function proofCase(input: VectorInput, proof: Fields, index: number): Case {
  const check = (subject: Subject) => {
    const suite = suiteOf(proof);
    const key = keyOf(proof, input);
    const at = typeof proof['created'] === 'string' ? (parseTime(proof['created']) ?? 0) : 0;
    const document = documentOf(input.text);
    const why = (unsecured: JsonObject, with_: Fields) =>
      suite === SLH_DSA
        ? whyNotBySlhDsa(unsecured, with_, key, subject)
        : whyNotProven(unsecured, with_ as JsonObject, key, at, subject.provider);
    equal('proof', why(document, proof), undefined);
    equal('proof of a changed document', why({ ...document, changed: true }, proof), 'broken-signature');
    equal('proof for another purpose', why(document, { ...proof, proofPurpose: 'other' }), 'broken-signature');
  };
  return { id: `${String(index)} ${String(proof['cryptosuite'])}`, check };
}

function whyNotBySlhDsa(document: JsonObject, proof: Fields, key: PublicKey, subject: Subject): string | undefined {
  const { config, signature } = valuesOf(document, proof);
  const message = integrityHash(document, config, subject.provider);
  const what = { kind: 'message', message, context: new Uint8Array(0) } as const;
  if (key.kind !== 'SLH-DSA-SHA2-128s') return 'other-key-kind';
  return subject.signatures(key.kind)?.verify(key.bytes, what, signature) === true ? undefined : 'broken-signature';
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
  ...['mldsa44', 'slhdsa128'].map((suite): readonly [string, Expect] => [
    `proofConfig-${suite}-jcs-2024.txt`,
    (_, expected, { config }) => equal('canonical options', canonicalJson(config), expected),
  ]),
  [
    'proofHashJCS.txt',
    (subject, expected, values) => equal('hash of the options', hashOf(subject, values).slice(0, 64), expected),
  ],
  ['combinedHashJCS.txt', (subject, expected, values) => equal('hash', hashOf(subject, values), expected)],
  ...['combined', 'MLDSA', 'SLHDSA'].map((name): readonly [string, Expect] => [
    `hashing-${name}.json`,
    (subject, expected, values) =>
      equal('hash', hashOf(subject, values), text(fieldsOf(JSON.parse(expected)) ?? {}, values.suite)),
  ]),
  ['sigHexJCS.txt', (_, expected, { signature }) => same('signature', signature, fromHex('signature', expected))],
  ['sigBTC58JCS.txt', (_, expected, { signature }) => equal('signature', `z${toBase58(signature)}`, expected)],
  ['keyPair.json', signedAgain],
  ['KeysMLDSA.json', (subject, expected) => keysAgree(subject, 'ML-DSA-44', expected, 'mldsa44')],
  ['KeysSLHDSA.json', (subject, expected) => keysAgree(subject, 'SLH-DSA-SHA2-128s', expected, 'slh128s')],
];

function keysAgree(subject: Subject, algorithm: string, expected: string, name: string): void {
  const pair = fieldsOf(fieldsOf(JSON.parse(expected))?.[name]) ?? {};
  const [pk, sk] = [hex(pair, 'publicKeyHex'), hex(pair, 'secretKeyHex')];
  same('public key', subject.signatures(algorithm)?.publicKey(sk), pk);
  same('Multikey', fromMultikey(text(pair, 'publicKeyMultibase'))?.bytes, pk);
}

function intermediateCases(input: VectorInput, proof: Fields): Case[] {
  const suite = String(proof['cryptosuite']);
  return EXPECTED.flatMap(([name, expect]) => {
    const place = PLACES.find((one) => input.beside(one + name) !== undefined);
    const content = place === undefined ? undefined : input.beside(place + name)?.trim();
    // Files of all suites lie together in one of the sources; theirs say which.
    if (content === undefined || !concerns(name, suite)) return [];
    return [
      { id: name, check: (subject: Subject) => expect(subject, content, valuesOf(documentOf(input.text), proof)) },
    ];
  });
}

function concerns(name: string, suite: string): boolean {
  if (/JCS\.|^keyPair|^unsigned/.test(name)) return suite === 'eddsa-jcs-2022';
  if (/MLDSA|mldsa44/.test(name)) return suite === 'mldsa44-jcs-2024';
  return /SLHDSA|slhdsa128/.test(name) ? suite === SLH_DSA : suite !== 'eddsa-jcs-2022';
}

function valuesOf(document: JsonObject, proof: Fields): Values {
  const suite = suiteOf(proof);
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
  if (suite === SLH_DSA) throw new Error('key pair: is of another suite');
  const made = createProof(document, suite, options as unknown as ProofOptions, key, provider);
  equal('proof', made.proofValue, proofValue);
}
