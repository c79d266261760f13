/** A listener of a Gateway whose certificate cannot be taken from its Secret. */
import { namespacedName, refOf, timeOf, type Gateway, type GatewayListener, type GatewayReference } from '@aia/cluster';
import { conditionOf } from '../../conditions.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { isYoung } from '../../age.ts';
import type { FindingDraft } from '../../finding.ts';
import { certificatesOf, grantFor, judgedGateways, type PlacedReference } from '../../services/gateway-routes.ts';
import type { Rule } from '../../rule.ts';
import { faultText, secretFault } from '../../services/tls-secrets.ts';

/** Facts: listener, secret (`namespace/name`), fault (`missing`, `incomplete`, `not-granted`). */
export const rule: Rule = {
  code: 'gateway-tls-secret-missing',
  title: 'TLS Secret of a Gateway cannot be used',
  severity: 'high',
  explanation:
    'A listener takes its certificate from a Secret that does not exist, that lacks tls.crt or tls.key, or that stands in another namespace which does not allow it by a ReferenceGrant. The listener is then not served. Low where it is not certain that Secrets or ReferenceGrants were read, unless the status of the listener says the same. The rule stays silent for listeners that pass TLS through, where the controller says that it has resolved the reference, and within the grace period.',
  remediation: {
    class: 'renew-certificate',
    text: 'Create the Secret of type kubernetes.io/tls or correct the reference; across namespaces, add a ReferenceGrant where the Secret stands.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const gateway of judgedGateways(examination)) {
      if (isYoung(examination, gateway)) continue;
      for (const [i, listener] of (gateway.spec?.listeners ?? []).entries())
        for (const certificate of certificatesOf(gateway, listener, i)) {
          const found = unusable(examination, gateway, listener, certificate);
          if (found !== undefined) yield found;
        }
    }
  },
};

function unusable(
  examination: Examination,
  gateway: Gateway,
  listener: GatewayListener,
  certificate: PlacedReference<GatewayReference>,
): FindingDraft | undefined {
  const status = gateway.status?.listeners?.find(({ name }) => name === listener.name);
  const resolved = conditionOf(status?.conditions, 'ResolvedRefs');
  if (resolved?.status === 'True') return undefined;
  const grant = grantFor(examination, gateway, certificate);
  const fault =
    grant === 'granted' ? secretFault(examination.snapshot, certificate.namespace, certificate.name) : undefined;
  if (grant === 'unknown' || (grant === 'granted' && fault === undefined)) return undefined;
  const { namespace, name, path } = certificate;
  const isCertain =
    grant === 'certain' || fault === 'missing' || fault === 'incomplete' || resolved?.status === 'False';
  const why = fault === undefined ? `and no ReferenceGrant of namespace ${namespace} allows that` : faultText(fault);
  return {
    resource: refOf(gateway),
    part: `${listener.name}/${namespace}/${name}`,
    severity: isCertain ? 'high' : 'low',
    message: `Listener ${listener.name} of Gateway ${namespacedName(gateway)} takes its certificate from Secret ${namespace}/${name}, ${why}.`,
    evidence: [
      fieldEvidence(gateway, `${path}.name`, name),
      fault === undefined
        ? absenceEvidence(
            'ReferenceGrant',
            namespace,
            '(any)',
            'none allows the reference',
            'gateway.networking.k8s.io',
          )
        : absenceEvidence('Secret', namespace, name, faultText(fault)),
    ],
    facts: {
      listener: listener.name,
      secret: `${namespace}/${name}`,
      fault: fault === undefined ? 'not-granted' : fault === 'incomplete' ? 'incomplete' : 'missing',
    },
    since: timeOf(gateway.metadata.creationTimestamp),
  };
}
