/** A disruption budget that never lets a pod go. */
import { refKey, refOf } from '@aia/cluster';
import { conditionEvidence } from '../../conditions.ts';
import {
  budgetName,
  disruptionBudgets,
  guardedWorkloads,
  type BudgetCase,
} from '../../workloads/disruption-budgets.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { briefly } from '../../wording.ts';

/** Facts: cause (`no-disruption` or `sync-failed`), expected, desired, nodes (that are cordoned and carry its pods), workload. */
export const rule: Rule = {
  code: 'disruption-budget-blocks-drain',
  title: 'Disruption budget never allows an eviction',
  severity: 'low',
  explanation:
    'All pods of the PodDisruptionBudget are healthy, and it allows no eviction all the same: it wants as many pods as there are, as with a single ' +
    'replica and minAvailable 1, or maxUnavailable is 0. Drains and upgrades of the nodes under them wait until they are forced. It is medium once a ' +
    'node under its pods is cordoned, as then a drain waits for it, and where the controller cannot count the pods (SyncFailed). The ' +
    'rule stays silent while pods are not healthy, which disruption-budget-unhealthy reports.',
  remediation: {
    class: 'restore-configuration',
    text: 'Run one replica more than the budget wants, or allow one to be unavailable.',
  },
  aliases: {
    k8sgpt: ['PDB'],
    polaris: ['pdbDisruptionsIsZero'],
    'kube-linter': ['pdb-max-unavailable', 'pdb-min-available'],
  },
  needs: [],
  *check(examination) {
    for (const one of disruptionBudgets(examination)) {
      if (one.state === 'closed') yield draftOf(examination, one);
    }
  },
};

function draftOf(examination: Examination, one: BudgetCase): FindingDraft {
  const { budget, expected, desired, condition } = one;
  const failed = condition?.reason === 'SyncFailed';
  const nodes = cordonedUnder(examination, one);
  const waiting = nodes.length === 0 ? '' : `; the drain of ${nodes.join(', ')} waits for it`;
  const why = failed
    ? `the controller cannot count its pods: ${briefly(condition.message ?? 'no reason is given')}`
    : `it wants ${desired} of ${expected} ${expected === 1 ? 'pod' : 'pods'}`;
  const [workload] = guardedWorkloads(examination, one);
  return {
    resource: refOf(budget),
    severity: failed || nodes.length > 0 ? 'medium' : 'low',
    message: `${budgetName(budget)} never allows an eviction: ${why}${waiting}.`,
    evidence: [...(condition === undefined ? [] : conditionEvidence(budget, condition)), policyEvidence(one)],
    facts: knownFacts({
      cause: failed ? 'sync-failed' : 'no-disruption',
      expected,
      desired,
      nodes,
      workload: workload === undefined ? undefined : refKey(refOf(workload)),
    }),
  };
}

function policyEvidence({ budget }: BudgetCase) {
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  return minAvailable === undefined
    ? fieldEvidence(budget, 'spec.maxUnavailable', maxUnavailable ?? 'not set')
    : fieldEvidence(budget, 'spec.minAvailable', minAvailable);
}

function cordonedUnder({ snapshot }: Examination, { pods }: BudgetCase): readonly string[] {
  const names = new Set(pods.map(({ spec }) => spec?.nodeName ?? ''));
  return [...names].filter((name) => snapshot.get('Node', '', name)?.spec?.unschedulable === true).sort();
}
