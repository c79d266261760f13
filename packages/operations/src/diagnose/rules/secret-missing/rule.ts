/** A workload needs a Secret that does not exist. */
import { missingReferenceDrafts } from '../../configuration/missing-references.ts';
import type { Rule } from '../../rule.ts';

/** Facts: objectKind, objectName, workload, uses. */
export const rule: Rule = {
  code: 'secret-missing',
  title: 'Secret does not exist',
  severity: 'high',
  explanation:
    'A pod template takes environment variables or files from a Secret that is not in its namespace, and the reference is not ' +
    'optional, so the kubelet cannot start the container. It is medium while the workload is complete: the pods that run keep what ' +
    'they have, the next one to start fails. The rule stays silent for optional references, for volumes that no container mounts, for workloads that are younger than the ' +
    'grace period, scaled to zero, suspended or finished, for Secrets that the Secrets Store CSI driver makes when a ' +
    'pod starts, and where the Secrets of the namespace were not read. Pull secrets are judged by workload-pull-secret-missing.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the Secret, or mend what should have made it (cert-manager, External Secrets, Sealed Secrets), or correct the name in the template.',
  },
  aliases: { popeye: ['304'], 'kube-linter': ['env-value-from'] },
  needs: ['secrets'],
  check: (examination) => missingReferenceDrafts(examination, 'Secret', false),
};
