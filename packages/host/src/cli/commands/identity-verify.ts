/** `aia identity verify`. */
import { parseJsonBytes, type Grant, type Names, type Resolution } from '@aia/identity';
import type { VerificationReport } from '@aia/contract';
import { learnLog, readHandedOver, type HandedOver } from '../../identity/handed-over.ts';
import type { Home } from '../../identity/home.ts';
import type { OriginReader } from '../../identity/origin-reader.ts';
import { resolverOf, sourcesOf, type FoundList } from '../../identity/resolving.ts';
import { claimsOf, judge, kindOf, type DocumentKind, type Judgement } from '../../identity/verifying.ts';
import { readBytes } from '../../read-bytes.ts';
import { EXIT, UsageError } from '../exit.ts';
import { grantsIn } from '../identity/grant-options.ts';
import { withHomeOf, type HomeArguments } from '../identity/home-session.ts';
import { originReaderOf, type OriginArguments } from '../identity/origins.ts';
import { told } from '../identity/tell.ts';
import { logReport, reportOf } from '../identity/verification-report.ts';
import { reportLines } from '../identity/verification-text.ts';
import { didOf } from './identity-issue.ts';

/** Options as the command line gives them. */
export interface VerifyArguments extends HomeArguments, OriginArguments {
  readonly issuer?: readonly string[];
  readonly anyIssuer?: boolean;
  /** File with the most that issuers may grant. */
  readonly atMost?: string;
  readonly published?: readonly string[];
  readonly statusList?: readonly string[];
  readonly challenge?: string;
  readonly domain?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly requireStatus?: boolean;
  readonly requirePostQuantum?: boolean;
  readonly forWrite?: boolean;
}

/** Presentations of several credentials are not larger. */
const MOST_BYTES = 2 ** 22;
/** A status list of 16 MiB that does not compress. */
const MOST_LIST_BYTES = 2 ** 25;

/** Verifies files, says what held or why not, and sets the exit code. */
export async function runVerify(files: readonly string[], options: VerifyArguments): Promise<void> {
  requireSense(files, options);
  const { published = [], statusList = [] } = options;
  const limits = options.atMost === undefined ? undefined : grantsIn(options.atMost);
  const handed = published.map((folder) => [folder, readHandedOver(folder, MOST_LIST_BYTES)] as const);
  const lists = [
    ...statusList.map((file) => readBytes(file, MOST_LIST_BYTES)),
    ...handed.flatMap(([, { statusList: list }]) => list ?? []),
  ];
  const documents = files.map((file) => [file, readBytes(file, MOST_BYTES)] as const);
  const reader = originReaderOf(options, { mostBytes: MOST_LIST_BYTES });
  const reports = await withHomeOf(options, async (home) => {
    const asking: Asked = { home, options, limits, lists, reader, now: Date.now() };
    const refused = await learnAll(handed, asking);
    if (refused.length > 0) return refused;
    const all: VerificationReport[] = [];
    for (const [file, bytes] of documents) all.push(await reportOn(file, bytes, asking));
    return all;
  });
  const [only] = reports;
  process.stdout.write(told(options.format, reports.length === 1 ? only : reports, () => reports.flatMap(reportLines)));
  process.exitCode = reports.every(({ kind }) => kind === 'verified') ? EXIT.ok : EXIT.found;
}

function requireSense(files: readonly string[], options: VerifyArguments): void {
  const { issuer = [], anyIssuer = false, at, forWrite = false } = options;
  if (issuer.length === 0 && !anyIssuer)
    throw new UsageError(
      'say whose word counts with --issuer, or that you judge the issuer yourself with --any-issuer',
    );
  if (at !== undefined && forWrite) throw new UsageError('a write is done now: --for-write takes no --at');
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input holds one file');
}

interface Asked {
  readonly home: Home;
  readonly options: VerifyArguments;
  readonly limits: readonly Grant[] | undefined;
  readonly lists: readonly Uint8Array[];
  readonly reader: OriginReader | undefined;
  readonly now: number;
}

/** Logs that were handed over and are not believed. */
async function learnAll(
  handed: readonly (readonly [string, HandedOver])[],
  { home, now }: Asked,
): Promise<readonly VerificationReport[]> {
  const refused: VerificationReport[] = [];
  for (const [folder, files] of handed) {
    if (files.log === undefined) continue;
    const learned = await learnLog(home, files, now);
    if (learned.kind === 'refused') refused.push(logReport(`${folder}/did.jsonl`, learned.reason, now));
  }
  return refused;
}

async function reportOn(file: string, bytes: Uint8Array, asked: Asked): Promise<VerificationReport> {
  const { options, now, lists, reader } = asked;
  const { forWrite = false, at = now } = options;
  const parsed = parseJsonBytes(bytes, { most: MOST_BYTES });
  if (parsed.kind === 'value') requireAnswer(file, kindOf(parsed.value), options);
  const resolutions = new Map<string, Resolution>();
  const found: FoundList[] = [];
  const sources = sourcesOf(resolverOf(asked.home, reader), reader, {
    ...{ at: now, heldAt: at, purpose: forWrite ? 'write' : 'read', statusLists: lists },
    // Asked again for the status list, it answers from memory.
    onResolution: (did, resolution) => void resolutions.set(did, resolutions.get(did) ?? resolution),
    onStatusList: (list) => void found.push(list),
  });
  const judgement: Judgement =
    parsed.kind === 'value'
      ? await judge(parsed.value, { sources, terms: termsOf(asked), at })
      : {
          ...{ kind: 'refused', what: 'unknown', reason: 'malformed-json' },
          where: `character ${parsed.at}: ${bytes.length === 0 ? 'empty' : parsed.reason}`,
        };
  const claimed = parsed.kind === 'value' ? claimsOf(parsed.value) : [];
  return reportOf(judgement, { file, claimed, at, now, options, resolutions, lists: found });
}

/** What a presentation answers is the verifier's to say, never the presentation's. */
function requireAnswer(file: string, what: DocumentKind, { challenge = '', domain = '' }: VerifyArguments): void {
  if (what === 'presentation' && (challenge === '' || domain === ''))
    throw new UsageError(
      `${file} is a presentation, made for one verifier and one time: say for which with --challenge and --domain`,
    );
}

function termsOf({ home, options, limits }: Asked) {
  const { issuer = [], anyIssuer = false, requireStatus = false, requirePostQuantum = false } = options;
  const { challenge, domain } = options;
  const issuers: Names = anyIssuer ? '*' : issuer.map((one) => didOf(home, one));
  const postQuantum = requirePostQuantum ? ('*' as const) : [];
  return { issuers, isStatusNeeded: requireStatus, postQuantum, limits, challenge, domain };
}
