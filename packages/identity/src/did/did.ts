/** DIDs and DID URLs as text. Source: https://www.w3.org/TR/did-1.1/#did-syntax */

/** Longer than any identifier that is used here; what is longer is refused before it is looked at. */
const MOST_CHARACTERS = 2048;

/** A DID taken apart. */
export interface Did {
  /** The whole, as it was written. */
  readonly did: string;
  /** `webvh`, `web`, `key` … */
  readonly method: string;
  /** What follows the method's colon. */
  readonly identifier: string;
}

/** A DID URL taken apart; parts that are missing are `undefined`, those that are there have their sign before them removed, paths keep theirs. */
export interface DidUrl extends Did {
  readonly url: string;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

const ID_LETTER = String.raw`[\w.\-]|%[\dA-Fa-f]{2}`;
// Letters of other scripts are no part of the syntax, but did:webvh has them in hosts and paths (its section "International Domain Names").
const OTHER_LETTER = String.raw`[^\P{L}\p{ASCII}]|[^\P{M}\p{ASCII}]|[^\P{N}\p{ASCII}]`;
const DID = didOf('[a-z\\d]+', ID_LETTER);
const WEBVH_DID = didOf('webvh', `${ID_LETTER}|${OTHER_LETTER}`);
const LETTER = String.raw`(?:[\w.~!$&'()*+,;=:@\-]|%[\dA-Fa-f]{2})`;
const DID_URL = new RegExp(
  String.raw`^(did:[^/?#]+)((?:/${LETTER}*)*)(?:\?((?:${LETTER}|[/?])*))?(?:#((?:${LETTER}|[/?])*))?$`,
  'u',
);

function didOf(method: string, letter: string): RegExp {
  return new RegExp(`^did:(${method}):((?:(?:${letter})*:)*(?:${letter})+)$`, 'u');
}

/** `undefined` for what is no DID, or one with a path, query or fragment. */
export function parseDid(text: string): Did | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const [did, method = '', identifier = ''] = DID.exec(text) ?? WEBVH_DID.exec(text) ?? [];
  return did === undefined ? undefined : { did, method, identifier };
}

/** A DID with or without path, query and fragment; `undefined` for anything else. */
export function parseDidUrl(text: string): DidUrl | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const [url, did, path = '', query, fragment] = DID_URL.exec(text) ?? [];
  if (url === undefined || did === undefined) return undefined;
  const parsed = parseDid(did);
  return parsed && { ...parsed, url, path, query, fragment };
}

/**
 * A reference in a document, which may be a fragment alone, as an absolute DID URL; `undefined` for what is none.
 * Source: https://www.w3.org/TR/did-1.1/#relative-did-urls
 */
export function absoluteDidUrl(reference: string, base: string): string | undefined {
  return parseDidUrl(reference.startsWith('#') ? base + reference : reference)?.url;
}
