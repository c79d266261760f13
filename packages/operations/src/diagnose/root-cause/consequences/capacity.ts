/** What follows from findings about quotas and autoscaling. */
import type { Evidence } from '../../evidence.ts';
import type { Finding } from '../../finding.ts';
import { text, texts } from '../finding-index.ts';
import type { ConsequenceRule } from './consequence-rule.ts';

export const CAPACITY_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: ['scale-up-refused'],
    relation: 'without a further node the pods have nowhere to go',
    effects: (finding, findings) =>
      texts(finding, 'pods').flatMap((pod) => findings.aboutKey(`/Pod/${pod}`, 'pod-unschedulable')),
    evidence: (finding, effect) => [...events(effect, SCALE_UP).slice(0, 1), ...finding.evidence.slice(0, 1)],
  },
  {
    from: ['quota-exhausted', 'quota-near-limit'],
    relation: 'the cloud refuses a node that would exceed the quota',
    effects: (finding, findings) =>
      findings.ofCode('scale-up-refused').filter((other) => texts(other, 'metrics').includes(text(finding, 'metric'))),
    evidence: (finding, effect) => [...finding.evidence.slice(0, 1), ...effect.evidence.slice(0, 1)],
  },
];

const SCALE_UP = /ScaleUp/;

function events(finding: Finding, reason: RegExp): readonly Evidence[] {
  return finding.evidence.filter((one) => one.kind === 'event' && reason.test(one.reason));
}
