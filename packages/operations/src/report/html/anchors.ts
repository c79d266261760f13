/** Places in the document that can be pointed to. */
import type { AssessedFinding, AssessedRootCause, Assessment } from '@aia/contract';
import { LIMITS } from './limits.ts';

/** The document's places, and what of the findings it lists. */
export interface Anchors {
  /** Findings that the table has, the worst first. */
  readonly listed: readonly AssessedFinding[];
  /** `finding-3`; undefined for findings that the table leaves out. */
  readonly finding: (id: string) => string | undefined;
  /** Rank of a root cause from 1, where it is there. */
  readonly rank: (cause: string | undefined) => number | undefined;
  readonly findings: ReadonlyMap<string, AssessedFinding>;
}

/** Plans the document. */
export function anchorsOf({ findings, rootCauses }: Assessment): Anchors {
  const listed = listedOf(findings);
  const places = new Map(listed.map(({ id }, i) => [id, `finding-${i + 1}`]));
  const ranks = new Map(rootCauses.map(({ id }: AssessedRootCause, i) => [id, i + 1]));
  return {
    listed,
    finding: (id) => places.get(id),
    rank: (cause) => (cause === undefined ? undefined : ranks.get(cause)),
    findings: new Map(findings.map((finding) => [finding.id, finding])),
  };
}

/** In order, but no more of one code than help to see it. */
function listedOf(findings: readonly AssessedFinding[]): readonly AssessedFinding[] {
  if (findings.length <= LIMITS.findings) return findings;
  const seen = new Map<string, number>();
  const some = findings.filter(({ code }) => {
    const count = seen.get(code) ?? 0;
    seen.set(code, count + 1);
    return count < LIMITS.findingsOfCode;
  });
  return some.slice(0, LIMITS.findings);
}

/** Where a cause stands. */
export function causeAnchor(rank: number): string {
  return `cause-${rank}`;
}

/** Where a piece of a cause's evidence stands. */
export function evidenceAnchor(rank: number, place: number): string {
  return `cause-${rank}-evidence-${place + 1}`;
}
