/** What somebody left behind and nothing suffers from yet: findings that are no symptoms and too slight for a root cause. */
import { refKey, refText } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Assessment } from '@aia/contract';
import { ruleOf } from '../diagnose/catalogue.ts';
import { isSerious } from '../diagnose/finding.ts';
import { titleOf } from '../diagnose/title-of.ts';

/** By code: whether such a finding is worth a change although nothing fails. What was made suspended and never ran is so on purpose. */
const LEFT_BEHIND: Readonly<Record<string, (finding: AssessedFinding, all: readonly AssessedFinding[]) => boolean>> = {
  // Whoever drains a node and is held up by a budget has not forgotten it.
  'node-cordoned': (_, all) => !all.some((one) => one.code === 'disruption-budget-blocks-drain' && isSerious(one)),
  'container-restarts-often': () => true,
  'deployment-rollout-paused': () => true,
  'eviction-forbidden': () => true,
  'service-target-port-missing': isOnlyNamesake,
  'cron-job-suspended': ({ facts }) => facts?.['hasRun'] === true || facts?.['wasChanged'] === true,
};

/** Whether the pods declare one port alone, by the very name of the port that leads elsewhere: what else a number would mean, no one could tell. */
function isOnlyNamesake({ id, facts }: AssessedFinding): boolean {
  const declared = facts?.['declared'];
  const [name, ...others] = Array.isArray(declared) ? declared.map((one) => String(one).split('=')[0]) : [];
  return name !== undefined && others.length === 0 && id.endsWith(`:${name}`);
}

/** As causes of their own, of severity `low`; those that a root cause explains are part of it. */
export function lesserCauses({ findings }: Pick<Assessment, 'findings'>): readonly AssessedRootCause[] {
  return findings
    .filter((finding) => finding.explainedBy === undefined && LEFT_BEHIND[finding.code]?.(finding, findings) === true)
    .map(asCause);
}

function asCause({ id, code, resource, message, evidence, since }: AssessedFinding): AssessedRootCause {
  const rule = ruleOf(code);
  return {
    id: `${code}@${refKey(resource)}`,
    class: code,
    title: titleOf(rule?.title ?? code, refText(resource)),
    statement: message,
    resource,
    severity: 'low',
    ...(since !== undefined && { since }),
    probability: 1,
    prior: 1,
    weighings: [],
    rivals: [],
    evidence,
    chain: [],
    explains: [id],
    impact: { pods: 0, workloads: [], services: 0, unanswered: 0, routes: 0 },
    counterfactuals: [],
    remediation: rule?.remediation ?? { class: 'investigate', text: 'Look at the evidence.' },
  };
}
