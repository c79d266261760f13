/** The assessment as Markdown, for tickets, wikis and pull requests. */
import { refText } from '@aia/cluster';
import type { AssessedRootCause, Assessment } from '@aia/contract';
import { impactText, kpiValue } from './as-text.ts';
import { evidenceText, percentText, timeText } from './evidence-text.ts';

/** Renders the report; ends with a newline. */
export function asMarkdown(assessment: Assessment): string {
  const sections = [
    head(assessment),
    causes(assessment.rootCauses),
    first(assessment.rootCauses),
    findings(assessment),
    kpis(assessment),
    reading(assessment),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function head({ verdict, cluster, generator }: Assessment): string {
  const source = `${cluster.source.kind} ${cluster.source.name}`;
  return [
    '# Assessment',
    '',
    `**${cell(verdict.sentence)}** Readiness **${verdict.score} of 100** (confidence ${percentText(verdict.confidence)}).`,
    '',
    `${cell(source)} · ${cluster.serverVersion === undefined ? 'version unknown' : cell(cluster.serverVersion)} · ${cluster.nodes} nodes · ${cluster.pods.total} pods · ${cluster.objects} objects · observed ${timeText(cluster.observedAt)} · AIA ${generator.version}`,
  ].join('\n');
}

function causes(rootCauses: readonly AssessedRootCause[]): string {
  if (rootCauses.length === 0) return '';
  return ['## Root causes, in order of impact', ...rootCauses.map(cause)].join('\n\n');
}

function cause(root: AssessedRootCause, i: number): string {
  const bullets = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`**${title}**`, '', ...lines.map((line) => `- ${cell(line)}`), ''];
  return [
    `### ${i + 1}. ${cell(root.title)}`,
    '',
    `Severity **${root.severity}**, probability **${percentText(root.probability)}**. Affects ${cell(impactText(root))}.`,
    '',
    cell(root.statement),
    '',
    ...bullets(
      'Evidence',
      root.evidence.map((evidence) => evidenceText(evidence)),
    ),
    ...bullets(
      'What if',
      root.counterfactuals.map(({ change, outcome }) => `${change}: ${outcome}`),
    ),
    ...bullets(
      'Why this probable',
      root.weighings.map(({ observation, ratio }) => `${observation} (× ${ratio})`),
    ),
    ...bullets(
      'Rivals',
      root.rivals.map((rival) => `${rival.statement} (${percentText(rival.probability)})`),
    ),
    `**Do**: ${cell(root.remediation.text)}`,
  ].join('\n');
}

function first(rootCauses: readonly AssessedRootCause[]): string {
  if (rootCauses.length === 0) return '';
  return ['## What to do first', '', ...rootCauses.map((root, i) => `${i + 1}. ${cell(root.remediation.text)}`)].join(
    '\n',
  );
}

function findings({ findings: all }: Assessment): string {
  if (all.length === 0) return '## Findings\n\nNone.';
  const rows = all.map(
    (finding) =>
      `| ${finding.severity} | ${finding.code} | ${cell(refText(finding.resource))} | ${cell(finding.message)} |`,
  );
  return [
    `## Findings (${all.length})`,
    '',
    '| Severity | Code | Resource | What |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function kpis({ kpis: all }: Assessment): string {
  const rows = all.map(
    (kpi) => `| ${kpi.name} | ${kpiValue(kpi)} | ${cell(kpi.target)} | ${kpi.status} | ${cell(kpi.basis)} |`,
  );
  return ['## KPIs', '', '| KPI | Value | Target | Status | Basis |', '|---|---|---|---|---|', ...rows].join('\n');
}

function reading({ missing, problems, notRun, unrecognised }: Assessment): string {
  const lines = [
    ...missing.map(({ input, reason, consequence }) => `- missing ${input}: ${reason}; ${consequence}`),
    ...problems.map(
      ({ source, place, message }) => `- unreadable: ${source}${place === '' ? '' : `, ${place}`}: ${message}`,
    ),
    ...notRun.map(({ code, reason }) => `- not run: ${code} (${reason})`),
    ...unrecognised.map(({ reason, count, example }) => `- ${count} × ${reason} in unknown words: ${example}`),
  ].map(cell);
  return lines.length === 0 ? '' : ['## What was not read', '', ...lines].join('\n');
}

/** Texts come from the cluster: no table breaks, no markup of theirs. */
function cell(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/[\\|<>[\]`]/g, '\\$&')
    .replace(/^(\s*)-(?! )/, '$1\\-');
}
