/** The assessment as text for a person in a hurry: verdict, causes in order of impact, what to do first, then the rest. */
import { refText } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Assessment, Counterfactual } from '@aia/contract';
import { certificatesBlock } from './certificates-text.ts';
import { severityRank } from '../diagnose/finding.ts';
import { laneOf, pathText } from './causal-lane.ts';
import { counted } from './counted.ts';
import { comparisonBlock, comparisonSentence } from './comparison-text.ts';
import { evidenceLines } from './evidence-lines.ts';
import { percentText, timeText } from './evidence-text.ts';
import { kpiBlock } from './kpi-text.ts';
import { clipped, Page, PLAIN, type Mark, type Style } from './layout.ts';
import { lookUps } from './look-up.ts';
import { quotaBlock } from './quota-text.ts';
import { readingBlock } from './reading-text.ts';
import { lostText } from './score-text.ts';
import { suppressionBlock } from './suppression-text.ts';

/** How the text is laid out. */
export interface TextOptions {
  readonly style?: Style;
  /** Columns; default 100, at least 40. */
  readonly width?: number;
}

/** Causes beyond so many have no evidence here, and those beyond the second figure no remedy: nobody starts with the eleventh. */
const DETAILED = 20;
const FIRST = 10;
/** Findings of one code beyond so many are counted, not listed; of those that a cause above tells, only where they are. */
const LISTED = 8;
/** What was not read, by name; the end has all of it. */
const GAPS = 6;
/** Characters of a message before its middle is left out. */
const MESSAGE = 400;

/** Renders the report; ends with a newline. No line is wider than asked for. */
export function asText(assessment: Assessment, options: TextOptions = {}): string {
  const page = new Page(options.style ?? PLAIN, Math.max(40, options.width ?? 100));
  head(page, assessment);
  if (assessment.rootCauses.length > 0) {
    shortBlock(page, assessment);
    page.title('Root causes, in order of impact');
    const byId = new Map(assessment.findings.map((finding) => [finding.id, finding]));
    // The summary has told the way of the first ones.
    const isTold = (i: number) => assessment.rootCauses.length > 1 && i < FIRST;
    const pathOf = (cause: AssessedRootCause, i: number) => (isTold(i) ? '' : pathText(laneOf(cause, byId), cause));
    assessment.rootCauses.forEach((cause, i) =>
      i < DETAILED ? causeBlock(page, cause, i + 1, pathOf(cause, i)) : causeLines(page, cause, i + 1),
    );
    firstBlock(page, assessment);
  }
  comparisonBlock(page, assessment);
  findingsBlock(page, assessment);
  suppressionBlock(page, assessment);
  certificatesBlock(page, assessment);
  kpiBlock(page, assessment.kpis);
  quotaBlock(page, assessment);
  readingBlock(page, assessment);
  if (page.toString().includes('…')) {
    page.blank();
    page.text('What is shortened here (…) stands in full in --format json and md.', { mark: page.style.dim });
  }
  return page.toString();
}

function head(page: Page, { verdict, cluster, missing, problems, comparison }: Assessment): void {
  const { style } = page;
  const mark = { 'not-ready': style.bad, 'at-risk': style.warn, ready: style.good, unknown: style.warn }[
    verdict.status
  ];
  page.text(verdict.sentence, { mark: (line) => mark(style.strong(line)) });
  const lost = lostText(verdict);
  page.text(
    `Readiness ${verdict.score} of 100, confidence ${percentText(verdict.confidence)}.${lost === '' ? '' : ` Points lost: ${lost}.`}`,
    { mark: style.strong },
  );
  if (comparison !== undefined) page.text(comparisonSentence(comparison), { mark: style.strong });
  const source = cluster.source.kind === 'example' ? `example ${cluster.source.name}` : cluster.source.name;
  const facts = [
    source,
    ...(cluster.serverVersion === undefined ? [] : [`Kubernetes ${cluster.serverVersion}`]),
    ...(cluster.namespaces === undefined ? [] : [`only namespace ${cluster.namespaces.join(', ')}`]),
    counted(cluster.nodes, 'node'),
    counted(cluster.objects, 'object'),
    cluster.observedAt === 0 ? 'observed at a time not known' : `observed ${timeText(cluster.observedAt)}`,
  ];
  page.text(facts.join(' · '), { mark: style.dim });
  const gaps = [
    // What was asked for by name comes first, lest it be among what is only counted.
    ...missing.map(({ input }) => input).toSorted((a, b) => Number(b.includes(':')) - Number(a.includes(':'))),
    ...(problems.length > 0 ? [counted(problems.length, 'problem')] : []),
  ];
  const more = gaps.length > GAPS ? ` and ${gaps.length - GAPS} more` : '';
  if (gaps.length > 0)
    page.text(`Not read: ${gaps.slice(0, GAPS).join(', ')}${more} (see the end).`, { mark: style.warn });
}

