/** A pull secret that a workload names does not exist. */
import { refKey, refOf, refText } from '@aia/cluster';
import { isReadIn } from '../../absence.ts';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { pullSecretsOf } from '../../workloads/workload-needs.ts';
import { workloadTemplates } from '../../workloads/workload-templates.ts';

/** Facts: objectKind, objectName, workload. */
export const rule: Rule = {
  code: 'workload-pull-secret-missing',
  title: 'Pull secret of a workload is missing',
  severity: 'medium',
  explanation:
    'imagePullSecrets of the pod template or of its ServiceAccount names a Secret that does not exist. The kubelet goes on ' +
    'without it, so public images and images on the node still start; private ones fail with ErrImagePull. It is low while the ' +
    'workload is complete, since it may not need the secret at all. The rule stays silent for workloads younger than the grace ' +
    'period, scaled to zero or suspended, and where the Secrets of the namespace were not read.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the Secret of type kubernetes.io/dockerconfigjson, or take the name out if the images are public.',
  },
  aliases: { k8sgpt: ['DaemonSet/2'], popeye: ['305'] },
  needs: ['secrets'],
  *check(examination) {
    const { snapshot, thresholds } = examination;
    for (const template of workloadTemplates(examination)) {
      const { namespace, workload, holder, isComplete } = template;
      if ((examination.ageMs(holder.metadata.creationTimestamp) ?? Infinity) < thresholds.graceMs) continue;
      for (const secret of pullSecretsOf(snapshot, template)) {
        if (snapshot.get('Secret', namespace, secret.name) !== undefined || !isReadIn(snapshot, 'Secret', namespace))
          continue;
        yield {
          resource: refOf(workload),
          part: secret.name,
          severity: isComplete ? 'low' : 'medium',
          message: `${refText(refOf(workload))} pulls images with Secret ${secret.name}${secret.holder.kind === 'ServiceAccount' ? ` of its ServiceAccount ${secret.holder.metadata.name}` : ''}, which does not exist.`,
          evidence: [
            fieldEvidence(secret.holder, secret.path, secret.name),
            absenceEvidence('Secret', namespace, secret.name, 'not among the Secrets of the namespace'),
          ],
          facts: { objectKind: 'Secret', objectName: secret.name, workload: refKey(refOf(workload)) },
        };
      }
    }
  },
};
