/** What changed since an earlier report, in lines that every format can show. */
import { refText } from '@aia/cluster';
import type { Assessment, Comparison } from '@aia/contract';
import { timeText } from './evidence-text.ts';
import { clipped, type Page } from './layout.ts';

/** One kind of change with what changed so. */
export interface ChangeGroup {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Entries of one kind beyond this many are counted, not listed. */
const LISTED = 8;
const MESSAGE = 240;

/** `Since 2025-09-26 12:00 UTC: readiness 61 → 40; 1 root cause new, 2 gone; 5 findings new, 3 gone, 1 worse.` */
export function comparisonSentence({ since, score, rootCauses, findings }: Comparison): string {
  const counts = (groups: Readonly<Record<string, readonly unknown[]>>) =>
    Object.entries(groups)
      .filter(([, list]) => list.length > 0)
      .map(([label, list]) => `${list.length} ${label}`)
      .join(', ') || 'none changed';
  const causes = counts({
    new: rootCauses.new,
    gone: rootCauses.gone,
    suppressed: rootCauses.suppressed,
    worse: rootCauses.worse,
    better: rootCauses.better,
  });
  const { new: added, gone, worse, better, suppressed, notJudged } = findings;
  const found = counts({ new: added, gone, worse, better, suppressed, 'not judged': notJudged });
  const when =
    since.observedAt === 0 ? `Since the report on ${since.source.name}` : `Since ${timeText(since.observedAt)}`;
  const readiness =
    score.before === score.after ? `readiness still ${score.after}` : `readiness ${score.before} → ${score.after}`;
  return `${when}: ${readiness}; root causes: ${causes}; findings: ${found}.`;
}

/** What is new, worse, gone, better, in this order, root causes before findings; empty kinds are left out. */
export function changeGroups(assessment: Assessment): readonly ChangeGroup[] {
  const { comparison } = assessment;
  if (comparison === undefined) return [];
  const { rootCauses, findings } = comparison;
  const causes = new Map(assessment.rootCauses.map((cause) => [cause.id, cause]));
  const found = new Map(assessment.findings.map((finding) => [finding.id, finding]));
  const cause = (id: string, how = '') => `${causes.get(id)?.title ?? id}${how}`;
  const told = (id: string) => found.get(id)?.message ?? id;
  // A finding that a new or gone cause explains says nothing more than the cause.
  const isAlone = (id: string) => !rootCauses.new.includes(found.get(id)?.explainedBy ?? '');
  const groups: readonly ChangeGroup[] = [
    { label: 'new cause', lines: rootCauses.new.map((id) => cause(id)) },
    { label: 'worse cause', lines: rootCauses.worse.map(({ id, how }) => cause(id, ` (${how})`)) },
    { label: 'gone cause', lines: rootCauses.gone.map(({ title, severity }) => `${title} (${severity})`) },
    { label: 'suppressed cause', lines: rootCauses.suppressed.map(({ title, severity }) => `${title} (${severity})`) },
    { label: 'better cause', lines: rootCauses.better.map(({ id, how }) => cause(id, ` (${how})`)) },
    { label: 'new', lines: findings.new.filter(isAlone).map(told) },
    { label: 'worse', lines: findings.worse.map(({ id, before, after }) => `${told(id)} (${before} → ${after})`) },
    { label: 'gone', lines: findings.gone.map(({ code, resource }) => `${code}: ${refText(resource)}`) },
    { label: 'better', lines: findings.better.map(({ id, before, after }) => `${told(id)} (${before} → ${after})`) },
    { label: 'suppressed', lines: findings.suppressed.map(({ code, resource }) => `${code}: ${refText(resource)}`) },
    { label: 'not judged', lines: findings.notJudged.map(({ code, resource }) => `${code}: ${refText(resource)}`) },
  ];
  return groups.filter(({ lines }) => lines.length > 0);
}

/** The changes as a block of text; nothing without a comparison or a change. */
export function comparisonBlock(page: Page, assessment: Assessment): void {
  const groups = changeGroups(assessment);
  if (groups.length === 0) return;
  page.title('What changed');
  for (const { label, lines } of groups) {
    const shown = lines.length === LISTED + 1 ? lines : lines.slice(0, LISTED);
    shown.forEach((line, i) =>
      page.text(clipped(line, MESSAGE), { indent: 2, column: 20, label: i === 0 ? label : '' }),
    );
    if (lines.length > shown.length)
      page.text(`… and ${lines.length - shown.length} more`, { indent: 20, mark: page.style.dim });
  }
}
