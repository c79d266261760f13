/** Snapshots as JSON values, with a version, for saving and replaying a run. */
import { CERTIFICATE, CLOUD, ENDPOINT, LOG, MISSING, PROBLEM, UNREADABLE_CERTIFICATE, USAGE } from './part-shapes.ts';
import type { CertificateFacts, UnreadableCertificate } from './certificate.ts';
import type { EndpointProbeResult } from './endpoint.ts';
import { ClusterError } from './cluster-error.ts';
import { merkleRoot } from './merkle.ts';
import { SnapshotBuilder } from './builder.ts';
import { noRedactions, type RedactionCounts } from './redact.ts';
import { list, type Shape } from './shape.ts';
import {
  createSnapshot,
  type ClusterSnapshot,
  type ContainerLog,
  type InputProblem,
  type MissingInput,
  type SnapshotParts,
} from './snapshot.ts';
import { NO_CLOUD, type CloudSnapshot } from '../cloud/cloud.ts';
import { NO_USAGE, type UsageHistory } from '../usage/usage.ts';

/** Name of the serialised form. */
export const SNAPSHOT_FORMAT = 'aia.snapshot';
/** Version of the serialised form; others are refused. */
export const SNAPSHOT_VERSION = 1;

/** A snapshot as a plain value for `JSON.stringify`. */
export interface SnapshotDocument extends SnapshotParts {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly version: typeof SNAPSHOT_VERSION;
  /** Merkle root over the content, where it was sealed. */
  readonly root?: string;
}

/** The serialisable form. It shares its parts with the snapshot; nothing is copied. */
export function encodeSnapshot(parts: SnapshotParts): SnapshotDocument {
  return {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    source: parts.source,
    observedAt: parts.observedAt,
    serverVersion: parts.serverVersion,
    objects: parts.objects,
    cloud: parts.cloud,
    usage: parts.usage,
    certificates: parts.certificates,
    unreadableCertificates: parts.unreadableCertificates,
    endpoints: parts.endpoints,
    logs: parts.logs,
    missing: parts.missing,
    problems: parts.problems,
    redactions: parts.redactions,
  };
}

/** The serialisable form with its Merkle root, so that reading it notices every change. Costs a pass over everything. */
export function sealSnapshot(parts: SnapshotParts): SnapshotDocument {
  return { ...encodeSnapshot(parts), root: merkleRoot(parts) };
}

/**
 * Reads a parsed document **in place** (the caller gives it up). It is trusted no more than a dump: every object is admitted
 * and redacted anew, every other part checked, and what is wrong is taken out and named in `problems`.
 * Throws {@link ClusterError} `not-a-snapshot`, `unknown-version`, or `tampered` when it was sealed and is not as it was.
 */
export function decodeSnapshot(value: unknown): ClusterSnapshot {
  const document = expectDocument(value);
  const builder = new SnapshotBuilder();
  const part = <T>(name: string, shape: Shape, absent: T): T => checked(builder, document, name, shape, absent);
  const source = sourceOf(document['source']);
  const known = {
    cloud: part<CloudSnapshot>('cloud', CLOUD, NO_CLOUD),
    usage: part<UsageHistory>('usage', USAGE, NO_USAGE),
    certificates: part<readonly CertificateFacts[]>('certificates', list(CERTIFICATE), []),
    unreadableCertificates: part<readonly UnreadableCertificate[]>(
      'unreadableCertificates',
      list(UNREADABLE_CERTIFICATE),
      [],
    ),
    endpoints: part<readonly EndpointProbeResult[]>('endpoints', list(ENDPOINT), []),
    missing: part<readonly MissingInput[]>('missing', list(MISSING), []),
    logs: part<readonly ContainerLog[]>('logs', list(LOG), []).map((log) => ({
      ...log,
      lines: log.lines.map((line) => builder.redactLog(line)),
    })),
  };
  const problems = part<readonly InputProblem[]>('problems', list(PROBLEM), []);
  const objects = document['objects'];
  if (Array.isArray(objects))
    objects.forEach((object: unknown, i) => builder.add(object, source.name, `objects[${i}]`));
  else builder.problem(wrong('objects', 'list'));
  const { observedAt, serverVersion } = document;
  const built = builder.build({
    source,
    observedAt: typeof observedAt === 'number' && Number.isFinite(observedAt) ? observedAt : builder.latestAt,
    serverVersion: typeof serverVersion === 'string' ? serverVersion : undefined,
    ...known,
  });
  const snapshot = createSnapshot({
    ...built,
    problems: [...problems, ...built.problems],
    redactions: sum(countsOf(document['redactions']), built.redactions),
  });
  expectSeal(snapshot, document['root']);
  return snapshot;
}

