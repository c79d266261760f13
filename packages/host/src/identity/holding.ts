/** Files in which credentials are handed over: one by itself, one with what opens its concealed parts, or a chain of delegations. */
import {
  canonicalJson,
  readCredential,
  STATEMENT_TYPES,
  statementOf,
  subjectOf,
  type Credential,
  type JsonObject,
  type JsonValue,
  type Statement,
} from '@aia/identity';

/** What somebody holds; nothing of it is verified. */
export interface Holding {
  /** The root's first; what was not handed on is alone. */
  readonly chain: readonly [JsonObject, ...JsonObject[]];
  /** Disclosures by JSON Pointer within the subject of the only credential. */
  readonly disclosures: Readonly<Record<string, string>>;
}

/** `undefined` for what is none of the three. */
export function holdingFrom(value: JsonValue): Holding | undefined {
  if (Array.isArray(value)) {
    const [first, ...others] = value as readonly JsonValue[];
    return isCredential(first) && others.every(isCredential)
      ? { chain: [first, ...others], disclosures: {} }
      : undefined;
  }
  if (isCredential(value)) return { chain: [value], disclosures: {} };
  if (!isObject(value) || Object.keys(value).length !== 2) return undefined;
  const { credential, disclosures } = value;
  return isCredential(credential) && isObject(disclosures) && areTexts(disclosures)
    ? { chain: [credential], disclosures }
    : undefined;
}

/** As it is written into a file; the inverse of {@link holdingFrom}. */
export function holdingText({ chain, disclosures }: Holding): string {
  if (chain.length > 1) return `${canonicalJson(chain)}\n`;
  const [credential] = chain;
  return `${canonicalJson(Object.keys(disclosures).length === 0 ? credential : { credential, disclosures })}\n`;
}

/** The last credential, what it says and of whom; `undefined` where it is not well formed. */
export function headOf({ chain }: Holding):
  | {
      readonly json: JsonObject;
      readonly credential: Credential;
      readonly subject: string;
      readonly statement: Statement | undefined;
    }
  | undefined {
  const json = chain.at(-1) as JsonObject;
  const read = readCredential(json);
  const subject = read.kind === 'credential' ? subjectOf(read.credential) : undefined;
  if (read.kind === 'refused' || subject === undefined) return undefined;
  return { json, credential: read.credential, subject, statement: statementOf(read.credential) };
}

/** Whether a credential grants capabilities, so that it is verified as a chain, be it of one. */
export function isOfCapabilities(credential: JsonObject): boolean {
  return hasType(credential, STATEMENT_TYPES.capabilities);
}

/** Whether a value is an object of a type. */
export function hasType(value: JsonValue | undefined, type: string): value is JsonObject {
  if (!isObject(value)) return false;
  return Array.isArray(value.type) ? value.type.includes(type) : value.type === type;
}

function isCredential(value: JsonValue | undefined): value is JsonObject {
  return hasType(value, 'VerifiableCredential');
}

/** Whether a value is an object, and not a list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areTexts(object: JsonObject): object is Readonly<Record<string, string>> & JsonObject {
  return Object.values(object).every((value) => typeof value === 'string');
}
