/** The findings as CSV (RFC 4180), one row each, for spreadsheets and scripts. */
import type { AssessedFinding, Assessment } from '@aia/contract';
import { evidenceText } from './evidence-text.ts';
import { clipped } from './layout.ts';

/** Pieces of evidence in one cell, and characters of a text. */
const MOST_EVIDENCE = 5;
const LONGEST = 1000;

interface Row {
  readonly finding: AssessedFinding;
  /** Rank, title and probability of what explains it. */
  readonly cause: { readonly rank: number; readonly title: string; readonly probability: number } | undefined;
}

/** Columns by name; the names are part of what users rely on, new ones come last. */
const COLUMNS: Readonly<Record<string, (row: Row) => string>> = {
  severity: ({ finding }) => finding.severity,
  code: ({ finding }) => finding.code,
  group: ({ finding }) => finding.resource.group,
  kind: ({ finding }) => finding.resource.kind,
  namespace: ({ finding }) => finding.resource.namespace,
  name: ({ finding }) => finding.resource.name,
  message: ({ finding }) => finding.message,
  since: ({ finding: { since } }) => (since === undefined ? '' : isoTime(since)),
  cause: ({ cause }) => (cause === undefined ? '' : String(cause.rank)),
  cause_title: ({ cause }) => cause?.title ?? '',
  cause_probability: ({ cause }) => (cause === undefined ? '' : String(cause.probability)),
  evidence: ({ finding }) =>
    finding.evidence
      .slice(0, MOST_EVIDENCE)
      .map((one) => evidenceText(one, LONGEST / MOST_EVIDENCE))
      .join(' | '),
  id: ({ finding }) => finding.id,
};

/** Renders header and rows, each ended by CRLF. */
export function asCsv({ findings, rootCauses }: Assessment): string {
  const causes = new Map(rootCauses.map(({ id, title, probability }, i) => [id, { rank: i + 1, title, probability }]));
  const rows = findings.map((finding) => ({ finding, cause: causes.get(finding.explainedBy ?? '') }));
  const columns = Object.values(COLUMNS);
  const lines = [Object.keys(COLUMNS), ...rows.map((row) => columns.map((column) => cell(column(row))))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

/**
 * One line, quoted where it must be. A spreadsheet calculates what begins like a formula, so that texts of a cluster that do are led by an apostrophe;
 * the wide forms of the signs count as well.
 */
function cell(text: string): string {
  const plain = clipped(text, LONGEST);
  const safe = /^[=+\-@＝＋－＠]/.test(plain) || /^\s*[\t\r]/.test(text) ? `'${plain}` : plain;
  return /[",;\n\r']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isoTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