const INDENT = 3;
const COLUMN = 13;

/** Each cause in a line, and how it leads to what fails, so that the first screen says why; one cause alone says so itself. */
function shortBlock(page: Page, { rootCauses, findings }: Assessment): void {
  if (rootCauses.length < 2) return;
  page.title('Why, in short');
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  rootCauses.slice(0, FIRST).forEach((cause, i) => {
    page.text(cause.title, {
      label: `${i + 1}.`,
      column: Math.max(INDENT, `${i + 1}. `.length),
      mark: (line) => (line === '' ? '' : page.style.strong(line)),
    });
    const path = pathText(laneOf(cause, byId), cause);
    page.text(path === '' ? impactInShort(cause) : `${impactInShort(cause)}: ${path}`, { indent: INDENT });
  });
  if (rootCauses.length > FIRST)
    page.text(`… and ${rootCauses.length - FIRST} more`, { indent: INDENT, mark: page.style.dim });
}

/** `6 failing pods in 2 workloads`. */
export function impactInShort({ impact }: AssessedRootCause): string {
  const { pods, workloads, services, unanswered = 0, routes = 0 } = impact;
  const [workload] = workloads;
  const where =
    workloads.length === 1 ? ` of ${workload}` : workloads.length > 1 ? ` in ${workloads.length} workloads` : '';
  const parts = [
    ...(pods > 0 ? [`${counted(pods, 'failing pod')}${where}`] : []),
    ...(services > 0 ? [`${counted(services, 'Service')} without an address`] : []),
    ...(pods === 0 && unanswered > 0 ? [unansweredText(unanswered)] : []),
    ...(pods === 0 && routes > 0 ? [routesText(routes)] : []),
  ];
  return parts.length === 0 ? 'no failing pod yet' : parts.join(', ');
}

function unansweredText(count: number): string {
  return `${counted(count, 'Service')} without a ready endpoint`;
}

function routesText(count: number): string {
  return count === 1 ? '1 Ingress or route that fails' : `${count} Ingresses or routes that fail`;
}

function causeBlock(page: Page, cause: AssessedRootCause, rank: number, path: string): void {
  if (rank > 1) page.blank();
  causeTitle(page, cause, rank);
  page.text(cause.statement, { indent: INDENT });
  labelled(page, 'affects', [impactText(cause)]);
  labelled(page, 'how', path === '' ? [] : [path]);
  evidenceLines(cause.evidence).forEach(({ text, deeper }, i) =>
    page.text(text, {
      indent: INDENT + (deeper ? COLUMN - INDENT + 2 : 0),
      column: COLUMN + (deeper ? 2 : 0),
      label: i === 0 ? 'evidence' : '',
    }),
  );
  labelled(page, 'what if', cause.counterfactuals.map(whatIf));
  labelled(page, 'rivals', rivalTexts(cause));
}

function causeLines(page: Page, cause: AssessedRootCause, rank: number): void {
  causeTitle(page, cause, rank);
  page.text(impactText(cause), { indent: INDENT });
}

function causeTitle(page: Page, cause: AssessedRootCause, rank: number): void {
  const { style } = page;
  const severity = cause.severity.toUpperCase();
  const mark = severityMark(style, cause.severity);
  page.text(`${severity}: ${cause.title} (${percentText(cause.probability)} probable)`, {
    label: `${rank}.`,
    column: Math.max(INDENT, `${rank}. `.length),
    mark: (line) => style.strong(line.startsWith(`${severity}:`) ? mark(severity) + line.slice(severity.length) : line),
  });
}

function severityMark(style: Style, severity: AssessedFinding['severity']): Mark {
  return { critical: style.bad, high: style.bad, medium: style.warn, low: style.dim, info: style.dim }[severity];
}

function labelled(page: Page, label: string, texts: readonly string[]): void {
  texts.forEach((text, i) => page.text(text, { indent: INDENT, column: COLUMN, label: i === 0 ? label : '' }));
}

/** A change and its outcome as one sentence. */
export function whatIf({ change, outcome }: Counterfactual): string {
  return `${change}: ${outcome}`;
}

/** Rivals worth a thought. */
export function rivalTexts({ rivals }: AssessedRootCause): readonly string[] {
  return rivals
    .filter(({ probability }) => probability >= 0.005)
    .map(({ statement, probability }) => `${statement} (${percentText(probability)})`);
}

