/** A workload needs a key that its ConfigMap does not have. */
import { missingReferenceDrafts } from '../../configuration/missing-references.ts';
import type { Rule } from '../../rule.ts';

/** Facts: objectKind, objectName, key, workload, uses. */
export const rule: Rule = {
  code: 'config-map-key-missing',
  title: 'Key of a ConfigMap does not exist',
  severity: 'high',
  explanation:
    'A pod template takes a variable, an item or a subPath from a key that the ConfigMap does not have, and the reference is not ' +
    'optional, so the container does not start or finds a directory where a file should be. It is medium while the workload is ' +
    'complete. The rule stays silent for optional references, for volumes that no container mounts, for workloads that are younger than the ' +
    'grace period, scaled to zero, suspended or finished.',
  remediation: { class: 'restore-configuration', text: 'Add the key to the ConfigMap, or name one that it has.' },
  aliases: { popeye: ['401'] },
  needs: ['config-maps'],
  check: (examination) => missingReferenceDrafts(examination, 'ConfigMap', true),
};
