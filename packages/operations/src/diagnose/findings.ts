/** Runs rules over an examination. */
import type { Examination } from './examination.ts';
import { byImpact, completeFinding, type Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/** A rule that could not judge, and why. */
export interface RuleNotRun {
  readonly code: string;
  readonly reason: string;
}

/** How the reason begins when a rule broke; a defect of AIA, worth a report. */
export const DEFECT = 'broke on this input, which is a defect of AIA';

/** What becomes of a rule that breaks on an input: its defect is thrown, or told in its place while the others go on. */
export type OnDefect = 'throw' | 'tell';

/** Findings sorted by severity, then code, then resource; the same whatever the order of objects in the input. */
export function findAll(
  examination: Examination,
  rules: readonly Rule[],
  onDefect: OnDefect = 'throw',
): { findings: readonly Finding[]; notRun: readonly RuleNotRun[] } {
  const missing = new Set(examination.snapshot.missing.map((input) => input.input));
  const findings = new Map<string, Finding>();
  const notRun: RuleNotRun[] = [];
  for (const rule of rules) {
    const lacking = rule.needs.filter((input) => missing.has(input));
    if (lacking.length > 0) {
      notRun.push({ code: rule.code, reason: `needs ${lacking.join(', ')}` });
      continue;
    }
    try {
      for (const draft of rule.check(examination)) {
        const finding = completeFinding(rule.code, rule.severity, draft);
        if (!findings.has(finding.id)) findings.set(finding.id, finding);
      }
    } catch (error) {
      if (onDefect === 'throw') throw error;
      notRun.push({ code: rule.code, reason: `${DEFECT}: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
  return { findings: [...findings.values()].sort(byImpact), notRun };
}