function firstBlock(page: Page, assessment: Assessment): void {
  page.title('What to do first');
  const commands = lookUps(assessment);
  const shown = new Set<string>();
  assessment.rootCauses.slice(0, FIRST).forEach((cause, i) => {
    page.text(remedyText(cause), { column: Math.max(INDENT, `${i + 1}. `.length), label: `${i + 1}.` });
    for (const command of commands[i] ?? []) if (!shown.has(command)) page.command(command, INDENT + 2);
    for (const command of commands[i] ?? []) shown.add(command);
  });
}

/** The remedy, led by the object it is for where its own words do not name one. */
export function remedyText({ remediation, resource, impact }: AssessedRootCause): string {
  const { text } = remediation;
  const isObject = !resource.group.endsWith('googleapis.com') && resource.kind !== 'Cluster';
  const subject = isObject ? refText(resource) : impact.workloads.length === 1 ? impact.workloads[0] : undefined;
  return subject === undefined || text.includes(resource.name) || text.includes(subject) ? text : `${subject}: ${text}`;
}

/** `6 failing pods; Deployment a/b, Deployment a/c; explains 8 findings`. */
export function impactText({ impact, explains }: AssessedRootCause): string {
  const { pods, services, unanswered = 0, routes = 0, workloads } = impact;
  const more = workloads.length > 4 ? ` and ${workloads.length - 4} more` : '';
  const parts = [
    ...(pods > 0 ? [counted(pods, 'failing pod')] : []),
    ...(services > 0 ? [`${counted(services, 'Service')} without an address`] : []),
    ...(unanswered > 0 ? [unansweredText(unanswered)] : []),
    ...(routes > 0 ? [routesText(routes)] : []),
    ...(workloads.length > 0 ? [workloads.slice(0, 4).join(', ') + more] : []),
  ];
  return `${parts.length === 0 ? 'no pod yet' : parts.join('; ')}; explains ${counted(explains.length, 'finding')}`;
}

function findingsBlock(page: Page, { findings, rootCauses }: Assessment): void {
  if (findings.length === 0) return page.title('No findings');
  const explained = findings.filter((finding) => finding.explainedBy !== undefined).length;
  const share =
    explained === 0
      ? ''
      : explained === findings.length
        ? ', all explained above'
        : `, ${explained} of them explained above`;
  page.title(`Findings: ${findings.length}${share}`);
  const ranks = new Map(rootCauses.map((cause, i) => [cause.id, i + 1]));
  const groups = Map.groupBy(
    findings,
    ({ code, explainedBy, severity }) => `${severity} ${code} ${explainedBy === undefined}`,
  );
  for (const group of groups.values()) findingGroup(page, group, ranks);
}

function findingGroup(page: Page, group: readonly AssessedFinding[], ranks: ReadonlyMap<string, number>): void {
  const [first] = group as [AssessedFinding, ...AssessedFinding[]];
  const causes = [...new Set(group.map(({ explainedBy = '' }) => ranks.get(explainedBy)))]
    .filter((rank) => rank !== undefined)
    .sort((a, b) => a - b);
  const times = group.length > 1 ? ` ×${group.length}` : '';
  const by = causes.length === 0 ? '' : ` (cause${causes.length === 1 ? '' : 's'} ${causes.join(', ')})`;
  const title = `${first.code}${times}${by}`;
  const place = { indent: 2, column: 12, label: first.severity };
  // The cause above has told the rest.
  if (causes.length > 0) return page.text(`${title}: ${wherever(group)}`, place);
  if (group.length === 1) page.text(`${title}: ${clipped(first.message, MESSAGE)}`, place);
  else page.text(title, place);
  // One more costs no more room than saying that there is one more.
  const shown = group.length === LISTED + 1 ? group : group.slice(0, LISTED);
  for (const { message, evidence, severity } of shown) {
    if (group.length > 1) page.text(clipped(message, MESSAGE), { indent: 4 });
    // What is worth knowing says so itself; what is wrong is shown.
    const telling = severityRank(severity) <= severityRank('medium') ? evidence.slice(0, 1) : [];
    for (const { text } of evidenceLines(telling)) page.text(text, { indent: 6, mark: page.style.dim });
  }
  if (group.length > shown.length)
    page.text(`… and ${group.length - shown.length} more`, {
      indent: 4,
      mark: page.style.dim,
    });
}

/** The first of them; how many there are stands beside the code. */
function wherever(group: readonly AssessedFinding[]): string {
  const names = [...new Set(group.map(({ resource }) => refText(resource)))];
  return names.length > 1 ? `${names[0]}, …` : (names[0] ?? '');
}
