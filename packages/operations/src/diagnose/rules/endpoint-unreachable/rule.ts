/** A probed endpoint gives no answer (own; nothing of the kind in other tools). */
import { refText, type EndpointFault, type EndpointProbeResult } from '@aia/cluster';
import { isInternalHost } from '../../certificates/certificates.ts';
import type { Severity } from '../../finding.ts';
import { answerEvidence, probedEndpoints, servicesBehind } from '../../services/probed-endpoints.ts';
import type { Rule } from '../../rule.ts';

const WHY: Readonly<Record<EndpointFault, string>> = {
  'name-unresolved': 'its name is not in DNS, and nothing else says where it is',
  refused: 'the connection is refused, so nothing listens there',
  timeout: 'there was no answer in time',
  reset: 'the connection is closed without an answer',
  tls: 'no TLS connection comes about',
  protocol: 'what answers does not speak HTTP as it should',
  other: 'the request failed',
};

/** Facts: url, fault (see `EndpointFault`), services (`namespace/name` of the backends). */
export const rule: Rule = {
  code: 'endpoint-unreachable',
  title: 'Exposed endpoint does not answer',
  severity: 'high',
  explanation:
    'With --probe-endpoints AIA asks what Ingresses, Gateways and load balancers expose, and this one gave no HTTP answer: the connection was refused or reset, TLS failed, or something else than HTTP answered, twice in a row. A time-out is medium, since a firewall on the way may be meant to drop what comes from here, and low for addresses inside a network that AIA may stand outside of. The rule stays silent where nothing was asked, and for Services whose ports do not say that they speak HTTP.',
  remediation: {
    class: 'repair-network',
    text: 'Follow the way of the request: DNS, the address of the load balancer, its firewall and health checks, the pods behind it.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const endpoint of probedEndpoints(examination)) {
      const { url, fault, faultText, exposedBy } = endpoint;
      if (fault === undefined) continue;
      const said = faultText === undefined ? '' : ` (${faultText})`;
      yield {
        resource: exposedBy,
        part: url,
        severity: severityOf(endpoint, fault),
        message: `${url}, which ${refText(exposedBy)} exposes, does not answer: ${WHY[fault]}${said}.`,
        evidence: [answerEvidence(endpoint)],
        facts: { url, fault, services: servicesBehind(examination, endpoint) },
      };
    }
  },
};

function severityOf({ address = '' }: EndpointProbeResult, fault: EndpointFault): Severity {
  if (fault === 'name-unresolved') return 'medium';
  if (fault !== 'timeout') return 'high';
  return isInternalHost(address) ? 'low' : 'medium';
}
