/**
 * DIDs that must be refused before anybody is asked for them, and places that others name: steps `resolve-did` of the scripts of the did:webvh suite
 * (https://github.com/decentralized-identity/didwebvh-test-suite, `vectors/` of every scenario), and lists in JSON with the same members.
 */
import { fileUrl } from '../did/location.ts';
import { parseDidUrl } from '../did/did.ts';
import { locationOfDidWeb } from '../did/web.ts';
import { parseWebvhDid } from '../did/webvh/webvh-did.ts';
import { equal, type Case, type Format } from './case.suite.ts';
import { fieldsOf, listOf, type Fields } from './fields.suite.ts';

/** A DID with the error that it must give; without one it must be taken. */
export interface AskedDid {
  readonly did: string;
  readonly error: string | undefined;
  /** Where its log or document lies. */
  readonly url?: string | undefined;
}

/** See {@link Format}. */
export const dids: Format = {
  name: 'DIDs',
  fits: ({ text, json }) => listed(json).length > 0 || (json === undefined && didsOfScript(text).length > 0),
  groups: ({ text, json }) => {
    const asked = json === undefined ? didsOfScript(text) : listed(json);
    return [{ name: 'parsing', cases: asked.map(caseOf) }];
  },
};

function caseOf({ did, error, url }: AskedDid): Case {
  const check = () => {
    if (error !== undefined) return refuseDid(did);
    const location = locationOf(did);
    if (typeof location === 'string') throw new Error(`${did}: refused for ${location}, must be taken`);
    if (url !== undefined) equal('url', fileUrl(location, url.endsWith('.jsonl') ? 'did.jsonl' : 'did.json'), url);
  };
  return { id: did, check };
}

/** @throws Error where a DID is taken */
export function refuseDid(did: string): void {
  if (typeof locationOf(did) !== 'string') throw new Error(`${did}: taken, must be refused`);
}

function locationOf(text: string) {
  if (parseDidUrl(text)?.method === 'web') return locationOfDidWeb(text);
  const parsed = parseWebvhDid(text);
  return typeof parsed === 'string' ? parsed : parsed.location;
}

/** Read line by line: steps begin with `- op:`, and nothing in them goes over several lines. */
export function didsOfScript(script: string): readonly AskedDid[] {
  const steps = script.split(/^\s*-\s+op:\s*/m).filter((step) => step.startsWith('resolve-did'));
  return steps.flatMap((step) => {
    const valueOf = (name: string) =>
      new RegExp(`^\\s*${name}:\\s*(["']?)(.+?)\\1\\s*(?:\\s#.*)?$`, 'm').exec(step)?.[2];
    const did = valueOf('did');
    return did === undefined ? [] : [{ did, error: valueOf('expectError') }];
  });
}

/** A list, or one in an object. */
function listed(json: unknown): readonly AskedDid[] {
  const list = listOf(json ?? undefined);
  const all = list.length > 0 ? list : Object.values(fieldsOf(json) ?? {}).flatMap(listOf);
  const asked = all.map(askedOf);
  return asked.every((one) => one !== undefined) ? asked : [];
}

const NAMES = ['expectError', 'expectedError', 'error'];

function askedOf(one: Fields): AskedDid | undefined {
  const did = one['did'] ?? one['did_url'];
  const error = NAMES.map((name) => one[name]).find((value) => typeof value === 'string');
  const isWrong = one['valid'] === false || typeof error === 'string';
  const isRight = one['valid'] === true || typeof one['url'] === 'string';
  if (typeof did !== 'string' || isWrong === isRight) return undefined;
  return { did, error: isWrong ? String(error ?? 'invalidDid') : undefined, url: one['url'] as string | undefined };
}
