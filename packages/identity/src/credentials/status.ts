/** Whether a credential is still as it was issued, by the lists that its issuer publishes. Source: https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm */
import type { JsonObject } from '../canonical/strict-json.ts';
import { CLOCK_SKEW_MS } from '../proof/time.ts';
import { refused, type Credential, type Refused } from './credential.ts';
import { isCount, strangeName, textsOf } from './fields.ts';
import {
  decodeStatusList,
  statusAt,
  statusEntryFrom,
  type StatusEntry,
  type StatusListRefusal,
} from './status-list.ts';

/** A status that is 0. */
export interface HeldStatus {
  readonly what: 'status';
  readonly purpose: string;
  readonly list: string;
  readonly index: number;
  /** When the issuer says that the list was so, in epoch milliseconds; `undefined` where it says nothing. */
  readonly asOf: number | undefined;
}

/** Why a status does not hold. */
export type StatusRefusal =
  | StatusListRefusal
  | 'unknown-status'
  | 'no-status-list'
  /** The list was read longer ago than it may be used. */
  | 'stale-status-list'
  | 'other-status-list'
  | 'other-status-purpose'
  | 'status-out-of-range'
  | 'revoked'
  | 'suspended'
  /** A status for another purpose is not 0. */
  | 'other-status';

/** Text of a credential, and when it was read in epoch milliseconds. It does not change; what is read again is another object. */
export interface Published {
  readonly text: string | Uint8Array;
  readonly readAt: number;
}

/** A list's credential, verified but for its list. */
export interface VerifiedList {
  readonly credential: Credential;
  readonly published: Published;
}

/** Verifies the credential of a list of the same issuer, reading at most so many UTF-16 code units. */
export type VerifyList<R extends string> = (url: string, most: number) => Promise<VerifiedList | Refused<R>>;

/** Of the credential with a list: a list of 16 MiB that does not compress, in base64. */
const MOST_LIST_LETTERS = 2 ** 25;
/** Milliseconds that a list may be kept where it says nothing. */
const USUAL_TTL_MS = 300_000;
const REASONS: Readonly<Record<string, StatusRefusal>> = { revocation: 'revoked', suspension: 'suspended' };

/** Every status, or the first that is not 0 or cannot be told. */
export async function checkStatus<R extends string>(
  { status }: Credential,
  verifyList: VerifyList<R>,
  at: number,
): Promise<{ readonly kind: 'held'; readonly held: readonly HeldStatus[] } | Refused<R | StatusRefusal>> {
  const held: HeldStatus[] = [];
  const lists = new Map<string, VerifiedList>();
  for (const [i, json] of status.entries()) {
    const where = `credentialStatus/${i}`;
    const entry = statusEntryFrom(json);
    if (entry === undefined) return refused('unknown-status', where);
    const list = lists.get(entry.list) ?? (await verifyList(entry.list, MOST_LIST_LETTERS));
    if ('kind' in list) return refused(list.reason, `${where}/${list.where}`);
    lists.set(entry.list, list);
    const reason = await whyNotZero(entry, list, at);
    if (reason !== undefined) return refused(reason, where);
    const { purpose, index } = entry;
    held.push({ what: 'status', purpose, list: entry.list, index, asOf: list.credential.validFrom });
  }
  return { kind: 'held', held };
}

async function whyNotZero(
  entry: StatusEntry,
  { credential: list, published }: VerifiedList,
  at: number,
): Promise<StatusRefusal | undefined> {
  const [subject, ...others] = list.subjects;
  // A list has no status of its own, and says which one it is: issuers have several.
  if (subject === undefined || others.length > 0 || list.status.length > 0 || !isList(subject))
    return 'malformed-status-list';
  if (list.id !== entry.list) return 'other-status-list';
  const { ttl = USUAL_TTL_MS, statusPurpose, encodedList, statusSize = entry.size } = subject;
  const ageMs = at - published.readAt;
  // What was read at a time to come was read by a clock that was wrong.
  if (!isCount(ttl) || !(ageMs >= -CLOCK_SKEW_MS && ageMs <= ttl)) return 'stale-status-list';
  if (statusSize !== entry.size) return 'malformed-status-list';
  if (textsOf(statusPurpose)?.includes(entry.purpose) !== true) return 'other-status-purpose';
  const decoded = await decodedOnce(published, encodedList as string, entry.size);
  if ('reason' in decoded) return decoded.reason;
  const status = statusAt(decoded, entry.index, entry.size);
  if (status === undefined) return 'status-out-of-range';
  if (status === 0) return undefined;
  return Object.hasOwn(REASONS, entry.purpose) ? REASONS[entry.purpose] : 'other-status';
}

type Decoded = Awaited<ReturnType<typeof decodeStatusList>>;

/** Expanding a list takes as long as verifying its signatures; forgotten with what was published. */
const DECODED = new WeakMap<Published, Map<number, Decoded>>();

async function decodedOnce(published: Published, encodedList: string, size: number): Promise<Decoded> {
  const bySize = DECODED.get(published) ?? new Map<number, Decoded>();
  DECODED.set(published, bySize);
  const decoded = bySize.get(size) ?? (await decodeStatusList(encodedList, size));
  bySize.set(size, decoded);
  return decoded;
}

function isList(subject: JsonObject): boolean {
  const { type, encodedList } = subject;
  return (
    type === 'BitstringStatusList' && typeof encodedList === 'string' && strangeName(subject, LIST_NAMES) === undefined
  );
}

const LIST_NAMES: ReadonlySet<string> = new Set([
  'id',
  'type',
  'statusPurpose',
  'encodedList',
  'ttl',
  'statusSize',
  'statusMessages',
]);
