/** A route whose backend does not exist or may not be named. */
import { namespacedName, refOf, timeOf, type GatewayRoute } from '@aia/cluster';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isYoung } from '../../age.ts';
import { GATEWAY_GROUP, judgedRoutes } from '../../services/gateway-routes.ts';
import { missingBackends, type MissingBackend } from '../../services/route-backends.ts';
import type { Rule } from '../../rule.ts';
import { listText } from '../../wording.ts';

/** Facts: service (`namespace/name`), missing (`service`, `port`, `grant`), port, ports (of the Service). */
export const rule: Rule = {
  code: 'route-backend-missing',
  title: 'Backend of a route does not exist',
  severity: 'high',
  explanation:
    'A rule of the route sends traffic to a Service that does not exist, to a port that the Service does not have, or to a Service of another namespace which does not allow it by a ReferenceGrant. Requests that match get 500. Low where it is not certain that Services or ReferenceGrants were read, unless the status of the route says the same. The rule stays silent for backends of other kinds, and within the grace period.',
  remediation: {
    class: 'repair-network',
    text: 'Correct name, namespace or port of the backend, or create the Service; across namespaces, add a ReferenceGrant where the Service stands.',
  },
  aliases: { k8sgpt: ['HTTPRoute'], popeye: ['407', '1106'], kubescape: ['C-0302'], gcpdiag: ['gke/ERR/2023_007'] },
  needs: [],
  *check(examination) {
    for (const route of judgedRoutes(examination))
      if (!isYoung(examination, route))
        for (const one of missingBackends(examination, route)) yield missing(route, one);
  },
};

function missing(route: GatewayRoute, { backend, missing: what, isCertain, ports }: MissingBackend): FindingDraft {
  const { namespace, name, path, reference } = backend;
  const port = reference.port ?? 0;
  const why = {
    service: isCertain ? 'which does not exist' : 'which is not among what was read',
    port: `which has no port ${port}, only ${listText(ports.map(String))}`,
    grant: `and no ReferenceGrant of that namespace${isCertain ? '' : ' among what was read'} allows that`,
  }[what];
  return {
    resource: refOf(route),
    part: `${namespace}/${name}:${port}`,
    severity: isCertain ? 'high' : 'low',
    message: `${route.kind} ${namespacedName(route)} sends traffic to Service ${namespace}/${name}, ${why}.`,
    evidence: [
      fieldEvidence(route, what === 'port' ? `${path}.port` : `${path}.name`, what === 'port' ? port : name),
      ...(what === 'port'
        ? []
        : [
            what === 'service'
              ? absenceEvidence('Service', namespace, name, 'not among the Services of the namespace')
              : absenceEvidence('ReferenceGrant', namespace, '(any)', 'none allows the reference', GATEWAY_GROUP),
          ]),
    ],
    facts: { service: `${namespace}/${name}`, missing: what, port, ports: ports.map(String) },
    since: timeOf(route.metadata.creationTimestamp),
  };
}
