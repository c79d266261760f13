/**
 * Selective disclosure by salted digests: the issuer signs digests, the holder shows the disclosures of what he wants to tell. As SD-JWT writes them, so
 * that its digests are the standard's and not framed by a domain of ours. Source: RFC 9901 sections 4.2 and 7.1.
 */
import { provider as usual } from '#provider';
import { canonicalJson } from '../canonical/jcs.ts';
import { parseJsonBytes, type JsonObject, type JsonValue } from '../canonical/strict-json.ts';
import { fromBase64Url, toBase64Url } from '../encoding/multibase.ts';
import type { CryptoProvider } from '../provider/provider.ts';
import { isObject } from './fields.ts';

/** One opened digest. */
export interface Disclosure {
  /** As it is handed on; its spelling is what is hashed. */
  readonly text: string;
  /** SHA-256 of the text, base64url. */
  readonly digest: string;
  readonly salt: string;
  /** `undefined` for an element of a list. */
  readonly name: string | undefined;
  readonly value: JsonValue;
}

/** Why disclosures are refused. */
export type DisclosureRefusal =
  | 'malformed-disclosure'
  | 'malformed-digest'
  | 'unknown-digest-algorithm'
  | 'repeated-digest'
  | 'unreferenced-disclosure'
  | 'reserved-name'
  | 'name-already-there';

/** What is told, or why not; `names` are JSON Pointers as in `/address/city`, elements by their number among what was signed. */
export type Disclosed =
  | { readonly kind: 'disclosed'; readonly value: JsonObject; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: DisclosureRefusal };

/** Names and numbers from the outside to what is concealed. */
export type ConcealedPath = readonly [string, ...(string | number)[]];

/** Of the salt; RFC 9901 section 9.3. */
const SALT_BYTES = 16;
const MOST_DISCLOSURE_LETTERS = 65_536;
/** Disclosures lie in each other as deep as their sender wants. */
const MOST_LEVELS = 64;
const [DIGESTS, ELEMENT, ALGORITHM] = ['_sd', '...', '_sd_alg'] as const;
const RESERVED: ReadonlySet<string> = new Set([DIGESTS, ELEMENT]);

/**
 * Digests in the place of what `paths` lead to, and the disclosures that open them, one for each path in its order. What lies within something concealed can
 * be concealed by itself, and then needs both disclosures.
 * @throws RangeError for a path that leads nowhere or is given twice, and for names that have a meaning in SD-JWT
 */
export function conceal(
  value: JsonObject,
  paths: readonly ConcealedPath[],
  provider: CryptoProvider = usual,
): { readonly value: JsonObject; readonly disclosures: readonly string[] } {
  const pointers = paths.map((path) => pointer(path.map(String)));
  if (new Set(pointers).size < paths.length) throw new RangeError('paths: one is given twice');
  const texts = new Map<string, string>();
  const digestOf: DigestOf = (path, ...content) => {
    const salt = toBase64Url(provider.randomBytes(SALT_BYTES));
    const text = toBase64Url(new TextEncoder().encode(canonicalJson([salt, ...content])));
    texts.set(pointer(path), text);
    return disclosureDigest(text, provider);
  };
  const concealed = within(value, [], paths, digestOf) as JsonObject;
  const disclosures = pointers.map((path) => texts.get(path) as string);
  return { value: paths.length === 0 ? concealed : { ...concealed, [ALGORITHM]: 'sha-256' }, disclosures };
}

type DigestOf = (path: readonly string[], ...content: readonly JsonValue[]) => string;
type Path = readonly (string | number)[];

/** `at` is where the value lies, `paths` go on from there. */
function within(value: JsonValue, at: readonly string[], paths: readonly Path[], digestOf: DigestOf): JsonValue {
  if (paths.length === 0 && !isObject(value) && !Array.isArray(value)) return value;
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) throw new RangeError(`paths: nothing lies at ${String(paths[0]?.[0])}`);
  const entries: readonly (readonly [string, JsonValue])[] = Object.entries(value as JsonObject);
  const lost = paths.find(([head]) => !entries.some(([name]) => name === String(head)));
  if (lost !== undefined) throw new RangeError(`paths: nothing lies at ${String(lost[0])}`);
  const parts = entries.map(([name, child]) => {
    if (!isList && (RESERVED.has(name) || name === ALGORITHM)) throw new RangeError(`value: the name ${name} is taken`);
    const here = paths.filter(([head]) => String(head) === name);
    const inner = here.filter(({ length }) => length > 1).map((path) => path.slice(1));
    const path = [...at, name];
    const isHidden = here.some(({ length }) => length === 1);
    return { name, path, child: within(child, path, inner, digestOf), isHidden };
  });
  if (isList)
    return parts.map(({ path, child, isHidden }) => (isHidden ? { [ELEMENT]: digestOf(path, child) } : child));
  const open = parts.filter(({ isHidden }) => !isHidden).map(({ name, child }) => [name, child] as const);
  const digests = parts.filter(({ isHidden }) => isHidden).map(({ path, name, child }) => digestOf(path, name, child));
  // In the order of their digests, which says nothing about the order of the names.
  return Object.fromEntries(digests.length === 0 ? open : [...open, [DIGESTS, digests.sort()]]);
}

