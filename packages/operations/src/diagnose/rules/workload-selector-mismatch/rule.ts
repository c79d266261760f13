/** A workload's selector does not select the pods of its own template. */
import { controllingReference, matchesSelector, refOf, selectorText, type KindMap } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

const KINDS = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'] as const satisfies readonly (keyof KindMap)[];

/** Facts: selector. */
export const rule: Rule = {
  code: 'workload-selector-mismatch',
  title: 'Selector does not match its own template',
  severity: 'high',
  explanation:
    'The labels of the pod template do not satisfy the selector of the workload, so it could never find the pods that it makes. The ' +
    'API server refuses such an object (`selector` does not match template `labels`), so this shows in manifests, before they are applied. ' +
    'Objects without a selector are refused for another reason and are left out, and so is what a controller made.',
  remediation: {
    class: 'restore-configuration',
    text: 'Give the template the labels that the selector asks for; the selector of an existing workload cannot be changed.',
  },
  aliases: {
    popeye: ['508'],
    'kube-linter': ['mismatching-selector'],
    'kube-score': [
      'deployment-pod-selector-labels-match-template-metadata-labels',
      'statefulset-pod-selector-labels-match-template-metadata-labels',
    ],
    kubescape: ['C-0296'],
  },
  needs: [],
  *check(examination) {
    for (const kind of KINDS) {
      for (const workload of livingOf(examination, kind)) {
        const { selector, template } = workload.spec ?? {};
        const labels = template?.metadata?.labels ?? {};
        // What a controller made follows its owner's template.
        if (controllingReference(workload) !== undefined) continue;
        // Pods that exist were made to match; what was read is a part of the object.
        if (template?.metadata?.labels === undefined && hasPods(workload)) continue;
        if (selector === undefined || template === undefined || matchesSelector(selector, labels)) continue;
        const { namespace = '', name } = workload.metadata;
        const found = selectorText({ matchLabels: labels });
        yield {
          resource: refOf(workload),
          message: `${kind} ${namespace}/${name} selects ${selectorText(selector)}, but labels its pods ${found}.`,
          evidence: [
            fieldEvidence(workload, 'spec.selector', selectorText(selector)),
            fieldEvidence(workload, 'spec.template.metadata.labels', found),
          ],
          facts: { selector: selectorText(selector) },
        };
      }
    }
  },
};

function hasPods({
  status,
}: {
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly currentNumberScheduled?: number;
    readonly numberReady?: number;
  };
}): boolean {
  const { replicas, readyReplicas, currentNumberScheduled, numberReady } = status ?? {};
  return Math.max(...[replicas, readyReplicas, currentNumberScheduled, numberReady].map((count) => count ?? 0)) > 0;
}
