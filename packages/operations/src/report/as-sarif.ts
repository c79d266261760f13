/**
 * The assessment as SARIF 2.1.0 (OASIS standard, 2020), for code scanning and whatever else reads it. It keeps to what GitHub asks of
 * a file: every result has a physical location, a fingerprint and a rule; no more than 25 000 results.
 */
import { refText, type ResourceRef } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Assessment, ChainLink, SuppressedFinding } from '@aia/contract';
import { RULES } from '../diagnose/catalogue.ts';
import type { Severity } from '../diagnose/finding.ts';
import type { Rule } from '../diagnose/rule.ts';
import { evidenceText, percentText } from './evidence-text.ts';
import { clean, clipped } from './layout.ts';
import { artifactOf } from './sarif-artifact.ts';
import { suppressionText } from './suppression-text.ts';

/** Results that code scanning takes in one run; the worst come first. */
const MOST_RESULTS = 25_000;
/** Steps of a code flow, and pieces of evidence in a message. */
const MOST_STEPS = 12;
const MOST_EVIDENCE = 5;
/** Characters of a text from the cluster. */
const LONGEST = 1000;

/** Levels, and ranks from 0 to 100 that keep apart what one level holds. */
const LEVELS: Readonly<Record<Severity, { readonly level: 'error' | 'warning' | 'note'; readonly rank: number }>> = {
  critical: { level: 'error', rank: 95 },
  high: { level: 'error', rank: 75 },
  medium: { level: 'warning', rank: 50 },
  low: { level: 'note', rank: 25 },
  info: { level: 'note', rank: 5 },
};

/** Renders the log; ends with a newline. */
export function asSarif(assessment: Assessment): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(assessment)],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function runOf(assessment: Assessment) {
  const { findings, suppressed = [], generator, cluster, verdict, rootCauses } = assessment;
  const writer = new ResultWriter(assessment);
  return {
    tool: {
      driver: {
        name: 'AIA',
        version: generator.version,
        ...(/^\d+\.\d+\.\d+/.test(generator.version) && { semanticVersion: generator.version }),
        rules: RULES.map(descriptor),
      },
    },
    automationDetails: { id: `aia/${clean(cluster.source.name) || cluster.source.kind}/` },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: verdict.status !== 'unknown',
        toolExecutionNotifications: notRead(assessment),
        toolConfigurationNotifications: notRun(assessment),
      },
    ],
    artifacts: [{ location: artifactOf(cluster.source), roles: ['analysisTarget'] }],
    results: [...findings, ...suppressed].slice(0, MOST_RESULTS).map((finding) => writer.result(finding)),
    properties: {
      verdict: verdict.sentence,
      readiness: verdict.score,
      confidence: verdict.confidence,
      rootCauses: rootCauses.slice(0, MOST_STEPS).map((cause) => ({
        id: cause.id,
        title: clipped(cause.title, LONGEST),
        severity: cause.severity,
        probability: cause.probability,
        explains: cause.explains.length,
      })),
    },
  };
}

function descriptor({ code, title, explanation, remediation, severity, aliases }: Rule) {
  const entries: readonly (readonly [tool: string, ids: readonly string[]])[] = Object.entries(aliases);
  const elsewhere = entries.flatMap(([tool, ids]) => ids.map((id) => `${tool}: ${id}`));
  const more = elsewhere.length === 0 ? [] : [`The same elsewhere: ${elsewhere.join('; ')}.`];
  return {
    id: code,
    name: code
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(''),
    shortDescription: { text: title },
    fullDescription: { text: explanation },
    help: {
      text: [explanation, `What to do: ${remediation.text}`, ...more].join('\n\n'),
      markdown: [explanation, `**What to do**: ${remediation.text}`, ...more].join('\n\n'),
    },
    defaultConfiguration: { level: LEVELS[severity].level, rank: LEVELS[severity].rank },
    // No `security-severity`: these are faults in operation, and a score would file them under vulnerabilities.
    properties: { tags: ['kubernetes', 'reliability', remediation.class], 'problem.severity': problemOf(severity) },
  };
}

function problemOf(severity: Severity): string {
  return { error: 'error', warning: 'warning', note: 'recommendation' }[LEVELS[severity].level];
}

const INDEX = new Map(RULES.map(({ code }, i) => [code, i]));

/** Writes results, and how each follows from its root cause. */
class ResultWriter {
  readonly #assessment: Assessment;
  readonly #findings: ReadonlyMap<string, AssessedFinding>;
  readonly #causes: ReadonlyMap<string, { readonly cause: AssessedRootCause; readonly rank: number }>;
  /** The edge that leads to each finding. */
  readonly #links: ReadonlyMap<string, ChainLink>;

  /** What changed about each finding, where there is an earlier report; others are unchanged. */
  readonly #states: ReadonlyMap<string, 'new' | 'updated'> | undefined;

  constructor(assessment: Assessment) {
    this.#assessment = assessment;
    this.#states = statesOf(assessment);
    this.#findings = new Map(assessment.findings.map((finding) => [finding.id, finding]));
    this.#causes = new Map(assessment.rootCauses.map((cause, i) => [cause.id, { cause, rank: i + 1 }]));
    this.#links = new Map(assessment.rootCauses.flatMap(({ chain }) => chain.map((link) => [link.to, link])));
  }

