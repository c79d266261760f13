/** Why a log of did:webvh is refused. */
import type { JsonRefusal } from '../../canonical/strict-json.ts';
import type { ProofRefusal } from '../../proof/data-integrity.ts';
import type { WebvhDidRefusal } from './webvh-did.ts';

/** Each names the rule that is broken. Source: https://identity.foundation/didwebvh/v1.0/ */
export type WebvhRefusal =
  | WebvhDidRefusal
  | JsonRefusal
  | ProofRefusal
  | 'empty-log'
  /** More entries than are read. */
  | 'too-many-entries'
  /** Not the five members of an entry, or one of another type. */
  | 'malformed-entry'
  | 'unknown-parameter'
  | 'malformed-parameter'
  | 'missing-parameter'
  /** The SCID is given again. */
  | 'repeated-scid'
  /** Another version of the method, or a lower one. */
  | 'unsupported-version'
  /** The log is of another SCID than the DID. */
  | 'other-scid'
  | 'wrong-scid'
  | 'wrong-version-number'
  | 'malformed-version-id'
  | 'wrong-entry-hash'
  | 'malformed-time'
  | 'time-not-later'
  | 'time-in-future'
  | 'missing-proof'
  | 'too-many-proofs'
  | 'wrong-proof-purpose'
  | 'unauthorised-key'
  /** An update key that the entry before did not commit to. */
  | 'unmet-pre-rotation'
  /** Update keys or hashes of the next ones are not given while pre-rotation is active. */
  | 'dropped-pre-rotation'
  | 'change-after-deactivation'
  | 'portable-again'
  /** The document is of another DID, and the log is not portable. */
  | 'not-portable'
  /** A moved document does not say what it was known as. */
  | 'missing-prior-did'
  /** No version of the document has the DID that was asked for. */
  | 'other-did'
  | 'missing-witness-proofs'
  | 'malformed-witness-proofs'
  | 'too-many-witness-proofs'
  | 'witness-threshold-unmet'
  /** Shorter than a version that is known. */
  | 'truncated-log'
  /** Another history than the one that is known. */
  | 'forked-log';
