/** An Ingress that sends requests to a Service behind which nothing answers. */
import { namespacedName, refOf } from '@aia/cluster';
import { deadServices, outageSeverity, outageText } from '../../services/backend-outage.ts';
import { fieldEvidence } from '../../examination.ts';
import { ingressBackends } from '../../services/ingress-backends.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { listText } from '../../wording.ts';

/** Facts: services (`namespace/name`), routes (host and path). */
export const rule: Rule = {
  code: 'ingress-backend-unavailable',
  title: 'Ingress sends requests to a Service that cannot answer',
  severity: 'high',
  explanation:
    'A Service that the Ingress sends requests to has no ready endpoint, so clients get 502 or 503 for its hosts and paths. Why the Service has none is a finding of its own. Info where the workload behind it is scaled to zero on purpose. The rule stays silent while pods are only starting.',
  remediation: { class: 'investigate', text: 'Mend what leaves the Service without endpoints.' },
  aliases: { gcpdiag: ['gke/ERR/2023_004'] },
  needs: [],
  *check(examination) {
    for (const ingress of livingOf(examination, 'Ingress')) {
      const { namespace = '', name } = ingress.metadata;
      const backends = ingressBackends(ingress);
      const dead = deadServices(
        examination,
        backends.map(({ service }) => `${namespace}/${service}`),
      );
      const names = dead.map(({ service }) => namespacedName(service));
      const lost = backends.filter(({ service }) => names.includes(`${namespace}/${service}`));
      if (lost.length === 0) continue;
      const routes = unique(lost.map(({ route }) => route));
      yield {
        resource: refOf(ingress),
        severity: outageSeverity(dead),
        message: `Ingress ${namespace}/${name} sends ${listText(routes)} to ${listText(dead.map(outageText))}: clients get an error.`,
        evidence: lost.slice(0, 4).map(({ path, service }) => fieldEvidence(ingress, `${path}.name`, service)),
        facts: { services: names.slice(0, 50), routes: routes.slice(0, 20) },
      };
    }
  },
};
