/** What changed between two assessments: new, gone, worse, better. */
import { refKey } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Assessment, Comparison } from '@aia/contract';
import { severityRank } from '../diagnose/finding.ts';

/** The earlier report of the same cluster against the present one. */
export function compare(before: Assessment, after: Assessment): Comparison {
  const findings = compareFindings(before, after);
  const suppressed = new Set(findings.suppressed.map(({ id }) => id));
  return {
    since: {
      source: before.cluster.source,
      observedAt: before.cluster.observedAt,
      version: before.generator.version,
    },
    score: { before: before.verdict.score, after: after.verdict.score },
    status: { before: before.verdict.status, after: after.verdict.status },
    findings,
    rootCauses: compareCauses(before.rootCauses, after.rootCauses, suppressed),
    kpis: compareKpis(before.kpis, after.kpis),
  };
}

/** Ids of findings that are new or worse: what a gate in CI holds against a change. */
export function regressions({ findings }: Comparison): ReadonlySet<string> {
  return new Set([...findings.new, ...findings.worse.map(({ id }) => id)]);
}

type Pair = readonly [before: AssessedFinding, after: AssessedFinding];

function compareFindings(before: Assessment, after: Assessment): Comparison['findings'] {
  const { pairs, left, added } = paired(before.findings, after.findings);
  const changed = pairs.filter(([old, now]) => old.severity !== now.severity);
  const isWorse = ([old, now]: Pair) => severityRank(now.severity) < severityRank(old.severity);
  const change = ([old, now]: Pair) => ({ id: now.id, before: old.severity, after: now.severity });
  const suppressed = paired(left, after.suppressed ?? []);
  const isJudged = judgedBy(after);
  return {
    new: added.map(({ id }) => id),
    gone: suppressed.left.filter(isJudged).map(brief),
    worse: changed.filter(isWorse).map(change),
    better: changed.filter((pair) => !isWorse(pair)).map(change),
    suppressed: suppressed.pairs.map(([old]) => brief(old)),
    notJudged: suppressed.left.filter((finding) => !isJudged(finding)).map(brief),
  };
}

function brief({ id, code, severity, resource, message }: AssessedFinding): Comparison['findings']['gone'][number] {
  return { id, code, severity, resource, message };
}

/**
 * Findings that are the same: by id, then by code, workload and container, since a pod that was replaced has another name. Of
 * several the first are paired.
 */
function paired(
  before: readonly AssessedFinding[],
  after: readonly AssessedFinding[],
): { pairs: readonly Pair[]; left: readonly AssessedFinding[]; added: readonly AssessedFinding[] } {
  const byId = pairUp(before, after, ({ id }) => id);
  const byPlace = pairUp(byId.left, byId.added, placeOf);
  return { pairs: [...byId.pairs, ...byPlace.pairs], left: byPlace.left, added: byPlace.added };
}

function pairUp(
  before: readonly AssessedFinding[],
  after: readonly AssessedFinding[],
  key: (finding: AssessedFinding) => string,
) {
  const waiting = Map.groupBy(before, key);
  const pairs: Pair[] = [];
  const added = after.filter((finding) => {
    const old = waiting.get(key(finding))?.shift();
    if (old !== undefined) pairs.push([old, finding]);
    return old === undefined;
  });
  const left = new Set([...waiting.values()].flat());
  return { pairs, left: before.filter((finding) => left.has(finding)), added };
}

function placeOf({ code, resource, facts }: AssessedFinding): string {
  const { workload, container } = facts;
  const place = resource.kind === 'Pod' && typeof workload === 'string' ? workload : refKey(resource);
  return `${code} ${place} ${typeof container === 'string' ? container : ''}`;
}

/** Whether the later report would have found it again: its rule ran, and its namespace was asked for and read. */
function judgedBy({ notRun, cluster, missing }: Assessment): (finding: AssessedFinding) => boolean {
  const idle = new Set(notRun.map(({ code }) => code));
  const asked = cluster.namespaces === undefined ? undefined : new Set(cluster.namespaces);
  const absent = new Set(missing.map(({ input }) => input));
  return ({ code, resource: { namespace } }) =>
    !idle.has(code) && (namespace === '' || ((asked?.has(namespace) ?? true) && !absent.has(`namespace:${namespace}`)));
}

function compareCauses(
  before: readonly AssessedRootCause[],
  after: readonly AssessedRootCause[],
  suppressed: ReadonlySet<string>,
): Comparison['rootCauses'] {
  const earlier = new Map(before.map((cause) => [cause.id, cause]));
  const present = new Set(after.map(({ id }) => id));
  const changes = after.flatMap((cause) => {
    const old = earlier.get(cause.id);
    const change = old === undefined ? undefined : changeOf(old, cause);
    return change === undefined ? [] : [{ id: cause.id, ...change }];
  });
  const told = (isWorse: boolean) =>
    changes.filter((change) => change.isWorse === isWorse).map(({ id, how }) => ({ id, how }));
  const gone = before.filter(({ id }) => !present.has(id));
  const isSuppressed = ({ explains }: AssessedRootCause) => explains.some((id) => suppressed.has(id));
  return {
    new: after.filter(({ id }) => !earlier.has(id)).map(({ id }) => id),
    gone: gone.filter((cause) => !isSuppressed(cause)).map(briefCause),
    suppressed: gone.filter(isSuppressed).map(briefCause),
    worse: told(true),
    better: told(false),
  };
}

function briefCause({ id, class: kind, title, severity, resource }: AssessedRootCause) {
  return { id, class: kind, title, severity, resource };
}

/** Severity first; of equal severity what suffers, counted in pods, then workloads, then Services. */
function changeOf(old: AssessedRootCause, now: AssessedRootCause): { isWorse: boolean; how: string } | undefined {
  const measures = [
    ['severity', -severityRank(old.severity), -severityRank(now.severity), old.severity, now.severity],
    ['failing pods', old.impact.pods, now.impact.pods, old.impact.pods, now.impact.pods],
    [
      'workloads',
      old.impact.workloads.length,
      now.impact.workloads.length,
      old.impact.workloads.length,
      now.impact.workloads.length,
    ],
    ['Services', old.impact.services, now.impact.services, old.impact.services, now.impact.services],
  ] as const;
  const changed = measures.filter(([, was, is]) => was !== is);
  const [first] = changed;
  if (first === undefined) return undefined;
  return {
    isWorse: first[2] > first[1],
    how: changed.map(([name, , , was, is]) => `${name} ${was} → ${is}`).join(', '),
  };
}

function compareKpis(before: Assessment['kpis'], after: Assessment['kpis']): Comparison['kpis'] {
  const earlier = new Map(before.map(({ id, value }) => [id, value]));
  return after
    .filter(({ id, value }) => earlier.has(id) && earlier.get(id) !== value)
    .map(({ id, value }) => {
      const old = earlier.get(id);
      return { id, ...(old !== undefined && { before: old }), ...(value !== undefined && { after: value }) };
    });
}
