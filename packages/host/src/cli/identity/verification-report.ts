/** What `aia identity verify` says of one file, as JSON has it. */
import {
  decodeStatusList,
  parseJsonBytes,
  parseTime,
  statementOf,
  subjectOf,
  type JsonObject,
  type Resolution,
} from '@aia/identity';
import type { VerificationReport } from '@aia/contract';
import type { LogRefusal } from '../../identity/handed-over.ts';
import type { FoundList } from '../../identity/resolving.ts';
import type { Judgement, ShownCredential, Step } from '../../identity/verifying.ts';
import type { Circumstances } from './circumstances.ts';
import { notCheckedOf } from './not-checked.ts';
import { REASONS } from './reasons.ts';
import { askedText } from './tell.ts';

type VerifiedCredential = VerificationReport['credentials'][number];

/** The report of a judgement. */
export async function reportOf(judgement: Judgement, circumstances: Circumstances): Promise<VerificationReport> {
  const { file, at, resolutions, lists } = circumstances;
  const { kind, what } = judgement;
  const head = { schemaVersion: 1, kind, what, file, at } as const;
  const found = {
    documents: Array.from(resolutions, ([did, resolution]) => ({ did, ...howFound(resolution) })),
    statusLists: lists.map(listReport),
  };
  if (judgement.kind === 'refused') {
    const { reason, where } = judgement;
    const means = REASONS[reason];
    const claimed = circumstances.claimed.map((one) => ({ ...one }));
    return { ...head, reason, where, means, claimed, credentials: [], verified: [], ...found, notChecked: [] };
  }
  const { holder, shown, verified } = judgement;
  const credentials = await Promise.all(shown.map(credentialReport));
  const report = { ...head, ...(holder !== undefined && { holder }), credentials, verified: verified.map(stepReport) };
  return { ...report, ...found, notChecked: notCheckedOf(judgement, circumstances) };
}

/** The report of a log that was handed over and is not believed. */
export function logReport(file: string, reason: LogRefusal, at: number): VerificationReport {
  return {
    ...{ schemaVersion: 1, kind: 'refused', what: 'did-log', file, at, reason, where: 'did.jsonl' },
    means:
      'What was handed over does not prove itself, or is another history than the one that is known. Do not use what came with it.',
    ...{ credentials: [], verified: [], documents: [], statusLists: [], notChecked: [] },
  };
}

async function credentialReport({ credential, subject, disclosed }: ShownCredential): Promise<VerifiedCredential> {
  const { id, issuer, types, validFrom, validUntil } = credential;
  const about = subjectOf(credential);
  const head = {
    ...(id !== undefined && { id }),
    ...{ issuer, ...(about !== undefined && { subject: about }), types: [...types] },
    ...(validFrom !== undefined && { validFrom: Math.floor(validFrom) }),
    ...(validUntil !== undefined && { validUntil: Math.floor(validUntil) }),
    disclosed: [...disclosed],
  };
  const statement = statementOf(credential, subject);
  if (statement?.kind === 'role') return { ...head, kind: 'role', role: statement.role };
  if (statement?.kind === 'attestation') return { ...head, kind: 'attestation', claims: statement.claims };
  if (statement?.kind === 'capabilities')
    return { ...head, kind: 'capabilities', grants: statement.grants.map((grant) => ({ ...grant })) };
  const set = await setIn(subject);
  return set === undefined ? { ...head, kind: 'other' } : { ...head, kind: 'status-list', ...set };
}

/** How many entries of one bit a list has, and how many are set; `undefined` for what is no list. */
async function setIn(subject: JsonObject | undefined) {
  const encoded = subject?.encodedList;
  const list = typeof encoded === 'string' ? await decodeStatusList(encoded) : undefined;
  if (list === undefined || 'kind' in list) return undefined;
  let revoked = 0;
  for (const byte of list.bytes) for (let bits = byte; bits > 0; bits &= bits - 1) revoked++;
  return { entries: list.bytes.length * 8, revoked };
}

/** Fractions of milliseconds are cut off, and what is not said is left out. */
function stepReport(step: Step): VerificationReport['verified'][number] {
  const told = Object.entries(step)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, typeof value === 'number' ? Math.floor(value) : value]);
  return Object.fromEntries(told) as VerificationReport['verified'][number];
}

function howFound(resolution: Resolution) {
  if (resolution.kind === 'refused') return { outcome: resolution.reason, asked: resolution.attempts.map(askedText) };
  const { kind: outcome, rung, ageMs, isStale, metadata } = resolution;
  const { versionId } = metadata;
  return {
    outcome,
    rung,
    ...(ageMs !== undefined && { ageMs }),
    isStale,
    ...(versionId !== undefined && { versionId }),
  };
}

function listReport({ url, from, reason, text }: FoundList): VerificationReport['statusLists'][number] {
  const signedAt = timeIn(text, 'validFrom');
  const validUntil = timeIn(text, 'validUntil');
  return {
    ...{ url, from, ...(reason !== undefined && { reason }) },
    ...(signedAt !== undefined && { signedAt }),
    ...(validUntil !== undefined && { validUntil }),
  };
}

function timeIn(text: Uint8Array | undefined, name: string): number | undefined {
  const parsed = text && parseJsonBytes(text, { most: text.length });
  const value = parsed?.kind === 'value' ? (parsed.value as JsonObject | null)?.[name] : undefined;
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  return time === undefined ? undefined : Math.floor(time);
}
