/** A workload needs a key that its Secret does not have. */
import { missingReferenceDrafts } from '../../configuration/missing-references.ts';
import type { Rule } from '../../rule.ts';

/** Facts: objectKind, objectName, key, workload, uses. */
export const rule: Rule = {
  code: 'secret-key-missing',
  title: 'Key of a Secret does not exist',
  severity: 'high',
  explanation:
    'A pod template takes a variable, an item or a subPath from a key that the Secret does not have, and the reference is not ' +
    'optional, so the container does not start or finds a directory where a file should be. It is medium while the workload is ' +
    'complete. The rule stays silent for optional references, for volumes that no container mounts, for workloads that are younger than the ' +
    'grace period, scaled to zero, suspended or finished, and for Secrets of which ' +
    'only the metadata were read. Only the names of keys are ever looked at.',
  remediation: { class: 'restore-configuration', text: 'Add the key to the Secret, or name one that it has.' },
  aliases: { popeye: ['401'] },
  needs: ['secrets', 'secret-keys'],
  check: (examination) => missingReferenceDrafts(examination, 'Secret', true),
};
