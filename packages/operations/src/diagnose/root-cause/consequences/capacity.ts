/** What follows from findings about quotas and autoscaling. */
import type { Evidence } from '../../evidence.ts';
import type { Finding } from '../../finding.ts';
import { amount, text, texts } from '../finding-index.ts';
import { WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

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
  {
    from: ['quota-near-limit'],
    relation: 'its usage goes on growing',
    effects: (finding, findings) =>
      findings.about(finding.resource, 'quota-forecast', 'autoscaler-ceiling-exceeds-quota'),
  },
  {
    from: ['limit-range-conflict'],
    relation: 'the API server refuses pods that lie outside a LimitRange',
    effects: (finding, findings) => [
      ...findings
        .about(finding.resource, 'replica-creation-failed')
        .filter((other) => REFUSED_BY_RANGE.has(text(other, 'cause'))),
      ...((amount(finding, 'lacking') ?? 0) > 0 ? findings.about(finding.resource, ...WORKLOAD_SYMPTOMS) : []),
    ],
  },
  {
    from: ['namespace-quota-blocks-rollout'],
    relation: 'pods for which the namespace quota has no room are never made',
    effects: (finding, findings) =>
      text(finding, 'stage') === 'now' ? findings.about(finding.resource, ...WORKLOAD_SYMPTOMS) : [],
  },
  {
    from: ['namespace-quota-exhausted', 'namespace-quota-near-limit'],
    relation: 'a rollout that starts a pod before it stops one needs room for it',
    effects: (finding, findings) =>
      findings
        .ofCode('namespace-quota-blocks-rollout')
        .filter(
          (other) =>
            text(other, 'stage') === 'next-rollout' &&
            text(other, 'quota') === finding.resource.name &&
            other.resource.namespace === finding.resource.namespace,
        ),
  },
];

/** What the API server may say of a pod outside a LimitRange: the bound, or that a request exceeds a default limit. */
const REFUSED_BY_RANGE: ReadonlySet<string> = new Set(['limit-range', 'invalid']);
const SCALE_UP = /ScaleUp/;

function events(finding: Finding, reason: RegExp): readonly Evidence[] {
  return finding.evidence.filter((one) => one.kind === 'event' && reason.test(one.reason));
}
