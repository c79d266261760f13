/**
 * What a credential has to look like before anything in it is believed. Source: https://www.w3.org/TR/vc-data-model-2.0/
 * Stricter than the model: contexts and members that the verifier does not know are refused, since they may mean anything.
 */
import {
  parseJson,
  parseJsonBytes,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
} from '../canonical/strict-json.ts';
import { parseTime } from '../proof/time.ts';
import { isObject, isUrl, oneOrMany, strangeName, textsOf, urlOf } from './fields.ts';

/** Context of every credential, always the first. */
export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';
/** Context of roles, capabilities and attestations of agents; a name, nothing that is fetched. */
export const AGENT_CREDENTIALS_V1 = 'urn:aia:credentials:v1';

/** A credential that is well formed; nothing of it is verified. Times are epoch milliseconds, `undefined` for without end. */
export interface Credential {
  /** Whole, without proofs. */
  readonly unsigned: JsonObject;
  readonly proofs: readonly JsonValue[];
  readonly id: string | undefined;
  readonly types: readonly string[];
  /** URL, mostly a DID. */
  readonly issuer: string;
  readonly validFrom: number | undefined;
  readonly validUntil: number | undefined;
  readonly subjects: readonly JsonObject[];
  readonly status: readonly JsonValue[];
}

/** Why it is not well formed. */
export type StructureRefusal =
  'malformed-json' | 'malformed-credential' | 'unknown-context' | 'unknown-type' | 'unknown-field';

/** What did not hold, and the member or step where. */
export interface Refused<R extends string> {
  readonly kind: 'refused';
  readonly reason: R;
  readonly where: string;
}

/** What a verifier knows beside the model itself. */
export interface Vocabulary {
  /** Contexts that may follow the first. Default {@link AGENT_CREDENTIALS_V1} alone. */
  readonly contexts?: readonly string[];
  /** Members that the caller looks at by itself, as `termsOfUse`. Default none. */
  readonly fields?: readonly string[];
}

/** Makes a refusal. */
export function refused<R extends string>(reason: R, where: string): Refused<R> {
  return { kind: 'refused', reason, where };
}

/** Reads JSON strictly; the value has to be an object. */
export function parseObject(
  input: string | Uint8Array,
  limits?: JsonLimits,
): { readonly kind: 'object'; readonly object: JsonObject } | Refused<'malformed-json'> {
  const parsed = typeof input === 'string' ? parseJson(input, limits) : parseJsonBytes(input, limits);
  if (parsed.kind === 'refused') return refused('malformed-json', `${parsed.reason} at ${parsed.at}`);
  return isObject(parsed.value) ? { kind: 'object', object: parsed.value } : refused('malformed-json', 'no object');
}

/** Whether a value is a credential of the model and says nothing that the verifier does not know. */
export function readCredential(
  json: JsonObject,
  vocabulary: Vocabulary = {},
): { readonly kind: 'credential'; readonly credential: Credential } | Refused<StructureRefusal> {
  const unknown = unknownIn(json, vocabulary);
  if (unknown !== undefined) return unknown;
  const malformed = Object.keys(json).find((name) => MEMBERS[name]?.(json[name] as JsonValue) === false);
  if (malformed !== undefined) return refused('malformed-credential', malformed);
  const missing = ['type', 'issuer', 'credentialSubject'].find((name) => json[name] === undefined);
  if (missing !== undefined) return refused('malformed-credential', missing);
  const types = textsOf(json.type) ?? [];
  if (!types.includes('VerifiableCredential')) return refused('unknown-type', 'type');
  const credential = credentialOf(json, types);
  const { validFrom = -Infinity, validUntil = Infinity } = credential;
  return validFrom <= validUntil ? { kind: 'credential', credential } : refused('malformed-credential', 'validUntil');
}

/** Whether contexts are those of the model and of the vocabulary, in their order, and members are known. */
export function unknownIn(
  json: JsonObject,
  { contexts = [AGENT_CREDENTIALS_V1], fields = [] }: Vocabulary,
  members: ReadonlySet<string> = MEMBER_NAMES,
): Refused<StructureRefusal> | undefined {
  const [first, ...others] = oneOrMany(json['@context']);
  if (first !== CREDENTIALS_V2) return refused('unknown-context', '@context');
  const isKnown = others.every((context) => typeof context === 'string' && contexts.includes(context));
  if (!isKnown || new Set(others).size < others.length) return refused('unknown-context', '@context');
  const strange = Object.keys(json).find((name) => !members.has(name) && !fields.includes(name));
  return strange === undefined ? undefined : refused('unknown-field', strange);
}

function credentialOf(json: JsonObject, types: readonly string[]): Credential {
  const { proof, ...unsigned } = json;
  const { id, issuer, validFrom, validUntil, credentialSubject, credentialStatus } = json;
  const time = (value: JsonValue | undefined) => (typeof value === 'string' ? parseTime(value) : undefined);
  return {
    ...{ unsigned, types, proofs: oneOrMany(proof), id: typeof id === 'string' ? id : undefined },
    issuer: urlOf(issuer) ?? '',
    ...{ validFrom: time(validFrom), validUntil: time(validUntil) },
    subjects: oneOrMany(credentialSubject) as readonly JsonObject[],
    status: oneOrMany(credentialStatus),
  };
}

/** More proofs, subjects or statuses are not looked at. */
const MOST = 16;

const isTime = (value: JsonValue) => typeof value === 'string' && parseTime(value) !== undefined;
const isWording = (value: JsonValue) =>
  oneOrMany(value).every((one) => typeof one === 'string' || (isObject(one) && isValueObject(one)));
const isTyped = (value: JsonValue) =>
  isObject(value) && textsOf(value.type) !== undefined && (value.id === undefined || isUrl(value.id));
const isIssuer = (value: JsonValue) => {
  const { name = '', description = '' } = isObject(value) ? value : {};
  return urlOf(value) !== undefined && isWording(name) && isWording(description);
};
const isSubject = (value: JsonValue) =>
  isObject(value) && Object.keys(value).length > 0 && (value.id === undefined || isUrl(value.id));
const each = (isGood: (value: JsonValue) => boolean) => (value: JsonValue) => {
  const all = oneOrMany(value);
  return all.length > 0 && all.length <= MOST && all.every(isGood);
};

const LANGUAGE = /^[a-z]{2,8}(?:-[a-z\d]{1,8})*$/i;
const VALUE_NAMES: ReadonlySet<string> = new Set(['@value', '@language', '@direction']);

/** A text with its language. Source: https://www.w3.org/TR/vc-data-model-2.0/#language-and-base-direction */
function isValueObject(value: JsonObject): boolean {
  const { '@value': text, '@language': language = 'en', '@direction': direction = 'ltr' } = value;
  const isKnown = strangeName(value, VALUE_NAMES) === undefined && (direction === 'ltr' || direction === 'rtl');
  return isKnown && typeof text === 'string' && typeof language === 'string' && LANGUAGE.test(language);
}

/** Members that are understood here, or change nothing. */
const MEMBERS: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  '@context': () => true,
  id: isUrl,
  type: (value) => textsOf(value) !== undefined,
  name: isWording,
  description: isWording,
  issuer: isIssuer,
  validFrom: isTime,
  validUntil: isTime,
  credentialSubject: each(isSubject),
  credentialStatus: each(isTyped),
  evidence: each(isTyped),
  refreshService: each(isTyped),
  proof: each(isObject),
};
const MEMBER_NAMES: ReadonlySet<string> = new Set(Object.keys(MEMBERS));
