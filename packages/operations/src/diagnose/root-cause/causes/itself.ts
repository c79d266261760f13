/** Findings that no family explains: those that are causes in themselves, and symptoms whose cause was not to be seen. */
import { refText } from '@aia/cluster';
import { ruleOf } from '../../catalogue.ts';
import type { Finding } from '../../finding.ts';
import { titleOf } from '../../title-of.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS } from '../consequences/consequence-rule.ts';
import { STRENGTH, type Hypothesis } from '../hypothesis.ts';

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

/** One hypothesis for each finding that nothing else brings about. */
export function explainByItself(unexplained: readonly Finding[]): readonly Hypothesis[] {
  return unexplained.map(itself);
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
