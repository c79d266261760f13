/** Findings that no family explains: those that are causes in themselves, and symptoms whose cause was not to be seen. */
import { refText } from '@aia/cluster';
import { ruleOf } from '../../catalogue.ts';
import type { Finding } from '../../finding.ts';
import { titleOf } from '../../title-of.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS } from '../consequences/consequence-rule.ts';
import { text } from '../finding-index.ts';
import { effectsOn, STRENGTH, type Hypothesis } from '../hypothesis.ts';
import { workloadRef } from './workload-ref.ts';

const SYMPTOMS: ReadonlySet<string> = new Set([
  ...POD_FAILURES,
  ...WORKLOAD_SYMPTOMS,
  'load-balancer-pending',
  'scale-up-refused',
  'endpoint-failing',
  'endpoint-unreachable',
  'workload-not-observed',
  'job-failed',
  'job-not-completed',
  'cron-job-failing',
  'service-without-endpoints',
  'ingress-backend-unavailable',
  'route-backend-unavailable',
  'ingress-address-pending',
  'hpa-replicas-mismatch',
  'disruption-budget-unhealthy',
]);

/** What has somebody's decision behind it and nothing else. */
const DECISIONS: ReadonlySet<string> = new Set(['scaled-to-zero', 'budget-above-pods']);

/** One hypothesis for each finding that nothing else brings about; pods of one workload that show the same are one. */
export function explainByItself(unexplained: readonly Finding[]): readonly Hypothesis[] {
  const groups = Map.groupBy(unexplained, (finding) =>
    SYMPTOMS.has(finding.code) && text(finding, 'workload') !== ''
      ? [finding.code, text(finding, 'workload'), text(finding, 'container'), text(finding, 'cause')].join(' ')
      : finding.id,
  );
  return [...groups.values()].map((group) => ofPods(group, itself(group[0] as Finding)));
}

/** The same of a workload, where more than one of its pods shows it. */
function ofPods(group: readonly Finding[], hypothesis: Hypothesis): Hypothesis {
  const [first] = group as [Finding];
  if (group.length === 1) return hypothesis;
  const workload = workloadRef(first);
  const others = group.length - 1;
  return {
    ...hypothesis,
    resource: workload,
    title: `${ruleOf(first.code)?.title ?? first.code}: ${refText(workload)}, cause not seen`,
    statement: `${first.message.replace(/[.…]*$/, '.')} The same holds for ${others === 1 ? 'another pod' : `${others} more pods`}. What was read does not show why.`,
    effects: effectsOn(group, 'it was observed directly'),
  };
}

function itself(finding: Finding): Hypothesis {
  const rule = ruleOf(finding.code);
  const isSymptom = SYMPTOMS.has(finding.code) && !DECISIONS.has(String(finding.facts['cause']));
  return {
    class: finding.code,
    resource: finding.resource,
    title: isSymptom
      ? `${titleOf(rule?.title ?? finding.code, refText(finding.resource))}, cause not seen`
      : titleOf(rule?.title ?? finding.code, refText(finding.resource)),
    statement: isSymptom
      ? `${finding.message.replace(/[.…]*$/, '.')} What was read does not show why.`
      : finding.message,
    effects: [{ finding: finding.id, relation: 'it was observed directly', evidence: finding.evidence.slice(0, 1) }],
    evidence: finding.evidence.slice(0, 6),
    weighings: [
      isSymptom
        ? { observation: 'a symptom without a visible cause', ratio: STRENGTH.unlikely }
        : { observation: 'observed directly', ratio: STRENGTH.measured },
    ],
    remediation: rule?.remediation ?? { class: 'investigate', text: 'Look at the evidence.' },
  };
}