  result(finding: AssessedFinding | SuppressedFinding) {
    const { code, severity, resource } = finding;
    const explained = this.#causes.get(finding.explainedBy ?? '');
    const index = INDEX.get(code);
    return {
      ruleId: code,
      ...(index !== undefined && { ruleIndex: index }),
      level: LEVELS[severity].level,
      rank: LEVELS[severity].rank,
      message: { text: messageOf(finding, explained) },
      locations: [this.#location(resource)],
      partialFingerprints: {
        'aiaFinding/v1': finding.id,
        // The one that code scanning compares; a finding has no line of its own, so its identity stands in.
        primaryLocationLineHash: `${fingerprint(finding.id)}:1`,
      },
      ...(explained && this.#cause(finding, explained)),
      ...('suppressedBy' in finding && this.#suppression(finding)),
      ...(this.#states && { baselineState: this.#states.get(finding.id) ?? 'unchanged' }),
      properties: { severity, ...(finding.since !== undefined && { since: isoTime(finding.since) }) },
    };
  }

  /** SARIF knows no owner and no day; both stand in the justification. */
  #suppression({ suppressedBy }: SuppressedFinding) {
    const applied = this.#assessment.suppressions?.[suppressedBy];
    const justification = applied === undefined ? '' : literal(suppressionText(applied));
    return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
  }

  #cause(finding: AssessedFinding, { cause, rank }: { readonly cause: AssessedRootCause; readonly rank: number }) {
    const title = `Root cause ${rank}: ${literal(cause.title)} (${percentText(cause.probability)} probable)`;
    const steps = this.#steps(finding, cause);
    const start = { location: this.#location(cause.resource, title) };
    const flow = steps.map(({ step, relation }) => ({
      location: this.#location(step.resource, `${relation === '' ? '' : `${relation}: `}${literal(step.message)}`),
    }));
    return {
      relatedLocations: [{ id: 1, ...this.#location(cause.resource, title) }],
      codeFlows: [
        { message: { text: 'How it follows from its root cause.' }, threadFlows: [{ locations: [start, ...flow] }] },
      ],
    };
  }

  /** From the cause's first effect to the finding. */
  #steps(finding: AssessedFinding, cause: AssessedRootCause) {
    const steps: { readonly step: AssessedFinding; readonly relation: string }[] = [];
    const seen = new Set<string>();
    for (let step: AssessedFinding | undefined = finding; step !== undefined && !seen.has(step.id);) {
      seen.add(step.id);
      const link = this.#links.get(step.id);
      steps.push({ step, relation: literal(link?.relation ?? '') });
      step = link === undefined || link.from === cause.id ? undefined : this.#findings.get(link.from);
    }
    return steps.reverse().slice(-MOST_STEPS);
  }

  #location(resource: ResourceRef, text?: string) {
    return {
      physicalLocation: {
        artifactLocation: artifactOf(this.#assessment.cluster.source, resource),
        region: { startLine: 1 },
      },
      logicalLocations: [
        {
          name: clipped(resource.name, LONGEST),
          fullyQualifiedName: clipped(qualified(resource), LONGEST),
          kind: 'resource',
        },
      ],
      ...(text !== undefined && { message: { text } }),
    };
  }
}

function statesOf({ comparison }: Assessment): ReadonlyMap<string, 'new' | 'updated'> | undefined {
  if (comparison === undefined) return undefined;
  const { new: added, worse, better } = comparison.findings;
  return new Map([
    ...[...worse, ...better].map(({ id }) => [id, 'updated'] as const),
    ...added.map((id) => [id, 'new'] as const),
  ]);
}

/** `apps/Deployment/shop/web`, `Node/gke-1`. */
function qualified({ group, kind, namespace, name }: ResourceRef): string {
  return [group, kind, namespace, name].filter((part) => part !== '').join('/');
}

function messageOf(
  { message, evidence, resource }: AssessedFinding,
  explained: { readonly cause: AssessedRootCause; readonly rank: number } | undefined,
): string {
  const shown = evidence.slice(0, MOST_EVIDENCE).map((one) => `- ${evidenceText(one)}`);
  const cause =
    explained === undefined ? [] : [`Root cause ${explained.rank}: [${linkText(explained.cause.title)}](1)`];
  return [`${literal(message)} (${literal(refText(resource))})`, ...cause, 'Evidence:', ...shown.map(literal)].join(
    '\n',
  );
}

/** A message may hold links, `[text](target)` (SARIF, section 3.11.6); texts of a cluster hold none. */
function literal(text: string): string {
  return clipped(text, LONGEST).replace(/\](?=\()/g, '\\]');
}

function linkText(text: string): string {
  return clipped(text, LONGEST).replace(/[\\[\]]/g, '\\$&');
}

function notRead({ missing, problems, findings }: Assessment) {
  const left = findings.length - MOST_RESULTS;
  return [
    ...(left > 0
      ? [notification('note', `${left} results of the least severity are left out; the JSON has them.`)]
      : []),
    ...missing.map(({ input, reason, consequence }) =>
      notification('warning', `missing ${input}: ${reason}; ${consequence}`),
    ),
    ...problems.map(({ source, place, message, severity }) =>
      notification(severity, `${source}${place === '' ? '' : `, ${place}`}: ${message}`),
    ),
  ];
}

function notRun({ notRun: rules }: Assessment) {
  return rules.map(({ code, reason }) => ({
    ...notification('note', `${code} could not judge: ${reason}`),
    associatedRule: { id: code, ...(INDEX.has(code) && { index: INDEX.get(code) }) },
  }));
}

function notification(level: 'error' | 'warning' | 'note', text: string) {
  return { level, message: { text: literal(text) } };
}

function isoTime(at: number): string | number {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : date.toISOString();
}

/** Sixteen hexadecimal digits that stay the same for the same text: FNV-1a of 32 bits from two offsets. */
function fingerprint(text: string): string {
  return [0x811c9dc5, 0x01000193].map((offset) => fnv1a(text, offset).toString(16).padStart(8, '0')).join('');
}

function fnv1a(text: string, offset: number): number {
  let hash = offset;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
