/** What resolving gives. Source: https://www.w3.org/TR/did-resolution/ */
import type { JsonObject, JsonValue } from '../../canonical/strict-json.ts';
import { formatTime } from '../../proof/time.ts';
import type { DidDocument } from '../document.ts';
import type { DidWebRefusal } from '../web.ts';
import { ruleParameter, type WitnessRule } from '../webvh/parameters.ts';
import type { WebvhRefusal } from '../webvh/refusal.ts';
import type { Concession } from '../webvh/witness.ts';

/** Who answered: the DID itself (did:key), what was verified before, the local store, peers, the origin. */
export type Rung = 'self' | 'memory' | 'store' | 'peers' | 'origin';

/** What is known of a document besides its text. */
export interface DidMetadata {
  /** Of did:webvh alone, like all that may be `undefined`. */
  readonly versionId: string | undefined;
  readonly versionNumber: number | undefined;
  /** Epoch milliseconds. */
  readonly versionAt: number | undefined;
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
  /** When the next version took its place. */
  readonly supersededAt: number | undefined;
  readonly scid: string | undefined;
  readonly portable: boolean;
  /** Whether the DID is, whatever version was asked for. */
  readonly deactivated: boolean;
  readonly ttlMs: number;
  readonly witness: WitnessRule | undefined;
  readonly watchers: readonly string[];
  readonly concessions: readonly Concession[];
}

/** Why nothing is resolved. */
export type ResolutionRefusal =
  | WebvhRefusal
  | DidWebRefusal
  | 'malformed-did-url'
  | 'unsupported-did-method'
  /** A query that is not understood: an answer without it would be another one. */
  | 'unsupported-query'
  /** The origin has nothing, and nobody else has. */
  | 'not-found'
  | 'unknown-version'
  /** Nobody could be asked. */
  | 'unreachable'
  /** Known, but not confirmed recently enough for a write. */
  | 'stale'
  /** Known, but taken with a concession, which is not enough for a write. */
  | 'conceded';

/** What a rung said. */
export interface Attempt {
  readonly rung: Rung;
  readonly outcome:
    'answered' | 'absent' | 'unusable' | 'unreachable' | 'open-circuit' | 'stale' | 'refused' | 'nothing-newer';
  readonly reason?: ResolutionRefusal;
  /** Why it was unreachable or unusable, as the port says it. */
  readonly cause?: string;
}

/** A document that is found. */
export interface FoundDocument {
  /** The DID that was asked for; the document's may be another one, if the DID moved. */
  readonly did: string;
  readonly document: DidDocument;
  readonly metadata: DidMetadata;
  readonly rung: Rung;
  /** Milliseconds since the origin confirmed it; `undefined`: it never did, to us. */
  readonly ageMs: number | undefined;
  /** Older than the policy or its controller wants; only reads get such. */
  readonly isStale: boolean;
  readonly attempts: readonly Attempt[];
}

/** A document that may be used, the last one of a DID that is no more, or why there is none. */
export type Resolution =
  | ({ readonly kind: 'resolved' } & FoundDocument)
  | ({ readonly kind: 'deactivated' } & FoundDocument)
  | {
      readonly kind: 'refused';
      readonly reason: ResolutionRefusal;
      /** Of the log, from 1. */
      readonly entry?: number | undefined;
      readonly attempts: readonly Attempt[];
    };

/** `didDocumentMetadata`: nothing of methods without versions but whether the DID is no more. Source: https://identity.foundation/didwebvh/v1.0/#read-resolve */
export function documentMetadata(metadata: DidMetadata): JsonObject {
  const { versionId, versionNumber, versionAt, createdAt, updatedAt, supersededAt } = metadata;
  const { scid, portable, deactivated, ttlMs, witness, watchers } = metadata;
  if (scid === undefined) return { deactivated };
  const times = { versionTime: versionAt, created: createdAt, updated: updatedAt, nextUpdate: supersededAt };
  // Numbers are texts in metadata; the number of a version is not the specification's.
  return {
    ...definedOf({ versionId, versionNumber }),
    ...Object.fromEntries(Object.entries(definedOf(times)).map(([name, at]) => [name, formatTime(at as number)])),
    ...{ scid, portable, deactivated, ttl: String(ttlMs / 1000), watchers },
    ...(witness && { witness: { ...ruleParameter(witness), threshold: String(witness.threshold) } }),
  };
}

function definedOf(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The error of DID Resolution that a refusal is. Source: https://identity.foundation/didwebvh/v1.0/#read-resolve */
export function resolutionError(
  reason: ResolutionRefusal,
): 'notFound' | 'invalidDid' | 'invalidDidUrl' | 'methodNotSupported' | 'internalError' {
  if (reason === 'not-found' || reason === 'unknown-version') return 'notFound';
  if (reason === 'unsupported-did-method') return 'methodNotSupported';
  if (reason === 'unsupported-query') return 'invalidDidUrl';
  return reason === 'unreachable' || reason === 'stale' || reason === 'conceded' ? 'internalError' : 'invalidDid';
}
