/** Runs rules over an examination. */
import type { Examination } from './examination.ts';
import { byImpact, completeFinding, type Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/** A rule that could not judge, and why. */
export interface RuleNotRun {
  readonly code: string;
  readonly reason: string;
}

/** Findings sorted by severity, then code, then resource; the same whatever the order of objects in the input. */
export function findAll(
  examination: Examination,
  rules: readonly Rule[],
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
    for (const draft of rule.check(examination)) {
      const finding = completeFinding(rule.code, rule.severity, draft);
      if (!findings.has(finding.id)) findings.set(finding.id, finding);
    }
  }
  return { findings: [...findings.values()].sort(byImpact), notRun };
}
