/**
 * SD-JWT (RFC 9901): single disclosures with what they say and their digests; payloads with disclosures and what a verifier makes of them; and SD-JWTs as they are sent.
 * The RFC has its examples in its text, so that who gathers them names the fields: what is usual is known. Signatures of SD-JWTs are not verified, the package has none.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { disclose, disclosureDigest, disclosureFrom } from '../credentials/disclosure.ts';
import { fromBase64Url, toBase64Url } from '../encoding/multibase.ts';
import { equal, NothingExpected, type Case, type Format, type VectorInput } from './case.suite.ts';
import { caseId, fieldsOf, listOf, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

const NAMES = {
  disclosure: ['disclosure', 'encoded', 'base64url', 'disclosure_b64'],
  digest: ['sha256', 'digest', 'hash', 'sha_256', 'sha-256'],
  contents: ['contents', 'content', 'array', 'json'],
  salt: ['salt'],
  name: ['name', 'key', 'claim', 'claim_name', 'claimName'],
  value: ['value', 'claim_value', 'claimValue'],
  payload: ['payload', 'sd_jwt_payload', 'sdJwtPayload', 'jwt_payload', 'issuer_payload'],
  processed: ['processed', 'verified_contents', 'processed_payload', 'processedPayload', 'disclosed', 'expected'],
  error: ['error', 'expectError', 'expectedError'],
} as const;

function member(fields: Fields, kind: keyof typeof NAMES): unknown {
  return NAMES[kind].map((name) => fields[name]).find((value) => value !== undefined && value !== null);
}

function isDisclosure(one: Fields): boolean {
  const isSaid = (['digest', 'contents', 'salt'] as const).some((kind) => member(one, kind) !== undefined);
  return typeof member(one, 'disclosure') === 'string' && isSaid;
}

/** A list by itself, or beside what else there is. */
function disclosuresOf(json: unknown): readonly Fields[] {
  const list = Array.isArray(json) ? listOf(json) : listOf(fieldsOf(json)?.['disclosures']);
  return list.length > 0 && list.every(isDisclosure) ? list : [];
}

/** See {@link Format}. */
export const sdJwtDisclosures: Format = {
  name: 'SD-JWT disclosures',
  fits: ({ json }) => disclosuresOf(json).length > 0 && payloadsOf(json).length === 0,
  groups: ({ json }) => [{ name: 'disclosures', cases: disclosuresOf(json).map(disclosureCase) }],
};

function disclosureCase(one: Fields, index: number): Case {
  const check = ({ provider }: Subject) => {
    const written = String(member(one, 'disclosure'));
    const read = disclosureFrom(written, provider);
    if (read === undefined) throw new Error('disclosure: refused');
    const said = contentsOf(one);
    if (said !== undefined) {
      const name = read.name === undefined ? [] : [read.name];
      equal('contents', canonicalJson([read.salt, ...name, read.value]), canonicalJson(said));
    }
    const digest = toBase64Url(provider.sha256(utf8ToBytes(written)));
    equal('digest', disclosureDigest(written, provider), (member(one, 'digest') ?? digest) as string);
  };
  return { id: caseId(one, index), check };
}

/** Salt, name and value, each by itself or all in an array, which may be written as text. */
function contentsOf(one: Fields): JsonValue | undefined {
  const given = member(one, 'contents');
  if (given !== undefined) return (typeof given === 'string' ? JSON.parse(given) : given) as JsonValue;
  const value = NAMES.value.find((name) => Object.hasOwn(one, name));
  if (value === undefined) return undefined;
  const name = member(one, 'name');
  return [member(one, 'salt'), ...(name === undefined ? [] : [name]), one[value]] as JsonValue;
}

/** One example, or a list of them, or one for each name. */
function payloadsOf(json: unknown): readonly (readonly [string, Fields])[] {
  const file = fieldsOf(json);
  if (file !== undefined && isExample(file)) return [[caseId(file), file]];
  const all = Object.entries(file ?? {}).map(([name, one]) => [name, fieldsOf(one) ?? {}] as const);
  const list = Array.isArray(json) ? listOf(json).map((one, i) => [caseId(one, i), one] as const) : all;
  return list.length > 0 && list.every(([, one]) => isExample(one)) ? list : [];
}

function isExample(one: Fields): boolean {
  const isJudged = member(one, 'processed') !== undefined || member(one, 'error') !== undefined;
  return fieldsOf(member(one, 'payload')) !== undefined && Array.isArray(one['disclosures']) && isJudged;
}

/** See {@link Format}. Source: RFC 9901 sections 5 and 7.1: what was signed, disclosures, and what the verifier gets. */
export const sdJwtPayload: Format = {
  name: 'SD-JWT payload',
  fits: ({ json }) => payloadsOf(json).length > 0,
  groups: ({ json }) => {
    const payloads = payloadsOf(json);
    const disclosures = payloads.flatMap(([, one]) => disclosuresOf(one));
    return [
      {
        name: 'processing',
        cases: payloads.map(([id, one]) => ({ id, check: (subject) => checkExample(one, subject) })),
      },
      { name: 'disclosures', cases: disclosures.map(disclosureCase) },
    ];
  },
};

function checkExample(one: Fields, { provider }: Subject): void {
  const texts = (one['disclosures'] as readonly unknown[]).map((entry) =>
    typeof entry === 'string' ? entry : String(member(fieldsOf(entry) ?? {}, 'disclosure')),
  );
  const told = disclose(member(one, 'payload') as JsonObject, texts, provider);
  const [processed, error] = [member(one, 'processed'), member(one, 'error')];
  if (error !== undefined && told.kind === 'disclosed') throw new Error(`disclosures: taken, must be refused`);
  if (error !== undefined) return;
  if (told.kind === 'refused') throw new Error(`disclosures: refused, ${told.reason}`);
  equal('processed payload', canonicalJson(told.value), canonicalJson(processed as JsonValue));
}

const SENT = /^\s*[\w-]+\.([\w-]+)\.[\w-]*~((?:[\w-]+~)*)(?:[\w-]+\.[\w-]+\.[\w-]*)?\s*$/;

/** See {@link Format}. As it is sent; what the verifier gets lies beside. */
export const sdJwtSent: Format = {
  name: 'SD-JWT',
  belongsTo: ({ path, names }) =>
    /(?:^|\/)verified_contents\.json$/.test(path)
      ? names.find((name) => /^sd_jwt_presentation\.txt$/.test(name))
      : undefined,
  fits: ({ text, json }) => json === undefined && SENT.test(text.slice(0, MOST_LETTERS)),
  groups: (input) => [
    { name: 'processing', cases: [{ id: 'all disclosures', check: (subject) => checkSent(input, subject) }] },
  ],
};

const MOST_LETTERS = 2 ** 20;

function checkSent({ text, path, beside }: VectorInput, { provider }: Subject): void {
  const [, payload = '', disclosures = ''] = SENT.exec(text) ?? [];
  const claims = JSON.parse(new TextDecoder().decode(fromBase64Url(payload))) as JsonObject;
  const told = disclose(claims, disclosures.split('~').slice(0, -1), provider);
  if (told.kind === 'refused') throw new Error(`disclosures: refused, ${told.reason}`);
  const expected = path.includes('issuance') ? undefined : beside('verified_contents.json');
  if (expected === undefined)
    throw new NothingExpected(
      `discloses ${told.names.join(', ') || 'nothing'}, but no verified_contents.json is there`,
    );
  equal('processed payload', canonicalJson(told.value), canonicalJson(JSON.parse(expected) as JsonValue));
}
