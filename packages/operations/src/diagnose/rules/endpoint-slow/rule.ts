/** A probed endpoint answers late (own; nothing of the kind in other tools). */
import { refText } from '@aia/cluster';
import { answerEvidence, probedEndpoints } from '../../services/probed-endpoints.ts';
import type { Rule } from '../../rule.ts';

/** Longer than any distance on earth and a TLS handshake explain; visitors leave at about this. */
const SLOW_MS = 2000;

/** Facts: url, latencyMs. */
export const rule: Rule = {
  code: 'endpoint-slow',
  title: 'Exposed endpoint answers slowly',
  severity: 'low',
  explanation:
    'With --probe-endpoints AIA asks what Ingresses, Gateways and load balancers expose, and this one took more than two seconds from the start of the connection to the head of its answer. One request from one place is no measurement, so it is low: worth a look at its latency over time. The rule stays silent for endpoints that fail.',
  remediation: {
    class: 'investigate',
    text: 'Look at the latency of its requests over time, at CPU throttling of its pods and at what they wait for.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const endpoint of probedEndpoints(examination)) {
      const { url, latencyMs = 0, exposedBy, failures } = endpoint;
      if (latencyMs <= SLOW_MS || failures > 0) continue;
      yield {
        resource: exposedBy,
        part: url,
        message: `${url}, which ${refText(exposedBy)} exposes, took ${(latencyMs / 1000).toFixed(1)} s to answer.`,
        evidence: [answerEvidence(endpoint)],
        facts: { url, latencyMs },
      };
    }
  },
};
