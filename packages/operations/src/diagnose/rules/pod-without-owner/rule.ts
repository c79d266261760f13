/** A pod that no controller would replace. */
import { isFinished, refKey, refOf, type Pod } from '@aia/cluster';
import { isSettled } from '../../pods/container-state.ts';
import { fieldEvidence } from '../../examination.ts';
import { isSystemNamespace } from '../../namespaces/system-namespaces.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';

/** Facts: workload (the pod itself). */
export const rule: Rule = {
  code: 'pod-without-owner',
  title: 'Pod has no controller',
  severity: 'info',
  explanation:
    'The pod was created by itself. When its node is drained or lost, nobody makes a new one, and the cluster autoscaler will not ' +
    'remove the node under it. The rule stays silent for static pods and their mirrors, which belong to their node, for the ' +
    "namespaces of the system (kube-…, gke-…, openshift-…), for pods that have ended, and during the grace period, so that a person's " +
    'short-lived debugging pod is not reported at once.',
  remediation: {
    class: 'remove-object',
    text: 'Put it under a Deployment, StatefulSet or Job, or delete it when it has served.',
  },
  aliases: { popeye: ['208'], polaris: ['nakedPod'], kubescape: ['C-0073'] },
  needs: [],
  *check(examination) {
    for (const pod of examination.snapshot.list('Pod')) {
      if ((pod.metadata.ownerReferences?.length ?? 0) > 0 || !isMeantToStay(pod)) continue;
      if (!examination.judges(pod.metadata.namespace ?? '') || !isSettled(examination, pod)) continue;
      yield {
        resource: refOf(pod),
        message: `Pod ${podName(pod)} has no controller, so nobody replaces it when its node goes`,
        evidence: [fieldEvidence(pod, 'metadata.ownerReferences', 'none')],
        facts: { workload: refKey(refOf(pod)) },
      };
    }
  },
};

function isMeantToStay(pod: Pod): boolean {
  const { annotations, namespace = 'default' } = pod.metadata;
  const source = annotations?.['kubernetes.io/config.source'];
  const isStatic =
    annotations?.['kubernetes.io/config.mirror'] !== undefined || (source !== undefined && source !== 'api');
  return !isStatic && !isFinished(pod) && !isSystemNamespace(namespace);
}
