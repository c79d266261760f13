/** A Deployment has fewer available replicas than it wants, and no rollout under way explains it. */
import { refOf, timeOf, type Deployment } from '@aia/cluster';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isRollingOut } from '../../workloads/rollout.ts';
import type { Rule } from '../../rule.ts';
import { outageSeverity, shortfallEvidence, shortfallOf, shortfallText } from '../../workloads/shortfall.ts';
import { isReported, livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: desired, available, updated, ready, missing (pods that do not exist). */
export const rule: Rule = {
  code: 'deployment-unavailable',
  title: 'Deployment lacks available replicas',
  severity: 'high',
  explanation:
    'The Deployment has had fewer available replicas than it asks for over longer than a start takes: its pods fail, cannot be ' +
    'placed or cannot be created. It is critical when none is available and a Service selects its pods, so that requests go ' +
    'nowhere. The rule stays silent for Deployments scaled to zero, for rollouts that are still within their progress deadline ' +
    '(600 s unless set), and while every pod that is not ready is younger than the grace period.',
  remediation: {
    class: 'investigate',
    text: 'See the findings about its pods; where pods do not exist at all, see why their creation is refused.',
  },
  aliases: { k8sgpt: ['Deployment/1'], popeye: ['501', '508'], mixin: ['KubeDeploymentReplicasMismatch'] },
  needs: ['deployments'],
  *check(examination) {
    for (const deployment of livingOf(examination, 'Deployment')) {
      if (!isReported(deployment)) continue;
      const { availableReplicas = 0 } = deployment.status ?? {};
      if (availableReplicas >= wantedReplicas(deployment) || isRollingOut(examination, deployment)) continue;
      const draft = unavailable(examination, deployment, availableReplicas);
      if (draft !== undefined) yield draft;
    }
  },
};

function unavailable(examination: Examination, deployment: Deployment, available: number): FindingDraft | undefined {
  const desired = wantedReplicas(deployment);
  const { updatedReplicas = 0, readyReplicas = 0, conditions } = deployment.status ?? {};
  const condition = conditionOf(conditions, 'Available');
  const stated = condition?.status === 'False' ? timeOf(condition.lastTransitionTime) : undefined;
  const short = shortfallOf(examination, deployment, desired, stated);
  if (short === undefined) return undefined;
  const { namespace = '', name } = deployment.metadata;
  return {
    resource: refOf(deployment),
    severity: outageSeverity(examination, deployment, available),
    message: `Deployment ${namespace}/${name} has ${available} of ${desired} replicas available${forText(examination, short.since)}${shortfallText(short)}.`,
    evidence: [
      fieldEvidence(deployment, 'status.availableReplicas', available),
      fieldEvidence(deployment, 'spec.replicas', desired),
      ...(condition?.status === 'False' ? conditionEvidence(deployment, condition) : []),
      ...shortfallEvidence(short),
    ],
    facts: { desired, available, updated: updatedReplicas, ready: readyReplicas, missing: short.missing },
    since: short.since,
  };
}
