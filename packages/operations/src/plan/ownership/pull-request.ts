/** The text of a pull request that makes a change in its source. */
import type { Action, AssessedEvidence, Condition, Ownership } from '@aia/contract';
import { refText } from '@aia/cluster';
import { conditionText } from './condition-text.ts';
import { fenced, oneLine, plain } from './markdown.ts';

/** What the text tells of. */
export interface PullRequestSubject {
  readonly title: string;
  readonly reason: string;
  readonly evidence: readonly AssessedEvidence[];
  readonly risk: Action['risk'];
  readonly disruption: Action['disruption'];
  readonly probe: readonly Condition[];
  readonly inverse: Action['inverse'];
  readonly ownership: Pick<Ownership, 'name' | 'source' | 'sourceChange'>;
}

/** Title and body (Markdown). Nothing from a cluster becomes markup. */
export function pullRequestOf(subject: PullRequestSubject): NonNullable<Ownership['pullRequest']> {
  const { title, reason, evidence, risk, disruption, probe, inverse, ownership } = subject;
  const { name, source = '', sourceChange } = ownership;
  const body = [
    section('Why', [plain(reason)]),
    section(
      'Evidence',
      evidence.slice(0, MOST).map((one) => `- ${plain(sentenceOf(one))}`),
    ),
    section('Change', [
      `${plain(name)} reconciles it; the change belongs into ${plain(source)}.`,
      ...(sourceChange === undefined ? [] : [`\n${fenced(sourceChange, 'yaml')}`]),
    ]),
    section('Risk', [
      `${risk.level} (${risk.score}): ${plain(risk.reasons.join('; '))}.`,
      `While it is applied: ${plain(disruption.text)}.`,
    ]),
    section(
      'How to verify',
      probe.map((one) => `- ${plain(conditionText(one))}`),
    ),
    section('How to revert', [
      inverse.kind === 'irreversible'
        ? `It cannot be undone: ${plain(inverse.reason)}.`
        : 'Revert this commit; the reconciler puts back what was there.',
    ]),
  ];
  return { title: oneLine(title).slice(0, 120), body: body.filter((text) => text !== '').join('\n\n') };
}

/** More evidence stands in the report. */
const MOST = 8;

function section(heading: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${heading}\n\n${lines.join('\n')}`;
}

function sentenceOf(evidence: AssessedEvidence): string {
  switch (evidence.kind) {
    case 'field':
      return `${refText(evidence.resource)}: ${evidence.path} is ${evidence.value}`;
    case 'event':
      return `${refText(evidence.resource)}: ${evidence.reason}, ${evidence.count} times: ${evidence.message}`;
    case 'metric':
      return `${refText(evidence.resource)}: ${evidence.name} is ${evidence.value} ${evidence.unit} (${evidence.samples} samples)`;
    case 'quota':
      return `quota ${evidence.metric} of ${evidence.region}: ${evidence.usage} of ${evidence.limit}`;
    case 'cloud':
      return `${evidence.source}: ${evidence.text}`;
    case 'absence':
      return evidence.text;
    default:
      return `${evidence.kind} of ${JSON.stringify('resource' in evidence ? evidence.resource : '')}`;
  }
}