/** Reads one; `undefined` for what is none. */
export function disclosureFrom(text: string, provider: CryptoProvider = usual): Disclosure | undefined {
  const bytes = text.length > MOST_DISCLOSURE_LETTERS ? undefined : fromBase64Url(text);
  const parsed = bytes && parseJsonBytes(bytes);
  if (parsed?.kind !== 'value' || !Array.isArray(parsed.value)) return undefined;
  const content = parsed.value as readonly JsonValue[];
  const [salt, second, third] = content;
  if (typeof salt !== 'string' || salt === '') return undefined;
  const digest = disclosureDigest(text, provider);
  if (content.length === 2) return { text, digest, salt, name: undefined, value: second as JsonValue };
  if (content.length !== 3 || typeof second !== 'string') return undefined;
  return { text, digest, salt, name: second, value: third as JsonValue };
}

/** SHA-256 of the letters of a disclosure, base64url. */
export function disclosureDigest(text: string, provider: CryptoProvider = usual): string {
  return toBase64Url(provider.sha256(new TextEncoder().encode(text)));
}

/**
 * Puts what is disclosed in the place of its digest and takes all other digests out. Refused as a whole where a disclosure belongs to no digest, a digest
 * stands twice, or a name would be said twice. The digests themselves must have been verified before, with the signature over `value`.
 */
export function disclose(value: JsonObject, texts: readonly string[], provider: CryptoProvider = usual): Disclosed {
  const { [ALGORITHM]: algorithm = 'sha-256', ...payload } = value;
  if (algorithm !== 'sha-256') return refusedFor('unknown-digest-algorithm');
  const disclosures = texts.map((text) => disclosureFrom(text, provider));
  if (disclosures.includes(undefined) || new Set(texts).size < texts.length) return refusedFor('malformed-disclosure');
  const opening = new Opening(disclosures as readonly Disclosure[]);
  try {
    const opened = opening.opened(payload, []) as JsonObject;
    return opening.isComplete
      ? { kind: 'disclosed', value: opened, names: opening.names }
      : refusedFor('unreferenced-disclosure');
  } catch (error) {
    if (error instanceof Refused) return refusedFor(error.reason);
    throw error;
  }
}

function refusedFor(reason: DisclosureRefusal): Disclosed {
  return { kind: 'refused', reason };
}

/** Only thrown and caught in this file. */
class Refused extends Error {
  readonly reason: DisclosureRefusal;
  constructor(reason: DisclosureRefusal) {
    super(reason);
    this.reason = reason;
  }
}

/** One walk over what was signed. Every disclosure is used once at most, so that the walk ends. */
class Opening {
  readonly names: string[] = [];
  readonly #left = new Map<string, Disclosure>();
  readonly #seen = new Set<string>();

  constructor(disclosures: readonly Disclosure[]) {
    for (const disclosure of disclosures) this.#left.set(disclosure.digest, disclosure);
  }

  get isComplete(): boolean {
    return this.#left.size === 0;
  }

  opened(value: JsonValue, path: readonly string[]): JsonValue {
    if (path.length > MOST_LEVELS) throw new Refused('malformed-disclosure');
    if (Array.isArray(value)) return this.#list(value as readonly JsonValue[], path);
    return isObject(value) ? this.#object(value, path) : value;
  }

  #object(value: JsonObject, path: readonly string[]): JsonObject {
    const found = Object.create(null) as Record<string, JsonValue>;
    for (const [name, child] of Object.entries(value)) {
      if (name === ELEMENT) throw new Refused('reserved-name');
      if (name !== DIGESTS) found[name] = this.opened(child, [...path, name]);
    }
    for (const digest of digestsOf(value)) {
      const disclosure = this.#take(digest);
      if (disclosure === undefined) continue;
      const { name } = disclosure;
      if (name === undefined) throw new Refused('malformed-disclosure');
      if (RESERVED.has(name)) throw new Refused('reserved-name');
      if (Object.hasOwn(found, name)) throw new Refused('name-already-there');
      found[name] = this.#told(disclosure, [...path, name]);
    }
    return found;
  }

  #list(values: readonly JsonValue[], path: readonly string[]): readonly JsonValue[] {
    return values.flatMap((value, i) => {
      const here = [...path, String(i)];
      if (!isObject(value) || !Object.hasOwn(value, ELEMENT)) return [this.opened(value, here)];
      const digest = value[ELEMENT];
      if (typeof digest !== 'string' || Object.keys(value).length !== 1) throw new Refused('malformed-digest');
      const disclosure = this.#take(digest);
      if (disclosure === undefined) return [];
      if (disclosure.name !== undefined) throw new Refused('malformed-disclosure');
      return [this.#told(disclosure, here)];
    });
  }

  #told({ value }: Disclosure, path: readonly string[]): JsonValue {
    this.names.push(pointer(path));
    return this.opened(value, path);
  }

  #take(digest: string): Disclosure | undefined {
    if (this.#seen.has(digest)) throw new Refused('repeated-digest');
    this.#seen.add(digest);
    const disclosure = this.#left.get(digest);
    this.#left.delete(digest);
    return disclosure;
  }
}

/** RFC 6901. */
function pointer(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function digestsOf(value: JsonObject): readonly string[] {
  if (!Object.hasOwn(value, DIGESTS)) return [];
  const digests = value[DIGESTS];
  if (!Array.isArray(digests) || !digests.every((one) => typeof one === 'string'))
    throw new Refused('malformed-digest');
  return digests as readonly string[];
}
