/** One root cause walked through: from the cause over findings to workloads, each step with its evidence, then why it and no rival. */
import type { AssessedFinding, AssessedRootCause, Assessment } from '@aia/contract';
import { whatIf, type TextOptions } from './as-text.ts';
import { evidenceLines } from './evidence-lines.ts';
import { percentText, timeText } from './evidence-text.ts';
import { clipped, Page, PLAIN } from './layout.ts';

type Link = AssessedRootCause['chain'][number];

/** Steps are moved in by so much, up to so many levels. */
const STEP = 2;
const LEVELS = 6;
/** Findings that one step brings about beyond so many are counted. */
const SHOWN = 6;
const MESSAGE = 300;

/**
 * The cause that is asked for: by its number in the report, by its id, or by the id of a finding that it explains.
 * `undefined` where there is none.
 */
export function causeAsked({ rootCauses, findings }: Assessment, asked: string): AssessedRootCause | undefined {
  if (/^\d{1,6}$/.test(asked)) return rootCauses[Number(asked) - 1];
  const explainedBy = findings.find(({ id }) => id === asked)?.explainedBy;
  return rootCauses.find(({ id }) => id === asked) ?? rootCauses.find(({ id }) => id === explainedBy);
}

/** Renders the walk; ends with a newline. */
export function asChain(assessment: Assessment, cause: AssessedRootCause, options: TextOptions = {}): string {
  const page = new Page(options.style ?? PLAIN, Math.max(40, options.width ?? 100));
  const rank = assessment.rootCauses.indexOf(cause) + 1;
  page.text(`Root cause ${rank}, ${cause.severity}: ${cause.title} (${percentText(cause.probability)} probable)`, {
    mark: page.style.strong,
  });
  page.text(cause.id, { mark: page.style.dim });
  page.text(cause.statement);
  if (cause.since !== undefined && cause.since > 0) page.text(`Seen since ${timeText(cause.since)}.`);
  page.title('What it rests on');
  evidence(page, cause.evidence, 2);
  page.title('From the cause to what fails');
  new Walk(page, assessment, cause).step(cause.id, 0);
  page.title('Why it is so probable');
  weights(page, cause);
  page.title('What to do');
  page.text(cause.remediation.text);
  for (const counterfactual of cause.counterfactuals) page.text(whatIf(counterfactual), { label: '-', column: 2 });
  return page.toString();
}

function evidence(page: Page, all: AssessedRootCause['evidence'], indent: number): void {
  for (const { text, deeper } of evidenceLines(all)) page.text(text, { indent: indent + (deeper ? STEP : 0) });
}

/** The chain as a tree: each finding once, under what brings it about first. */
class Walk {
  readonly #page: Page;
  readonly #findings: ReadonlyMap<string, AssessedFinding>;
  readonly #links: ReadonlyMap<string, readonly Link[]>;
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #cause: AssessedRootCause;

  constructor(page: Page, { findings, rootCauses }: Assessment, cause: AssessedRootCause) {
    this.#page = page;
    this.#cause = cause;
    this.#findings = new Map(findings.map((finding) => [finding.id, finding]));
    this.#links = Map.groupBy(cause.chain, ({ from }) => from);
    this.#ranks = new Map(rootCauses.map(({ id }, i) => [id, i + 1]));
  }

  step(from: string, level: number): void {
    // What leads on comes before what ends here, lest the way be among what is only counted.
    const all = this.#links.get(from) ?? [];
    const leadsOn = ({ to }: Link): boolean => this.#links.has(to);
    const links = [...all.filter(leadsOn), ...all.filter((link) => !leadsOn(link))];
    // One more costs no more room than saying that there is one more.
    const shown = links.length === SHOWN + 1 ? links : links.slice(0, SHOWN);
    for (const link of shown) this.#link(link, level);
    if (links.length > shown.length)
      this.#page.text(`… and ${links.length - shown.length} more in the same way`, { indent: indentOf(level) });
  }

  #link({ to, relation, evidence: shows }: Link, level: number): void {
    const indent = indentOf(level);
    const finding = this.#findings.get(to);
    const other = finding?.explainedBy;
    const elsewhere =
      other === undefined || other === this.#cause.id ? '' : ` (told under cause ${this.#ranks.get(other) ?? other})`;
    this.#page.text(`${clipped(finding?.message ?? to, MESSAGE)}${elsewhere}`, {
      indent,
      column: indent + 2,
      label: '→',
    });
    this.#page.text(`because ${relation || 'it was observed'}`, { indent: indent + 2, mark: this.#page.style.dim });
    evidence(this.#page, shows, indent + 4);
    this.step(to, level + 1);
  }
}

function indentOf(level: number): number {
  return STEP * Math.min(level, LEVELS);
}

function weights(page: Page, { prior, weighings, rivals, probability }: AssessedRootCause): void {
  page.text(`Its weight is its prior times how much more often each observation is made when it holds:`);
  factors(page, prior, weighings);
  page.text(
    `Against ${rivals.length === 0 ? 'nothing but ' : 'its rivals and '}"something else", which weighs 1, that makes ${percentText(probability)}.`,
  );
  for (const rival of rivals) {
    page.blank();
    page.text(`Rival, ${percentText(rival.probability)}: ${rival.statement} (${rival.class})`);
    factors(page, undefined, rival.weighings);
  }
}

function factors(page: Page, prior: number | undefined, weighings: AssessedRootCause['weighings']): void {
  const rows = [
    ...(prior === undefined ? [] : [{ ratio: prior, observation: 'prior of this class of cause' }]),
    ...weighings,
  ];
  for (const { ratio, observation } of rows) page.text(observation, { indent: 2, label: `× ${ratio}`, column: 10 });
  const product = rows.reduce((all, { ratio }) => all * ratio, 1);
  page.text('altogether', { indent: 2, label: `= ${Number(product.toPrecision(3))}`, column: 10 });
}
