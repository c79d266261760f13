/** Parameters of a log: what an entry says, laid over what is active. Source: https://identity.foundation/didwebvh/v1.0/#didwebvh-did-method-parameters */
import type { JsonObject, JsonValue } from '../../canonical/strict-json.ts';
import { fromMultikey } from '../../encoding/multikey.ts';
import type { WebvhRefusal } from './refusal.ts';
import { isMultihash } from './webvh-did.ts';

/** The version of the method that is understood. */
export const METHOD_VERSION = 'did:webvh:1.0';

/** Who has to approve entries. */
export interface WitnessRule {
  readonly threshold: number;
  /** Ed25519 Multikeys. */
  readonly witnesses: readonly string[];
}

/** What is active after an entry. */
export interface Parameters {
  readonly scid: string;
  /** Multikeys. */
  readonly updateKeys: readonly string[];
  /** Multihashes of Multikeys; with any, pre-rotation is active. */
  readonly nextKeyHashes: readonly string[];
  readonly witness: WitnessRule | undefined;
  readonly watchers: readonly string[];
  readonly portable: boolean;
  readonly deactivated: boolean;
  /** How long a resolver should go without asking again. */
  readonly ttlMs: number;
}

const DEFAULTS: Omit<Parameters, 'scid' | 'updateKeys'> = {
  nextKeyHashes: [],
  witness: undefined,
  watchers: [],
  portable: false,
  deactivated: false,
  ttlMs: 3_600_000,
};

/** What old implementations wrote `null` for; the specification has it read as this. */
const FOR_NULL: JsonObject = { updateKeys: [], nextKeyHashes: [], watchers: [], witness: {}, ttl: 3600 };

type Reader = (value: JsonValue) => Partial<Parameters> | undefined;

/** How each is read: `undefined` where the value is none. */
const READERS: Readonly<Record<string, Reader>> = {
  method: (value) => (typeof value === 'string' ? {} : undefined),
  scid: (value) => (typeof value === 'string' && isMultihash(value) ? { scid: value } : undefined),
  updateKeys: (value) => (isListOf(value, isMultikey) ? { updateKeys: value } : undefined),
  nextKeyHashes: (value) => (isListOf(value, () => true) ? { nextKeyHashes: value } : undefined),
  witness: witnessRule,
  watchers: (value) => (isListOf(value, (text) => URL.canParse(text)) ? { watchers: value } : undefined),
  portable: (value) => (typeof value === 'boolean' ? { portable: value } : undefined),
  deactivated: (value) => (typeof value === 'boolean' ? { deactivated: value } : undefined),
  ttl: (value) =>
    Number.isInteger(value) && 0 <= Number(value) && Number(value) <= 2 ** 31
      ? { ttlMs: Number(value) * 1000 }
      : undefined,
};

/** What is active with an entry's parameters, or why they are refused. @param active what was before; `undefined` for the first entry */
export function nextParameters(given: JsonObject, active: Parameters | undefined): Parameters | WebvhRefusal {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(READERS, name));
  if (unknown !== undefined) return 'unknown-parameter';
  const misplaced = active === undefined ? whyNotFirst(given) : whyNotLater(given, active);
  if (misplaced !== undefined) return misplaced;
  let next: Partial<Parameters> = active ?? DEFAULTS;
  for (const [name, value] of Object.entries(given)) {
    const read = READERS[name]?.(value === null ? (FOR_NULL[name] ?? null) : value);
    if (read === undefined) return 'malformed-parameter';
    next = { ...next, ...read };
  }
  return next as Parameters;
}

function whyNotFirst({ method, scid, updateKeys }: JsonObject): WebvhRefusal | undefined {
  if (method === undefined || scid === undefined || updateKeys === undefined) return 'missing-parameter';
  return whyNotVersion(method);
}

function whyNotLater(given: JsonObject, active: Parameters): WebvhRefusal | undefined {
  if (given.scid !== undefined) return 'repeated-scid';
  if (given.portable === true && !active.portable) return 'portable-again';
  const isPreRotated = active.nextKeyHashes.length > 0;
  const isGiven = given.updateKeys !== undefined && given.nextKeyHashes !== undefined;
  if (isPreRotated && !isGiven) return 'dropped-pre-rotation';
  return given.method === undefined ? undefined : whyNotVersion(given.method);
}

function whyNotVersion(method: JsonValue): WebvhRefusal | undefined {
  return typeof method === 'string' && method !== METHOD_VERSION ? 'unsupported-version' : undefined;
}

/** `{}` is none. Beside did:key, its Multikey alone is taken, which one implementation writes. */
function witnessRule(value: JsonValue): Partial<Parameters> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { threshold, witnesses, ...others } = value as JsonObject;
  if (Object.keys(others).length > 0) return undefined;
  if (threshold === undefined && witnesses === undefined) return { witness: undefined };
  if (!Array.isArray(witnesses) || !Number.isInteger(threshold)) return undefined;
  const keys = (witnesses as readonly JsonValue[]).map(witnessKey);
  const isRule = keys.every((key) => key !== undefined) && new Set(keys).size === keys.length;
  const least = Number(threshold);
  return isRule && least >= 1 && least <= keys.length ? { witness: { threshold: least, witnesses: keys } } : undefined;
}

/** A rule as it stands in a log. */
export function ruleParameter({ threshold, witnesses }: WitnessRule): JsonObject {
  return { threshold, witnesses: witnesses.map((key) => ({ id: `did:key:${key}` })) };
}

function witnessKey(value: JsonValue): string | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  const key = typeof id === 'string' ? id.replace(/^did:key:/, '') : '';
  return fromMultikey(key)?.kind === 'Ed25519' ? key : undefined;
}

function isListOf(value: JsonValue, accepts: (text: string) => boolean): value is readonly string[] {
  if (!Array.isArray(value)) return false;
  const list = value as readonly JsonValue[];
  return list.every((item) => typeof item === 'string' && accepts(item)) && new Set(list).size === list.length;
}

/** Keys of kinds that are not known here are Multikeys too; no entry can be signed with them, so that they are not decoded. */
function isMultikey(text: string): boolean {
  return /^z[1-9A-HJ-NP-Za-km-z]{4,}$/.test(text);
}
