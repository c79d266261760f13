/** The Service that gives a StatefulSet's pods their names does not exist. */
import { refOf } from '@aia/cluster';
import { isReadIn } from '../../absence.ts';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf, wantedReplicas } from '../../workload-templates.ts';

/** Facts: objectKind, objectName. */
export const rule: Rule = {
  code: 'stateful-set-service-missing',
  title: 'Governing Service of a StatefulSet is missing',
  severity: 'medium',
  explanation:
    'spec.serviceName names the headless Service through which the pods of a StatefulSet get stable DNS names. Without it the pods ' +
    'start, but peers that look each other up by name do not find each other; clustered databases then fail to form. The rule ' +
    'stays silent where no name is given, for sets scaled to zero, and where the Services of the namespace were not read.',
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
      if (!isReadIn(snapshot, 'Service', namespace)) continue;
      yield {
        resource: refOf(set),
        message: `StatefulSet ${namespace}/${name} relies on Service ${wanted} for the DNS names of its pods, and there is no such Service.`,
        evidence: [
          fieldEvidence(set, 'spec.serviceName', wanted),
          absenceEvidence('Service', namespace, wanted, 'not among the Services of the namespace'),
        ],
        facts: { objectKind: 'Service', objectName: wanted },
      };
    }
  },
};
