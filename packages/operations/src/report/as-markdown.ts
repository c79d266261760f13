/** The assessment as Markdown (GitHub's flavour), for tickets, wikis and pull requests. */
import { refText } from '@aia/cluster';
import type { AssessedRootCause, Assessment } from '@aia/contract';
import { impactText, remedyText, rivalTexts, whatIf } from './as-text.ts';
import { counted } from './counted.ts';
import { laneOf, pathText } from './causal-lane.ts';
import { CERTIFICATE_COLUMNS, certificateCells, countsText } from './certificates-text.ts';
import { changeGroups, comparisonSentence } from './comparison-text.ts';
import { evidenceText, percentText, timeText } from './evidence-text.ts';
import { kpiValue } from './kpi-text.ts';
import { clipped } from './layout.ts';
import { lookUps } from './look-up.ts';
import { quotaOutlook, quotaUse, shownQuotas } from './quota-text.ts';
import { escaped, markdownTable as table } from './markdown.ts';
import { notRunTexts } from './reading-text.ts';
import { suppressionsByEffect, suppressionText } from './suppression-text.ts';

/** Renders the report; ends with a newline. Texts of the cluster stand in it as text, never as markup. */
export function asMarkdown(assessment: Assessment): string {
  const sections = [
    head(assessment),
    causes(assessment),
    first(assessment),
    changes(assessment),
    findings(assessment),
    suppressions(assessment),
    certificates(assessment),
    kpis(assessment),
    quotas(assessment),
    reading(assessment),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function head({ verdict, cluster, generator }: Assessment): string {
  const facts = [
    `${cluster.source.kind} ${cluster.source.name}`,
    cluster.serverVersion === undefined ? 'version unknown' : `Kubernetes ${cluster.serverVersion}`,
    ...(cluster.namespaces === undefined ? [] : [`only namespace ${cluster.namespaces.join(', ')}`]),
    counted(cluster.nodes, 'node'),
    counted(cluster.pods.total, 'pod'),
    counted(cluster.objects, 'object'),
    cluster.observedAt === 0 ? 'observed at a time not known' : `observed ${timeText(cluster.observedAt)}`,
    `AIA ${generator.version}`,
  ];
  return [
    '# Assessment',
    `**${escaped(verdict.sentence)}** Readiness **${verdict.score} of 100** (confidence ${escaped(percentText(verdict.confidence))}).`,
    escaped(facts.join(' · ')),
  ].join('\n\n');
}

function causes({ rootCauses, findings: all }: Assessment): string {
  if (rootCauses.length === 0) return '';
  const byId = new Map(all.map((finding) => [finding.id, finding]));
  const told = rootCauses.map((root, i) => cause(root, i, pathText(laneOf(root, byId), root)));
  return ['## Root causes, in order of impact', ...told].join('\n\n');
}

function cause(root: AssessedRootCause, i: number, path: string): string {
  return [
    `### ${i + 1}. ${escaped(root.title)}`,
    `Severity **${root.severity}**, probability **${escaped(percentText(root.probability))}**. Affects ${escaped(impactText(root))}.`,
    escaped(root.statement),
    ...(path === '' ? [] : [`How it leads to what fails: ${escaped(path)}.`]),
    ...bullets(
      'Evidence',
      root.evidence.map((evidence) => evidenceText(evidence)),
    ),
    ...bullets('What if', root.counterfactuals.map(whatIf)),
    ...bullets(
      'Why this probable',
      root.weighings.map(({ observation, ratio }) => `${observation} (× ${ratio})`),
    ),
    ...bullets('Rivals', rivalTexts(root)),
    `**Do**: ${escaped(root.remediation.text)}`,
  ].join('\n\n');
}

function bullets(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`**${title}**`, lines.map((line) => `- ${escaped(line)}`).join('\n')];
}

function first(assessment: Assessment): string {
  const { rootCauses } = assessment;
  if (rootCauses.length === 0) return '';
  const commands = lookUps(assessment);
  const items = rootCauses.map((root, i) => {
    const item = `${i + 1}. ${escaped(remedyText(root))}`;
    const looks = commands[i] ?? [];
    if (looks.length === 0) return item;
    const indent = ' '.repeat(`${i + 1}. `.length);
    return [item, '', ...['```sh', ...looks, '```'].map((line) => indent + line)].join('\n');
  });
  return ['## What to do first', ...items].join('\n\n');
}

function findings({ findings: all }: Assessment): string {
  if (all.length === 0) return '## Findings\n\nNone.';
  return [
    `## Findings (${all.length})`,
    table(
      ['Severity', 'Code', 'Resource', 'What', 'Evidence'],
      all.map(({ severity, code, resource, message, evidence: [first] }) => [
        ...[severity, code, refText(resource), clipped(message, 400)],
        first === undefined ? '' : evidenceText(first, 200),
      ]),
    ),
  ].join('\n\n');
}

function changes(assessment: Assessment): string {
  if (assessment.comparison === undefined) return '';
  const groups = changeGroups(assessment).map(({ label, lines }) =>
    [`**${label}**`, lines.map((line) => `- ${escaped(line)}`).join('\n')].join('\n\n'),
  );
  return ['## What changed', escaped(comparisonSentence(assessment.comparison)), ...groups].join('\n\n');
}

function suppressions(assessment: Assessment): string {
  const all = suppressionsByEffect(assessment);
  if (all.length === 0) return '';
  const lines = all.map((one) => `- ${escaped(suppressionText(one))}`);
  return [`## Suppressed (${assessment.suppressed?.length ?? 0})`, lines.join('\n')].join('\n\n');
}

function certificates({ certificates: all = [] }: Assessment): string {
  if (all.length === 0) return '';
  return [`## Certificates (${countsText(all)})`, table(CERTIFICATE_COLUMNS, all.map(certificateCells))].join('\n\n');
}

function kpis({ kpis: all }: Assessment): string {
  return [
    '## KPIs',
    table(
      ['KPI', 'Value', 'Target', 'Status', 'Basis'],
      all.map((kpi) => [kpi.name, kpiValue(kpi), kpi.target, kpi.status, kpi.basis]),
    ),
  ].join('\n\n');
}

function quotas(assessment: Assessment): string {
  const shown = shownQuotas(assessment);
  if (shown.length === 0) return '';
  return [
    '## Cloud quotas',
    table(
      ['Quota', 'Outlook'],
      shown.map((one) => [quotaUse(one), quotaOutlook(one)]),
    ),
  ].join('\n\n');
}

function reading({ missing, problems, notRun, unrecognised }: Assessment): string {
  const lines = [
    ...missing.map(({ input, reason, consequence }) => `missing ${input}: ${reason}; ${consequence}`),
    ...problems.map(
      ({ source, place, message }) => `unreadable: ${source}${place === '' ? '' : `, ${place}`}: ${message}`,
    ),
    ...notRunTexts(notRun).map((text) => `not run, ${text}`),
    ...unrecognised.map(({ reason, count, example }) => `${count} × ${reason} in unknown words: ${example}`),
  ];
  if (lines.length === 0) return '';
  return ['## What was not read', lines.map((line) => `- ${escaped(line)}`).join('\n')].join('\n\n');
}
