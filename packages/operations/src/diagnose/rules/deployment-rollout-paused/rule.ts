/** A Deployment that was paused and given a template that waits since. */
import { refOf, timeOf, type Deployment } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import { progressOf } from '../../workloads/rollout.ts';
import type { Rule } from '../../rule.ts';
import { livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: desired, running (replicas of earlier revisions). */
export const rule: Rule = {
  code: 'deployment-rollout-paused',
  title: 'Rollout was left paused',
  severity: 'low',
  explanation:
    'The Deployment is paused, and no pod is of its present template: what was changed since the pause is not rolled out until somebody ' +
    'resumes it, and the old version runs on. Pauses are often forgotten after a series of changes. The rule stays silent where nothing ' +
    'waits, while a part of the replicas is of the present template (a canary that somebody watches), for Deployments scaled to zero, ' +
    'and during the grace period after the pause.',
  remediation: {
    class: 'roll-back',
    text: 'Resume it (kubectl rollout resume) once what waits may run, or undo what was changed.',
  },
  aliases: {},
  needs: ['deployments'],
  *check(examination) {
    for (const deployment of livingOf(examination, 'Deployment')) {
      const since = timeOf(progressOf(deployment)?.lastUpdateTime);
      if (!isWaiting(deployment) || examination.now - (since ?? 0) < examination.thresholds.graceMs) continue;
      const { namespace = '', name } = deployment.metadata;
      const { replicas = 0, updatedReplicas = 0 } = deployment.status ?? {};
      yield {
        resource: refOf(deployment),
        message: `Deployment ${namespace}/${name} has been paused${forText(examination, since)}, and its present template is not rolled out: all ${replicas} replicas are of an earlier one.`,
        evidence: [
          fieldEvidence(deployment, 'spec.paused', true),
          fieldEvidence(deployment, 'status.updatedReplicas', updatedReplicas),
        ],
        facts: { desired: wantedReplicas(deployment), running: replicas },
        since,
      };
    }
  },
};

/** The controller has seen the present template and has no pod of it. */
function isWaiting({ spec, status, metadata }: Deployment): boolean {
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0 } = status ?? {};
  const isSeen = observedGeneration >= (metadata.generation ?? 0);
  return spec?.paused === true && isSeen && replicas > 0 && updatedReplicas === 0;
}
