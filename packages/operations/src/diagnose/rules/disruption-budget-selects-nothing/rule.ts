/** A disruption budget that guards nothing. */
import { refOf, selectorText } from '@aia/cluster';
import { budgetName, disruptionBudgets, guardedWorkloads, wantsPods } from '../../workloads/disruption-budgets.ts';
import { eventEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';

/** Facts: cause (`no-match` or `scaled-to-zero`). */
export const rule: Rule = {
  code: 'disruption-budget-selects-nothing',
  title: 'Disruption budget selects no pod',
  severity: 'low',
  explanation:
    'The selector of the PodDisruptionBudget matches no pod, so the workload that it should protect can lose all its pods to a drain: labels ' +
    'were changed, the workload is gone, or the selector is misspelt. It is information where the workload is merely scaled to zero. The rule stays silent where a workload ' +
    'with these labels should have pods, where Jobs have them only while they run, where pods were not read and the budget does not say ' +
    'so itself, and during the grace period.',
  remediation: { class: 'remove-object', text: 'Correct the selector, or delete the budget with its workload.' },
  aliases: { popeye: ['900'], k8sgpt: ['PDB'] },
  needs: [],
  *check(examination) {
    for (const one of disruptionBudgets(examination)) {
      if (one.state !== 'unused') continue;
      const { budget } = one;
      const workloads = guardedWorkloads(examination, one);
      if (workloads.some(wantsPods)) continue;
      const [asleep] = workloads;
      const selector = selectorText(budget.spec?.selector);
      const why = asleep === undefined ? '' : `, as ${asleep.kind} ${asleep.metadata.name} is scaled to zero`;
      yield {
        resource: refOf(budget),
        severity: asleep === undefined ? 'low' : 'info',
        message: `${budgetName(budget)} selects no pod (${selector})${why}.`,
        evidence: [
          fieldEvidence(budget, 'spec.selector', selector),
          ...examination.warnings(budget, 'NoPods').slice(0, 1).map(eventEvidence),
        ],
        facts: { cause: asleep === undefined ? 'no-match' : 'scaled-to-zero' },
      };
    }
  },
};
