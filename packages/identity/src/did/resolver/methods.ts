/** The methods whose documents lie elsewhere: where, and how their files are verified. */
import type { CryptoProvider } from '../../provider/provider.ts';
import { parseDid } from '../did.ts';
import type { DidDocument } from '../document.ts';
import { fileUrl, type WebLocation } from '../location.ts';
import { locationOfDidWeb, readDidWeb } from '../web.ts';
import { verifyLog, type DidVersion, type VerifiedLog } from '../webvh/log.ts';
import { parseWebvhDid } from '../webvh/webvh-did.ts';
import type { DidFiles } from './ports.ts';
import type { ResolutionRefusal } from './resolution.ts';

/** Files that were verified. */
export interface Known extends DidFiles {
  readonly document: DidDocument;
  /** Of did:webvh. */
  readonly log: VerifiedLog | undefined;
}

/** A DID, by what its method makes of it. */
export interface Place {
  readonly did: string;
  readonly key: string;
  readonly url: string;
  readonly witnessUrl: string | undefined;
  readonly location: WebLocation;
  /** Whether the files prove themselves, so that they may come from anybody. */
  readonly isSelfCertifying: boolean;
  /** `known` is what they have to continue; with `anyName` the log may be that of the same SCID at another place. */
  readonly verify: (
    files: DidFiles,
    known: Known | undefined,
    at: number,
    provider: CryptoProvider,
    anyName?: boolean,
  ) => Verdict;
}

/** Files that hold, or why not. */
export type Verdict =
  | { readonly kind: 'known'; readonly known: Known }
  | {
      readonly kind: 'refused';
      readonly reason: ResolutionRefusal;
      readonly entry?: number | undefined;
      /** Versions that hold, although a later one does not. */
      readonly before?: readonly DidVersion[];
    };

/** Where a DID's files are, or why there are none. */
export function placeOf(did: string): Place | ResolutionRefusal {
  switch (parseDid(did)?.method) {
    case undefined:
      return 'malformed-did';
    case 'webvh':
      return placeOfWebvh(did);
    case 'web':
      return placeOfWeb(did);
    default:
      return 'unsupported-did-method';
  }
}

function placeOfWebvh(did: string): Place | ResolutionRefusal {
  const parsed = parseWebvhDid(did);
  if (typeof parsed === 'string') return parsed;
  const { location, scid } = parsed;
  return {
    did,
    key: `webvh:${scid}`,
    url: fileUrl(location, 'did.jsonl'),
    witnessUrl: fileUrl(location, 'did-witness.json'),
    location,
    isSelfCertifying: true,
    verify: (files, known, at, provider, anyName = false) => {
      const checks = { at, witnessProofs: files.witnessProofs, known: known?.log, anyName };
      const verdict = verifyLog(did, files.text, checks, provider);
      if (verdict.kind === 'refused') return verdict;
      const { versions, text } = verdict.log;
      const document = versions.at(-1)?.document;
      if (document === undefined) return { kind: 'refused', reason: 'empty-log' };
      // What was approved before is not asked for again, and still has to be proven to whoever starts from the beginning.
      const witnessProofs = files.witnessProofs ?? known?.witnessProofs;
      return { kind: 'known', known: { text, witnessProofs, document, log: verdict.log } };
    },
  };
}

function placeOfWeb(did: string): Place | ResolutionRefusal {
  const location = locationOfDidWeb(did);
  if (typeof location === 'string') return location;
  return {
    did,
    key: did,
    url: fileUrl(location, 'did.json'),
    witnessUrl: undefined,
    location,
    isSelfCertifying: false,
    verify: ({ text }) => {
      const document = readDidWeb(did, text);
      if (typeof document === 'string') return { kind: 'refused', reason: document };
      return { kind: 'known', known: { text, document, log: undefined } };
    },
  };
}
