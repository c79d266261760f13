/** A disruption budget that has fewer healthy pods than it wants. */
import { refKey, refOf, type KubeObject } from '@aia/cluster';
import { conditionEvidence } from '../../conditions.ts';
import {
  budgetName,
  closedSince,
  disruptionBudgets,
  guardedWorkloads,
  isPassing,
  type BudgetCase,
} from '../../workloads/disruption-budgets.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft, type Severity } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { forText } from '../../wording.ts';

/**
 * Facts: cause (`pods-unhealthy`; `budget-above-pods` where it wants more than there are to be; `spent`), healthy, desired, expected,
 * workload (of the pods).
 */
export const rule: Rule = {
  code: 'disruption-budget-unhealthy',
  title: 'Disruption budget lacks healthy pods',
  severity: 'medium',
  explanation:
    'Fewer pods are healthy than the PodDisruptionBudget wants, so no pod of it may be evicted and drains wait: its pods fail, or it wants more ' +
    'pods than its workload has. It is low where just enough are healthy and none is to spare, and where the disruption controller has not counted itself. The rule stays ' +
    'silent while every pod that is not ready is young.',
  remediation: { class: 'investigate', text: 'Get its pods ready, or ask for fewer than the workload has.' },
  aliases: { popeye: ['901'], k8sgpt: ['PDB'], mixin: ['KubePdbNotEnoughHealthyPods'] },
  needs: [],
  *check(examination) {
    for (const one of disruptionBudgets(examination)) {
      if (one.state !== 'unhealthy' && one.state !== 'spent') continue;
      if (!isPassing(examination, one)) yield draftOf(examination, one);
    }
  },
};

function draftOf(examination: Examination, one: BudgetCase): FindingDraft {
  const { budget, healthy, desired, expected, condition, isStated } = one;
  const guarded = guardedWorkloads(examination, one);
  // A controller counts the pods there are, which may be fewer than its workload is to have.
  const most = Math.max(expected, ...guarded.map(wantedOf));
  const cause = one.state === 'spent' ? 'spent' : most < desired ? 'budget-above-pods' : 'pods-unhealthy';
  const severity: Severity = cause === 'spent' || !isStated ? 'low' : 'medium';
  const since = closedSince(one);
  const above = cause === 'budget-above-pods' ? `, and there are to be no more than ${most}` : '';
  const wants = `${budgetName(budget)} wants ${desired} healthy ${desired === 1 ? 'pod' : 'pods'} and has ${healthy}`;
  const [workload] = guarded;
  return {
    resource: refOf(budget),
    severity,
    message: `${wants}${cause === 'spent' ? ` of ${expected}, so none is to spare` : ''}${forText(examination, since)}${above}.`,
    evidence: [
      ...(condition === undefined ? [] : conditionEvidence(budget, condition)),
      ...(isStated
        ? [
            fieldEvidence(budget, 'status.currentHealthy', healthy),
            fieldEvidence(budget, 'status.desiredHealthy', desired),
          ]
        : [fieldEvidence(budget, 'spec.minAvailable', budget.spec?.minAvailable ?? 'not set')]),
    ],
    facts: knownFacts({
      cause,
      healthy,
      desired,
      expected,
      workload: workload === undefined ? undefined : refKey(refOf(workload)),
    }),
    since,
  };
}

/** 0 for workloads without a number of their own, whose pods say how many there are. */
function wantedOf(workload: KubeObject & { readonly spec?: { readonly replicas?: number } }): number {
  return workload.spec?.replicas ?? 0;
}
