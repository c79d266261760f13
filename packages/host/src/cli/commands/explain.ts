/** `aia assess --explain`. */
import type { Assessment } from '@aia/contract';
import { asChain, causeAsked, causeClass, ruleOf, RULES, type Rule, type TextOptions } from '@aia/operations';
import { UsageError } from '../exit.ts';

/**
 * What a finding code or a class of root causes means, for a person.
 * @throws UsageError for a code that is not known, with the nearest ones
 */
export function explanation(code: string): string {
  const rule = ruleOf(code);
  if (rule !== undefined) return `${explanationOf(rule)}\n`;
  const known = causeClass(code);
  if (known === undefined)
    throw new UsageError(`no finding code or class of causes "${code}"; did you mean ${nearest(code).join(', ')}?`);
  return `${code} (root cause): ${known.title}\n\n${known.explanation}\n`;
}

/** Whether a cause of one cluster is asked for, by number or id, and not what a code means. */
export function asksForCause(asked: string): boolean {
  return /^\d+$/.test(asked) || /[:@]/.test(asked);
}

/**
 * The walk through the cause that is asked for: JSON or text.
 * @throws UsageError where the assessment has no such cause, with those that it has
 */
export function walk(assessment: Assessment, asked: string, format: 'json' | 'text', options: TextOptions): string {
  const cause = causeAsked(assessment, asked);
  if (cause === undefined) {
    const causes = assessment.rootCauses.map(({ id }, i) => `${i + 1} ${id}`);
    throw new UsageError(
      `no root cause ${asked}; there ${causes.length === 0 ? 'is none' : `are ${causes.join(', ')}`}`,
    );
  }
  return format === 'json' ? `${JSON.stringify(cause, null, 2)}\n` : asChain(assessment, cause, options);
}

function explanationOf(rule: Rule): string {
  const aliases = aliasesOf(rule).map(([tool, ids]) => `  ${tool}: ${ids.join(', ')}`);
  return [
    `${rule.code} (${rule.severity}): ${rule.title}`,
    '',
    rule.explanation,
    '',
    `What to do: ${rule.remediation.text}`,
    ...(rule.needs.length === 0 ? [] : ['', `Needs ${rule.needs.join(', ')}.`]),
    ...(aliases.length === 0 ? [] : ['', 'The same elsewhere:', ...aliases]),
  ].join('\n');
}

function aliasesOf(rule: Rule): readonly (readonly [tool: string, ids: readonly string[]])[] {
  return Object.entries(rule.aliases);
}

const SUGGESTIONS = 4;

/** Codes that another tool calls so or that speak of the word, then those that share most words, then those spelt alike. */
function nearest(asked: string): readonly string[] {
  const wanted = kebab(asked.slice(0, 100));
  const words = new Set(wanted.split('-').filter((word) => word.length > 2));
  const ranked = RULES.map((rule) => ({
    code: rule.code,
    named: isNamed(rule, asked.toLowerCase()),
    distance: editDistance(wanted, rule.code) - 3 * rule.code.split('-').filter((word) => words.has(word)).length,
  }));
  return ranked
    .sort((a, b) => Number(b.named) - Number(a.named) || a.distance - b.distance)
    .slice(0, SUGGESTIONS)
    .map(({ code }) => code);
}

function isNamed(rule: Rule, wanted: string): boolean {
  const aliases = aliasesOf(rule).flatMap(([, ids]) => ids.map((id) => id.toLowerCase()));
  // `crashloop` for `crash-loop`.
  if (wanted.length > 4 && rule.code.replaceAll('-', '').includes(wanted)) return true;
  return aliases.includes(wanted) || rule.explanation.toLowerCase().includes(`(${wanted})`);
}

/** Kubernetes' reasons in the way of codes: `OOMKilled` → `oom-killed`. */
function kebab(text: string): string {
  return text.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
}

/** Letters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
