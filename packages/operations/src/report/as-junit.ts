/**
 * The assessment as JUnit XML, for the test reports of CI systems. There is no one standard; this keeps to what the schemas of Ant and of Jenkins'
 * xUnit plugin both allow. GitLab and Jenkins show `classname` and `name` of each case, so these are the rule and the resource.
 */
import { refText } from '@aia/cluster';
import type { AssessedFinding, Assessment, SuppressedFinding } from '@aia/contract';
import { RULES } from '../diagnose/catalogue.ts';
import { isSerious } from '../diagnose/finding.ts';
import type { Rule } from '../diagnose/rule.ts';
import { evidenceText, percentText } from './evidence-text.ts';
import { clipped } from './layout.ts';

/** What counts as a failure. */
export interface JunitOptions {
  /** Findings that fail; others are told and pass. Default: those of medium severity or worse. */
  readonly isFailure?: (finding: AssessedFinding) => boolean;
}

/** Pieces of evidence of one failure, and characters of a text. */
const MOST_EVIDENCE = 5;
const LONGEST = 1000;
/** Cases of one rule: CI systems take files of some megabytes; what is left out is counted. */
const MOST_CASES = 500;

interface Case {
  readonly name: string;
  readonly outcome: string;
  readonly told?: string;
}

/** Renders the document; ends with a newline. */
export function asJunit(assessment: Assessment, { isFailure = isSerious }: JunitOptions = {}): string {
  const found = Map.groupBy([...assessment.findings, ...(assessment.suppressed ?? [])], ({ code }) => code);
  const reasons = new Map(assessment.notRun.map(({ code, reason }) => [code, reason]));
  const writer = caseWriter(assessment, isFailure);
  const suites = RULES.map((rule, i) => {
    const findings = found.get(rule.code) ?? [];
    const cases = casesOf(rule, findings, reasons.get(rule.code), writer);
    return suiteOf(assessment, rule, { cases, id: i, left: findings.length - MOST_CASES });
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join('\n');
}

function casesOf(
  { title }: Rule,
  findings: readonly AssessedFinding[],
  notRun: string | undefined,
  writer: (finding: AssessedFinding, name: string) => Case,
): readonly Case[] {
  if (findings.length > 0) {
    const names = distinctNames(findings);
    return findings.slice(0, MOST_CASES).map((finding, i) => writer(finding, names[i] ?? finding.id));
  }
  return [{ name: title, outcome: notRun === undefined ? '' : element('skipped', { message: `not run: ${notRun}` }) }];
}

/** GitLab shows only the first of several cases with one name. */
function distinctNames(findings: readonly AssessedFinding[]): readonly string[] {
  const counts = new Map<string, number>();
  return findings.map(({ resource, id, code }) => {
    const name = refText(resource);
    const seen = counts.get(name) ?? 0;
    counts.set(name, seen + 1);
    if (seen === 0) return name;
    const part = id
      .slice(code.length + 1)
      .split(':')
      .slice(1)
      .join(':');
    return `${name} (${part === '' ? seen + 1 : part})`;
  });
}

function caseWriter({ rootCauses, suppressions = [] }: Assessment, isFailure: (finding: AssessedFinding) => boolean) {
  const causes = new Map(rootCauses.map((cause, i) => [cause.id, { cause, rank: i + 1 }]));
  return (finding: AssessedFinding | SuppressedFinding, name: string): Case => {
    if ('suppressedBy' in finding) {
      const { reason = '', owner = '' } = suppressions[finding.suppressedBy] ?? {};
      return {
        name,
        outcome: element('skipped', { message: `suppressed by ${owner}: ${reason} (${finding.message})` }),
      };
    }
    const { severity, message, explainedBy = '', evidence, code } = finding;
    const explained = causes.get(explainedBy);
    const because =
      explained === undefined
        ? []
        : [
            `Root cause ${explained.rank}: ${explained.cause.title} (${percentText(explained.cause.probability)} probable)`,
            `What to do: ${explained.cause.remediation.text}`,
          ];
    const proof = evidence.slice(0, MOST_EVIDENCE).map((one) => `- ${evidenceText(one)}`);
    const lines = [`${severity}: ${message}`, ...because, 'Evidence:', ...proof].map((line) => clipped(line, LONGEST));
    if (!isFailure(finding)) return { name, outcome: '', told: [name, ...lines].join('\n') };
    const attributes = { message: `${severity}: ${message}`, type: code };
    return { name, outcome: element('failure', attributes, lines.join('\n')) };
  };
}

function suiteOf(
  { cluster }: Assessment,
  { code, title }: Rule,
  { cases, id, left }: { readonly cases: readonly Case[]; readonly id: number; readonly left: number },
): string {
  const count = (start: string) => cases.filter(({ outcome }) => outcome.startsWith(start)).length;
  const attributes = {
    id: String(id),
    name: code,
    package: 'aia',
    timestamp: timestampOf(cluster.observedAt),
    hostname: cluster.source.name,
    tests: String(cases.length),
    failures: String(count('<failure')),
    errors: '0',
    skipped: String(count('<skipped')),
    time: '0',
  };
  const told = cases.flatMap((one) => one.told ?? []);
  if (left > 0) told.push(`${left} more findings of this rule stand in the other formats.`);
  return raw('testsuite', attributes, [
    raw('properties', {}, [element('property', { name: 'title', value: title })]),
    ...cases.map(({ name, outcome }) =>
      raw('testcase', { name, classname: `aia.${code}`, time: '0' }, outcome === '' ? [] : [outcome]),
    ),
    element('system-out', {}, told.join('\n\n')),
    '<system-err/>',
  ]);
}

/** Without a zone, as the schemas want it. */
function timestampOf(at: number): string {
  const date = new Date(at);
  return (
    Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 0 ? new Date(0) : date
  )
    .toISOString()
    .slice(0, 19);
}

type Attributes = Readonly<Record<string, string>>;

function element(name: string, attributes: Attributes, text = ''): string {
  const start = `<${name}${attributesOf(attributes)}`;
  return text === '' ? `${start}/>` : `${start}>${escaped(text)}</${name}>`;
}

function raw(name: string, attributes: Attributes, children: readonly string[]): string {
  const start = `<${name}${attributesOf(attributes)}`;
  return children.length === 0 ? `${start}/>` : `${start}>\n${children.join('\n')}\n</${name}>`;
}

function attributesOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(clipped(value, LONGEST))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as text; what XML 1.0 does not allow at all (section 2.2) becomes a space. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
