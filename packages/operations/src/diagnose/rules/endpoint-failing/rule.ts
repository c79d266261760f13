/** A probed endpoint answers with an error of the server (own; nothing of the kind in other tools). */
import { refText } from '@aia/cluster';
import { answerEvidence, probedEndpoints, servicesBehind } from '../../services/probed-endpoints.ts';
import type { Rule } from '../../rule.ts';

const WHY: Readonly<Record<number, string>> = {
  502: 'the load balancer got no valid answer from behind it',
  503: 'nothing behind it takes requests',
  504: 'what is behind it does not answer in time',
};

/** Facts: url, status, services (`namespace/name` of the backends). */
export const rule: Rule = {
  code: 'endpoint-failing',
  title: 'Exposed endpoint answers with server errors',
  severity: 'high',
  explanation:
    'With --probe-endpoints AIA asks what Ingresses, Gateways and load balancers expose, and this one answered twice with a status of 500 or more. 502, 503 and 504 come from a proxy that reaches nothing behind it, so that nobody is served (critical); others from the program itself (high). One failure of two is low. The rule stays silent for every status below 500: a 401 or 404 at this path is an answer.',
  remediation: {
    class: 'investigate',
    text: 'Look at the Service and the pods behind it: readiness, endpoints, ports, and the logs of the program for other statuses.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const endpoint of probedEndpoints(examination)) {
      const { url, status = 0, requests, failures, exposedBy } = endpoint;
      const isSteady = failures >= requests;
      if (endpoint.fault !== undefined || failures === 0) continue;
      const services = servicesBehind(examination, endpoint);
      const behind =
        services.length === 0
          ? ''
          : ` Behind it: ${services
              .slice(0, 3)
              .map((name) => `Service ${name}`)
              .join(', ')}.`;
      yield {
        resource: exposedBy,
        part: url,
        severity: !isSteady ? 'low' : WHY[status] === undefined ? 'high' : 'critical',
        message: isSteady
          ? `${url}, which ${refText(exposedBy)} exposes, answers with status ${status}${WHY[status] === undefined ? '' : `: ${WHY[status]}`}.${behind}`
          : `${url}, which ${refText(exposedBy)} exposes, failed ${failures} of ${requests} times and then answered with status ${status}.${behind}`,
        evidence: [answerEvidence(endpoint)],
        facts: { url, status, services },
      };
    }
  },
};
