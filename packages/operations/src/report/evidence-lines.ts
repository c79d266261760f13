/** Which evidence a person in a hurry sees, and how: one line each, the fields of one object under its name. */
import { refText } from '@aia/cluster';
import type { AssessedEvidence } from '@aia/contract';
import { evidenceText, fieldText } from './evidence-text.ts';

/** Pieces of evidence that a cause shows; the rest stands in the JSON. */
const SHOWN = 4;
/** Characters of a quoted text before its middle is left out. */
const QUOTED = 220;

/** One line; `deeper` ones belong to the object named above them. */
export interface EvidenceLine {
  readonly text: string;
  readonly deeper: boolean;
}

/** The most telling evidence, in its own order. */
export function evidenceLines(evidence: readonly AssessedEvidence[]): readonly EvidenceLine[] {
  const chosen = telling(distinct(evidence));
  const lines: EvidenceLine[] = [];
  let named = '';
  for (const one of chosen) {
    const name = one.kind === 'field' ? refText(one.resource) : '';
    if (one.kind === 'field' && name === named) lines.push({ text: fieldText(one, QUOTED), deeper: true });
    else if (one.kind === 'field' && chosen.filter((other) => isFieldOf(other, name)).length > 1)
      lines.push({ text: `${name}:`, deeper: false }, { text: fieldText(one, QUOTED), deeper: true });
    else lines.push({ text: evidenceText(one, QUOTED), deeper: false });
    named = name;
  }
  const left = evidence.length - chosen.length;
  const last = lines.at(-1);
  return left === 0 || last === undefined
    ? lines
    : [...lines.slice(0, -1), { ...last, text: `${last.text} (… ${left} more)` }];
}

function isFieldOf(evidence: AssessedEvidence, name: string): boolean {
  return evidence.kind === 'field' && refText(evidence.resource) === name;
}

/** What says the same twice is shown once: of five pods of one workload, the first; of a template and its pod, the template. */
function distinct(evidence: readonly AssessedEvidence[]): readonly AssessedEvidence[] {
  return [...new Map(evidence.toReversed().map((one) => [statement(one), one])).values()].reverse();
}

/** What a piece says, without whose and when. */
function statement(evidence: AssessedEvidence): string {
  // A long value is an error's text, which the kubelet writes to several fields; a short one says little without its path.
  if (evidence.kind === 'field' && evidence.value.length > 40) return evidence.value;
  if (evidence.kind === 'field') return fieldText(evidence, 1000).replace('spec.template.spec.', 'spec.');
  if (evidence.kind === 'absence') return refText(evidence.resource);
  return evidence.kind === 'event' ? evidence.reason : evidenceText(evidence, 1000);
}

/** The first of every kind, then more of each, up to the limit; fields of one object stay together. */
function telling(evidence: readonly AssessedEvidence[]): readonly AssessedEvidence[] {
  const turn = new Map<string, number>();
  const rounds = evidence.map((one, i) => {
    const round = turn.get(one.kind) ?? 0;
    turn.set(one.kind, round + 1);
    return { i, round };
  });
  const chosen = new Set(
    rounds
      .sort((a, b) => a.round - b.round || a.i - b.i)
      .slice(0, SHOWN)
      .map(({ i }) => i),
  );
  return evidence.filter((_, i) => chosen.has(i));
}
