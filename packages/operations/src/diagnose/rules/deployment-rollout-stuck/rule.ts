/** A rollout has made no progress for longer than its deadline allows. */
import { refOf, timeOf, type Deployment } from '@aia/cluster';
import { conditionEvidence, type FoundCondition } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { previousReplicaSet, progressOf, revisionNumber } from '../../workloads/rollout.ts';
import type { Rule } from '../../rule.ts';
import { livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/**
 * Facts: revision, previousRevision (absent when no ReplicaSet of an earlier one is kept), previousRevisionAvailable (whether one
 * is), desired, updated, previousReplicas (replicas of the earlier revision that still serve).
 */
export const rule: Rule = {
  code: 'deployment-rollout-stuck',
  title: 'Rollout is stuck',
  severity: 'high',
  explanation:
    'The Deployment controller has seen no progress of a rollout for progressDeadlineSeconds (ProgressDeadlineExceeded) or could not make its ReplicaSet: ' +
    'the pods of the new revision do not become ready, cannot be placed or cannot be created. Older replicas keep serving where ' +
    'the strategy kept them, so the workload may look fine while it runs the old version. It is medium where replicas lack as well, which ' +
    'deployment-unavailable reports. The rule stays silent for Deployments ' +
    'that are paused, scaled to zero or complete after all.',
  remediation: {
    class: 'roll-back',
    text: 'Roll back to the previous revision, or mend what keeps the pods of the new one from becoming ready.',
  },
  aliases: { k8sgpt: ['Deployment/3'], mixin: ['KubeDeploymentRolloutStuck'] },
  needs: ['deployments'],
  *check(examination) {
    for (const deployment of livingOf(examination, 'Deployment')) {
      const progress = progressOf(deployment);
      if (progress?.status !== 'False') continue;
      if (deployment.spec?.paused !== true && !isComplete(deployment)) yield stuck(examination, deployment, progress);
    }
  },
};

/** The controller takes the condition back at its next look; until then the counts say so. */
function isComplete(deployment: Deployment): boolean {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  const wanted = wantedReplicas(deployment);
  return wanted === 0 || (updatedReplicas >= wanted && availableReplicas >= wanted && replicas === updatedReplicas);
}

function stuck(examination: Examination, deployment: Deployment, progress: FoundCondition): FindingDraft {
  const previous = previousReplicaSet(examination, deployment);
  const revision = revisionNumber(deployment);
  const previousRevision = previous === undefined ? undefined : revisionNumber(previous);
  const { updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  const desired = wantedReplicas(deployment);
  const since = timeOf(progress.lastTransitionTime);
  const { namespace = '', name } = deployment.metadata;
  const previousReplicas = previous?.status?.availableReplicas ?? 0;
  const fallback =
    previousRevision === undefined ? '' : `; ${previousReplicas} of revision ${previousRevision} still serve`;
  return {
    resource: refOf(deployment),
    // Where replicas lack, deployment-unavailable says what that means; this finding then only adds since which revision.
    severity: availableReplicas < desired ? 'medium' : 'high',
    message: `The rollout of Deployment ${namespace}/${name}${revision === undefined ? '' : ` to revision ${revision}`} has been stuck${forText(examination, since)} with ${updatedReplicas} of ${desired} replicas updated${fallback}.`,
    evidence: [
      ...conditionEvidence(deployment, progress),
      fieldEvidence(deployment, 'status.updatedReplicas', updatedReplicas),
      ...(previous === undefined ? [] : [fieldEvidence(previous, 'status.availableReplicas', previousReplicas)]),
    ],
    facts: knownFacts({
      revision,
      previousRevision,
      previousRevisionAvailable: previous !== undefined,
      previousReplicas,
      desired,
      updated: updatedReplicas,
    }),
    since,
  };
}
