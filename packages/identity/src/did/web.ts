/** did:web: a document at a place, with no history. Read to know others; nothing of ours is one. Source: https://w3c-ccg.github.io/did-method-web/ */
import { parseJson, type JsonRefusal } from '../canonical/strict-json.ts';
import { parseDid } from './did.ts';
import { frozen, isDidDocument, type DidDocument } from './document.ts';
import { webLocation, type LocationRefusal, type WebLocation } from './location.ts';

/** Why there is no document. */
export type DidWebRefusal = 'malformed-did' | 'malformed-document' | 'other-did' | LocationRefusal | JsonRefusal;

/** Where the document of a did:web lies, or why the DID is none. */
export function locationOfDidWeb(did: string): WebLocation | 'malformed-did' | LocationRefusal {
  const parsed = parseDid(did);
  return parsed?.method === 'web' ? webLocation(parsed.identifier) : 'malformed-did';
}

/** The document in the text of a did.json, if it is the one of the DID. */
export function readDidWeb(did: string, text: string): DidDocument | DidWebRefusal {
  const parsed = parseJson(text, { most: MOST_CHARACTERS });
  if (parsed.kind === 'refused') return parsed.reason;
  if (!isDidDocument(parsed.value)) return 'malformed-document';
  return parsed.value.id === did ? frozen(parsed.value) : 'other-did';
}

const MOST_CHARACTERS = 2 ** 18;
