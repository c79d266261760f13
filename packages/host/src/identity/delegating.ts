/** Handing on what is held: what would be refused by every verifier is not signed. */
import { delegationDigest, formatTime, wideningOf, type Grant, type JsonObject, type JsonValue } from '@aia/identity';
import { headOf, isObject, type Holding } from './holding.ts';

/** What is to be handed on, by whom and for how long; epoch milliseconds. */
export interface Handing {
  readonly from: Holding;
  /** DIDs of whoever hands it on, and to whom. */
  readonly issuer: string;
  readonly subject: string;
  readonly grants: readonly Grant[];
  readonly validFrom: number;
  readonly validUntil: number;
}

/** What is held, as far as it matters to whoever hands it on. */
export interface Held {
  readonly grants: readonly Grant[];
  /** Epoch milliseconds. */
  readonly validUntil: number;
}

/** @throws RangeError for what grants nothing, or never ends */
export function heldIn(from: Holding): Held {
  const head = headOf(from);
  if (head?.statement?.kind !== 'capabilities')
    throw new RangeError('what is held grants nothing that could be handed on');
  const { validUntil } = head.credential;
  if (validUntil === undefined) throw new RangeError('what is held never ends, which no verifier takes');
  return { grants: head.statement.grants, validUntil };
}

/**
 * The digest by which the new credential names the one that it hands on.
 * @throws RangeError where the issuer is not its subject, a grant is wider than all that are held, or it lasts longer
 */
export function delegatedFrom(handing: Handing): string {
  const { from, issuer, subject, grants, validFrom, validUntil } = handing;
  const held = heldIn(from);
  const { json, credential, subject: holder } = headOf(from) as NonNullable<ReturnType<typeof headOf>>;
  if (holder !== issuer) throw new RangeError(`what is held is about ${holder}, and only that one may hand it on`);
  if (subject === holder || from.chain.some((one) => issuerOf(one) === subject))
    throw new RangeError(`${subject} had it before, and gets nothing more by it`);
  if (validFrom >= held.validUntil) throw new RangeError(`what is held ended at ${formatTime(held.validUntil)}`);
  if (validFrom < (credential.validFrom ?? -Infinity))
    throw new RangeError(`what is held begins at ${formatTime(credential.validFrom ?? 0)}`);
  if (validUntil > held.validUntil)
    throw new RangeError(`it must not last longer than what is held, which ends at ${formatTime(held.validUntil)}`);
  for (const grant of grants) {
    const dimension = wideningOf(grant, held.grants);
    if (dimension !== undefined) throw new RangeError(wideningText(grant, dimension));
  }
  return delegationDigest(json);
}

function issuerOf({ issuer }: JsonObject): JsonValue | undefined {
  return isObject(issuer) ? issuer.id : issuer;
}

function wideningText({ capability }: Grant, dimension: keyof Grant): string {
  if (dimension === 'capability') return `${capability} is not among what is held`;
  if (dimension === 'delegations')
    return `${capability} may not be handed on as often as that: "delegations" has to be less than in what is held`;
  return `${capability} would reach further than what is held: ${dimension}`;
}
