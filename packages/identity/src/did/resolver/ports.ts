/** What a resolver asks of the outside; `host` fills it. Whatever comes back is verified here: no port has to be trusted, but for how long it takes. */

/** The files of a DID, as they are published. */
export interface DidFiles {
  /** Text of did.jsonl, or of did.json for did:web. */
  readonly text: string;
  /** Text of did-witness.json. */
  readonly witnessProofs?: string | undefined;
}

/** Files, and when an origin last had them, in epoch milliseconds; `undefined`: none ever told us. */
export interface StoredDid extends DidFiles {
  readonly confirmedAt: number | undefined;
}

/** The local store. Keys are `webvh:` and the SCID, so that a DID that moved keeps its history, or the whole DID. */
export interface DidStore {
  readonly read: (key: string) => Promise<StoredDid | undefined>;
  readonly write: (key: string, stored: StoredDid) => Promise<void>;
}

/** Others who may have seen a log. Their answers are as good as the origin's up to freshness, which nobody can prove. */
export interface DidPeers {
  /** Answers of any number of peers; waits no longer than it should. */
  readonly ask: (did: string) => Promise<readonly DidFiles[]>;
}

/** What an origin says. */
export type OriginAnswer =
  | { readonly kind: 'found'; readonly text: string }
  /** It answered that there is nothing: 404 or 410. */
  | { readonly kind: 'absent' }
  /** Not taken, because of its size, redirects, encoding or an address that is not public. That says nothing about others who share the origin. */
  | { readonly kind: 'unusable'; readonly cause: string }
  /** No answer: time, connection, certificate, status. */
  | { readonly kind: 'unreachable'; readonly cause: string };

/** HTTPS to the place of a DID. The URL has a public name for its host; the address that it leads to is the port's to check. */
export interface DidOrigin {
  readonly read: (url: string) => Promise<OriginAnswer>;
}

/** All of them; any may be missing. */
export interface ResolverPorts {
  readonly store?: DidStore | undefined;
  readonly peers?: DidPeers | undefined;
  readonly origin?: DidOrigin | undefined;
}
