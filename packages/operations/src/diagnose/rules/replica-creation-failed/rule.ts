/** The pods of a workload are refused at creation, so that none is Pending. */
import { refKey, refOf, refText } from '@aia/cluster';
import { creationRefusals, type CreationRefusal } from '../../workloads/creation-refusals.ts';
import type { Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import type { CreationMessage } from '../../messages/message.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/**
 * Facts: cause (`CreationMessage.cause`), name (of the quota, webhook, account or class that the refusal names), quota (its name, for the
 * causes quota and quota-needs-values), resources (those the quota refuses), workload.
 */
export const rule: Rule = {
  code: 'replica-creation-failed',
  title: 'Pods are refused at creation',
  severity: 'high',
  explanation:
    'The API server refuses the pods of a workload, so they never exist and nothing is Pending: the namespace has used up a ' +
    'ResourceQuota, a LimitRange or Pod Security forbids them, an admission webhook denies them or does not answer, or the template names a ' +
    'ServiceAccount or PriorityClass that does not exist. The refusal is read from the ReplicaFailure condition of ReplicaSets and ' +
    'Deployments, and from FailedCreate events of StatefulSets, DaemonSets and Jobs. The rule stays silent for refusals younger than ' +
    'the grace period and for those after which a pod was made.',
  remediation: {
    class: 'investigate',
    text: 'Do what the refusal names: raise the quota or lower requests, meet the policy, bring the webhook back, create the account.',
  },
  aliases: { k8sgpt: ['ReplicaSet'], mixin: ['KubeQuotaExceeded'], gcpdiag: ['gke/ERR/2024_001'] },
  needs: [],
  *check(examination) {
    for (const refusal of creationRefusals(examination)) yield draftOf(examination, refusal);
  },
};

function draftOf(examination: Examination, { workload, message, evidence, since }: CreationRefusal): FindingDraft {
  const resource = refOf(workload);
  const isQuota = message.cause === 'quota' || message.cause === 'quota-needs-values';
  const resources = Object.keys(message.requested ?? {}).sort();
  return {
    resource,
    message: `${refText(resource)} cannot create pods${forText(examination, since)}: ${whyText(message)}.`,
    evidence,
    facts: knownFacts({
      cause: message.cause,
      name: message.name,
      quota: isQuota ? message.name : undefined,
      resources: resources.length === 0 ? undefined : resources,
      workload: refKey(resource),
    }),
    since,
  };
}

function whyText(message: CreationMessage): string {
  const { cause, name = '', requested = {}, used = {}, limited = {}, text } = message;
  const parts = Object.keys(requested)
    .sort()
    .map(
      (resource) =>
        `${resource} ${used[resource] ?? '?'} of ${limited[resource] ?? '?'} used, ${requested[resource] ?? '?'} more wanted`,
    );
  if (cause === 'quota' && parts.length > 0) return `quota ${name} is exceeded (${parts.join('; ')})`;
  if (cause === 'service-account-missing' && name !== '') return `ServiceAccount ${name} does not exist`;
  if (cause === 'priority-class-missing' && name !== '') return `PriorityClass ${name} does not exist`;
  if (cause === 'webhook-unreachable' && name !== '') return `admission webhook ${name} does not answer`;
  return text === '' ? 'the refusal gives no reason' : briefly(text);
}
