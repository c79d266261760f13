/** The assessment as text for a person in a hurry: verdict, causes in order of impact, what to do first, then the rest. */
import type { AssessedFinding, AssessedRootCause, Assessment, Kpi } from '@aia/contract';
import { clipped, evidenceText, percentText, printable, timeText } from './evidence-text.ts';

/** How words are marked; every function returns its text, possibly wrapped in escape codes. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly good: (text: string) => string;
}

const same = (text: string): string => text;

/** No marks at all, for files and pipes. */
export const PLAIN: Style = Object.freeze({ strong: same, dim: same, bad: same, warn: same, good: same });

/** How the text is laid out. */
export interface TextOptions {
  readonly style?: Style;
  /** Columns; default 100, at least 60. */
  readonly width?: number;
}

/** Findings of one code beyond this many are counted, not listed. */
const LISTED = 8;

/** Renders the report; ends with a newline. */
export function asText(assessment: Assessment, options: TextOptions = {}): string {
  const page = new Page(options.style ?? PLAIN, Math.max(60, options.width ?? 100));
  head(page, assessment);
  if (assessment.rootCauses.length > 0) {
    page.title('Root causes, in order of impact');
    assessment.rootCauses.forEach((cause, i) => causeBlock(page, cause, i + 1));
    page.title('What to do first');
    assessment.rootCauses.forEach((cause, i) => page.item(`${i + 1}.`, cause.remediation.text));
  }
  findingsBlock(page, assessment);
  kpiBlock(page, assessment.kpis);
  readingBlock(page, assessment);
  return page.toString();
}

/** Collects lines, wrapping text at the width with a hanging indent. */
class Page {
  readonly style: Style;
  readonly #width: number;
  readonly #lines: string[] = [];

  constructor(style: Style, width: number) {
    this.style = style;
    this.#width = width;
  }

  line(text = ''): void {
    this.#lines.push(text);
  }

  title(text: string): void {
    this.#lines.push('', this.style.strong(text), '');
  }