function expectSeal(snapshot: SnapshotParts, sealed: unknown): void {
  if (sealed === undefined || sealed === null) return;
  const root = merkleRoot(snapshot);
  if (root === sealed) return;
  const found = typeof sealed === 'string' ? sealed.slice(0, 64) : typeof sealed;
  const message = `the snapshot is not as it was saved: its content has Merkle root ${root}, sealed was ${found}`;
  throw new ClusterError('tampered', message, { root, sealed: found });
}

type Document = Record<string, unknown>;

function expectDocument(value: unknown): Document {
  const document = (typeof value === 'object' && value !== null ? value : {}) as Document;
  if (document['format'] !== SNAPSHOT_FORMAT) {
    throw new ClusterError('not-a-snapshot', `not an encoded snapshot: format must be '${SNAPSHOT_FORMAT}'`);
  }
  const version = document['version'];
  if (version !== SNAPSHOT_VERSION) {
    const text = JSON.stringify(version)?.slice(0, 40) ?? 'nothing';
    const message = `snapshot version ${text} is not known; this product reads version ${SNAPSHOT_VERSION}`;
    throw new ClusterError('unknown-version', message, { version: text, known: SNAPSHOT_VERSION });
  }
  return document;
}

function checked<T>(builder: SnapshotBuilder, document: Document, name: string, shape: Shape, absent: T): T {
  const value = document[name];
  if (value === undefined || value === null) return absent;
  const report = (problem: { path: string; expected: string; found: string }): void =>
    builder.problem({
      ...wrong(problem.path, problem.expected),
      message: `expected ${problem.expected}, found ${problem.found}`,
    });
  return shape.ok(value) || shape.repair(value, name, report) ? (value as T) : absent;
}

function wrong(place: string, expected: string): InputProblem {
  return { source: 'encoded snapshot', place, message: `expected ${expected}`, severity: 'warning' };
}

const SOURCE_KINDS: readonly SnapshotParts['source']['kind'][] = ['dump', 'live', 'simulated', 'example'];

function sourceOf(value: unknown): SnapshotParts['source'] {
  const { kind, name } = (value ?? {}) as { kind?: unknown; name?: unknown };
  return { kind: SOURCE_KINDS.find((known) => known === kind) ?? 'dump', name: typeof name === 'string' ? name : '' };
}

function countsOf(value: unknown): RedactionCounts {
  const counts = noRedactions();
  for (const place of Object.keys(counts) as (keyof RedactionCounts)[]) {
    const count = ((value ?? {}) as Document)[place];
    if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) counts[place] = count;
  }
  return counts;
}

function sum(a: RedactionCounts, b: RedactionCounts): RedactionCounts {
  const counts = noRedactions();
  for (const place of Object.keys(counts) as (keyof RedactionCounts)[]) counts[place] = a[place] + b[place];
  return counts;
}

/** One answer of an endpoint as it was saved; `undefined` where its fields have other types. */
export function readEndpointResult(value: unknown): EndpointProbeResult | undefined {
  return ENDPOINT.ok(value) ? (value as EndpointProbeResult) : undefined;
}
