/** `aia assess --explain`. */
import type { Assessment } from '@aia/contract';
import { asChain, causeAsked, causeClass, ruleOf, RULES, type Rule, type TextOptions } from '@aia/operations';
import { UsageError } from '../exit.ts';
import { nearMisses } from '../near-misses.ts';

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

function nearest(asked: string): readonly string[] {
  return nearMisses(
    asked,
    RULES.map(({ code }) => code),
    isAlias,
  );
}

/** Whether another tool calls it so, or its explanation speaks of the word. */
function isAlias(code: string, wanted: string): boolean {
  const rule = ruleOf(code);
  if (rule === undefined) return false;
  const aliases = aliasesOf(rule).flatMap(([, ids]) => ids.map((id) => id.toLowerCase()));
  return aliases.includes(wanted) || rule.explanation.toLowerCase().includes(`(${wanted})`);
}
