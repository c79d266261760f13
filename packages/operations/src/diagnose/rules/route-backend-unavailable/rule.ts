/** A route that sends requests to a Service behind which nothing answers. */
import { namespacedName, refOf } from '@aia/cluster';
import { deadServices, outageSeverity, outageText } from '../../services/backend-outage.ts';
import { fieldEvidence } from '../../examination.ts';
import { judgedRoutes, serviceBackendsOf } from '../../services/gateway-routes.ts';
import type { Rule } from '../../rule.ts';
import { listText } from '../../wording.ts';

/** Facts: services (`namespace/name`), gateways (`namespace/name` of the parents). */
export const rule: Rule = {
  code: 'route-backend-unavailable',
  title: 'Route sends requests to a Service that cannot answer',
  severity: 'high',
  explanation:
    'A Service that the route sends traffic to has no ready endpoint, so clients get 503 for what the route matches. Why the Service has none is a finding of its own. Info where the workload behind it is scaled to zero on purpose. The rule stays silent for backends of weight 0, which get no traffic, and while pods are only starting.',
  remediation: { class: 'investigate', text: 'Mend what leaves the Service without endpoints.' },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const route of judgedRoutes(examination)) {
      const backends = serviceBackendsOf(route).filter(({ reference }) => reference.weight !== 0);
      const dead = deadServices(
        examination,
        backends.map(({ namespace, name }) => `${namespace}/${name}`),
      );
      const names = dead.map(({ service }) => namespacedName(service));
      const lost = backends.filter(({ namespace, name }) => names.includes(`${namespace}/${name}`));
      if (lost.length === 0) continue;
      yield {
        resource: refOf(route),
        severity: outageSeverity(dead),
        message: `${route.kind} ${namespacedName(route)} sends traffic to ${listText(dead.map(outageText))}: clients get an error.`,
        evidence: lost.slice(0, 4).map(({ path, name }) => fieldEvidence(route, `${path}.name`, name)),
        facts: {
          services: names.slice(0, 50),
          gateways: (route.spec?.parentRefs ?? []).map(
            ({ namespace = route.metadata.namespace ?? '', name }) => `${namespace}/${name}`,
          ),
        },
      };
    }
  },
};