  /** A label and wrapped text behind it. `mark` is applied line by line, after wrapping. */
  item(label: string, text: string, indent = 2, labelWidth = 4, mark: (line: string) => string = same): void {
    const column = indent + Math.max(labelWidth, label.length + 1);
    wrap(printable(text), this.#width - column).forEach((line, i) => {
      const lead =
        i === 0
          ? ' '.repeat(indent) + this.style.dim(label) + ' '.repeat(column - indent - label.length)
          : ' '.repeat(column);
      this.#lines.push((lead + mark(line)).trimEnd());
    });
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function head(page: Page, { verdict, cluster, missing }: Assessment): void {
  const { style } = page;
  const mark = { 'not-ready': style.bad, 'at-risk': style.warn, ready: style.good, unknown: style.warn }[
    verdict.status
  ];
  page.line(`${mark(style.strong(verdict.sentence))} Readiness ${verdict.score} of 100.`);
  const source = cluster.source.kind === 'example' ? `example ${cluster.source.name}` : cluster.source.name;
  const version = cluster.serverVersion === undefined ? '' : ` · Kubernetes ${cluster.serverVersion}`;
  page.line(
    style.dim(
      `${printable(source + version)} · ${cluster.nodes} nodes · ${cluster.objects} objects · observed ${timeText(cluster.observedAt)}`,
    ),
  );
  if (missing.length > 0)
    page.line(style.dim(`Not read: ${missing.map(({ input }) => printable(input)).join(', ')} (see the end).`));
}

function causeBlock(page: Page, cause: AssessedRootCause, rank: number): void {
  const { style } = page;
  const marks = { critical: style.bad, high: style.bad, medium: style.warn, low: style.dim, info: style.dim };
  page.line(
    `${style.strong(`${rank}.`)} ${marks[cause.severity](cause.severity.toUpperCase())}  ${style.strong(printable(cause.title))}  ${style.dim(`(${percentText(cause.probability)} probable)`)}`,
  );
  page.item('', cause.statement, 3, 0);
  page.item('affects', impactText(cause), 3, 10);
  cause.evidence
    .slice(0, 4)
    .forEach((evidence, i) => page.item(i === 0 ? 'evidence' : '', evidenceText(evidence, 160), 3, 10));
  cause.counterfactuals.forEach(({ change, outcome }, i) =>
    page.item(i === 0 ? 'what if' : '', `${change}: ${outcome}`, 3, 10),
  );
  const rivals = cause.rivals
    .filter(({ probability }) => probability >= 0.005)
    .map((rival) => `${rival.statement} (${percentText(rival.probability)})`);
  if (rivals.length > 0) page.item('rivals', rivals.join('; '), 3, 10);
  page.item('do', cause.remediation.text, 3, 10);
  page.line();
}

/** `6 pods of Deployment a/b, Deployment a/c; 19 Services`. */
export function impactText({ impact, explains }: AssessedRootCause): string {
  const parts = [
    ...(impact.pods > 0 ? [`${impact.pods} failing ${impact.pods === 1 ? 'pod' : 'pods'}`] : []),
    ...(impact.services > 0
      ? [`${impact.services} ${impact.services === 1 ? 'Service' : 'Services'} without an address`]
      : []),
    ...(impact.workloads.length > 0
      ? [
          impact.workloads.slice(0, 4).join(', ') +
            (impact.workloads.length > 4 ? ` and ${impact.workloads.length - 4} more` : ''),
        ]
      : []),
  ];
  return `${parts.length === 0 ? 'no pod yet' : parts.join('; ')}; explains ${explains.length} ${explains.length === 1 ? 'finding' : 'findings'}`;
}

function findingsBlock(page: Page, { findings }: Assessment): void {
  if (findings.length === 0) return page.title('No findings');
  const explained = findings.filter((finding) => finding.explainedBy !== undefined).length;
  page.title(`Findings: ${findings.length}, of which the causes above explain ${explained}`);
  for (const [code, group] of Map.groupBy(findings, (finding) => finding.code)) {
    const first = group[0] as AssessedFinding;
    page.line(`  ${first.severity.padEnd(8)}  ${code}${group.length > 1 ? ` ×${group.length}` : ''}`);
    for (const finding of group.slice(0, LISTED)) page.item('', clipped(finding.message, 400), 12, 0);
    if (group.length > LISTED)
      page.item('', `… and ${group.length - LISTED} more; --format json lists all`, 12, 0, page.style.dim);
  }
}

function kpiBlock(page: Page, kpis: readonly Kpi[]): void {
  page.title('KPIs');
  for (const kpi of kpis) {
    const mark = { met: page.style.good, missed: page.style.bad, unknown: page.style.dim }[kpi.status];
    const value = kpiValue(kpi);
    page.item(
      '',
      `${kpi.name.padEnd(28)} ${value.padEnd(9)} target ${kpi.target.padEnd(10)} ${kpi.status.padEnd(7)}  ${kpi.basis}`,
      2,
      0,
      mark,
    );
  }
}

/** The value with its unit, `–` when unknown. */
export function kpiValue(kpi: Kpi): string {
  if (kpi.value === undefined) return '–';
  if (kpi.unit === 'share') return `${Number((kpi.value * 100).toFixed(1))} %`;
  return kpi.unit === 'count' ? String(kpi.value) : `${kpi.value} ${kpi.unit}`;
}

function readingBlock(page: Page, { missing, problems, notRun, unrecognised, redactions }: Assessment): void {
  const masked = Object.values(redactions).reduce((sum, count) => sum + count, 0);
  if (missing.length + problems.length + notRun.length + unrecognised.length + masked === 0) return;
  page.title('What was read, and what was not');
  for (const { input, reason, consequence } of missing)
    page.item('missing', `${input}: ${reason}; ${consequence}`, 2, 9);
  for (const problem of problems.slice(0, LISTED))
    page.item(
      problem.severity,
      `${problem.source}${problem.place === '' ? '' : `, ${problem.place}`}: ${clipped(problem.message, 300)}`,
      2,
      9,
    );
  if (problems.length > LISTED)
    page.item('', `… and ${problems.length - LISTED} more problems; --format json lists all`, 2, 9);
  if (notRun.length > 0) page.item('not run', notRun.map(({ code, reason }) => `${code} (${reason})`).join(', '), 2, 9);
  for (const { reason, count, example } of unrecognised.slice(0, LISTED))
    page.item(
      'unread',
      `${count} ${reason} ${count === 1 ? 'event' : 'events'} in words AIA does not know: "${clipped(example, 120)}"`,
      2,
      9,
    );
  if (masked > 0)
    page.item('masked', `${masked} values that are or look like secrets, before anything else saw them`, 2, 9);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
