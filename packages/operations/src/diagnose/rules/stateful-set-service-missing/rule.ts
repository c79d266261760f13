/** The Service that gives a StatefulSet's pods their names does not exist. */
import { refOf } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';

/** Facts: objectKind, objectName. */
export const rule: Rule = {
  code: 'stateful-set-service-missing',
  title: 'Governing Service of a StatefulSet is missing',
  severity: 'medium',
  explanation:
    'spec.serviceName names the headless Service through which the pods of a StatefulSet get stable DNS names. Without it the pods ' +
    'start, but peers that look each other up by name do not find each other; clustered databases then fail to form. The rule ' +
    'is low where no Service of the namespace was read, and stays silent where no name is given, for sets scaled to zero, and where Services could not be read.',
  remediation: {
    class: 'restore-configuration',
    text: 'Create the headless Service (clusterIP: None) with the selector of the pods; serviceName itself cannot be changed.',
  },
  aliases: { k8sgpt: ['StatefulSet/1'], 'kube-score': ['statefulset-has-servicename'] },
  needs: ['services'],
  *check(examination) {
    const { snapshot } = examination;
    for (const set of livingOf(examination, 'StatefulSet')) {
      const { namespace = '', name } = set.metadata;
      const wanted = set.spec?.serviceName ?? '';
      if (wanted === '' || wantedReplicas(set) === 0 || snapshot.get('Service', namespace, wanted) !== undefined)
        continue;
      const absence = absenceOf(snapshot, '', 'Service', namespace);
      if (absence === 'unknown') continue;
      const isLikely = absence === 'likely';
      yield {
        resource: refOf(set),
        ...(isLikely && { severity: 'low' }),
        message: `StatefulSet ${namespace}/${name} relies on Service ${wanted} for the DNS names of its pods, ${isLikely ? 'which is not among what was read' : 'and there is no such Service'}.`,
        evidence: [
          fieldEvidence(set, 'spec.serviceName', wanted),
          absenceEvidence('Service', namespace, wanted, 'not among the Services of the namespace'),
        ],
        facts: { objectKind: 'Service', objectName: wanted },
      };
    }
  },
};
