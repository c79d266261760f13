/** An Ingress whose certificate is to come from a Secret that is not there. */
import { refOf, timeOf, type KindMap } from '@aia/cluster';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { faultText, secretFault } from '../../services/tls-secrets.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { listText } from '../../wording.ts';

type Ingress = KindMap['Ingress'];

/** Annotations that ask cert-manager to make the Secret. */
const ISSUED = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer', 'kubernetes.io/tls-acme'];

/** Facts: secret (`namespace/name`), fault (`missing`, `incomplete`), hosts, issued (whether cert-manager is asked to make it). */
export const rule: Rule = {
  code: 'ingress-tls-secret-missing',
  title: 'TLS Secret of an Ingress does not exist',
  severity: 'high',
  explanation:
    'The Ingress takes the certificate of some hosts from a Secret that does not exist in its namespace, or that lacks tls.crt or tls.key. Controllers then serve a certificate of their own that no client trusts, or refuse the Ingress. Where cert-manager is asked to make the Secret, look at its Certificate. Low where it is not certain that Secrets were read. The rule stays silent for entries without a Secret, which use the default certificate, and within the grace period.',
  remediation: {
    class: 'renew-certificate',
    text: 'Create the Secret of type kubernetes.io/tls, or correct its name; where cert-manager issues it, mend the Certificate.',
  },
  aliases: { k8sgpt: ['Ingress/4'] },
  needs: [],
  *check(examination) {
    const { graceMs } = examination.thresholds;
    for (const ingress of livingOf(examination, 'Ingress'))
      if ((examination.ageMs(ingress.metadata.creationTimestamp) ?? Infinity) >= graceMs)
        yield* missing(examination, ingress);
  },
};

function* missing({ snapshot }: Examination, ingress: Ingress): Iterable<FindingDraft> {
  const { namespace = '', name, annotations = {}, creationTimestamp } = ingress.metadata;
  const issued = ISSUED.some((key) => annotations[key] !== undefined);
  for (const [i, { secretName = '', hosts = [] }] of (ingress.spec?.tls ?? []).entries()) {
    const fault = secretName === '' ? undefined : secretFault(snapshot, namespace, secretName);
    if (fault === undefined) continue;
    const whose = hosts.length === 0 ? 'its certificate' : `the certificate of ${listText(hosts)}`;
    yield {
      resource: refOf(ingress),
      part: secretName,
      severity: fault === 'likely-missing' ? 'low' : 'high',
      message: `Ingress ${namespace}/${name} takes ${whose} from Secret ${secretName}, ${faultText(fault)}${issued ? '; cert-manager is asked to make it' : ''}.`,
      evidence: [
        fieldEvidence(ingress, `spec.tls[${i}].secretName`, secretName),
        absenceEvidence('Secret', namespace, secretName, faultText(fault)),
      ],
      facts: {
        secret: `${namespace}/${secretName}`,
        fault: fault === 'incomplete' ? 'incomplete' : 'missing',
        hosts: hosts.slice(0, 20),
        issued,
      },
      since: timeOf(creationTimestamp),
    };
  }
}
