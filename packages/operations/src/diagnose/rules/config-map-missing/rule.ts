/** A workload needs a ConfigMap that does not exist. */
import { missingReferenceDrafts } from '../../configuration/missing-references.ts';
import type { Rule } from '../../rule.ts';

/** Facts: objectKind, objectName, workload, uses. */
export const rule: Rule = {
  code: 'config-map-missing',
  title: 'ConfigMap does not exist',
  severity: 'high',
  explanation:
    'A pod template takes environment variables or files from a ConfigMap that is not in its namespace, and the reference is not ' +
    'optional, so the kubelet cannot start the container. It is medium while the workload is complete: the pods that run keep what ' +
    'they have, the next one to start fails. The rule stays silent for optional references, for volumes that no container mounts, for workloads that are younger than the ' +
    'grace period, scaled to zero, suspended or finished, and where the ConfigMaps of the namespace were not read.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the ConfigMap with the content its users expect, or correct the name in the template.',
  },
  aliases: { 'kube-linter': ['env-value-from'] },
  needs: ['config-maps'],
  check: (examination) => missingReferenceDrafts(examination, 'ConfigMap', false),
};
