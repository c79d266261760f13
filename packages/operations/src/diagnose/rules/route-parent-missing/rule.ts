/** A route whose Gateway does not exist. */
import { namespacedName, refOf, timeOf } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import { isYoung } from '../../age.ts';
import { judgedRoutes, parentConditions, parentsOf } from '../../services/gateway-routes.ts';
import { isTrue } from '../../conditions.ts';
import type { Rule } from '../../rule.ts';

/** Kinds that a route is looked for under; others are not read. */
const KINDS = new Set(['Gateway', 'Service', 'ListenerSet', 'XListenerSet']);

/** Facts: parent (`namespace/name`), parentKind. */
export const rule: Rule = {
  code: 'route-parent-missing',
  title: 'Parent of a route does not exist',
  severity: 'high',
  explanation:
    'The route names a Gateway, or in a mesh a Service, that does not exist, so nobody serves it. Often the namespace of the Gateway is left out, which then means that of the route. Low where it is not certain that Gateways were read. The rule stays silent where a controller has accepted the route for that parent, for other kinds of parent, and within the grace period.',
  remediation: {
    class: 'repair-network',
    text: 'Correct name and namespace in spec.parentRefs, or create the Gateway.',
  },
  aliases: { k8sgpt: ['HTTPRoute'], popeye: ['407'] },
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    for (const route of judgedRoutes(examination)) {
      if (isYoung(examination, route)) continue;
      for (const parent of parentsOf(route)) {
        const { group, kind, namespace, name, path } = parent;
        if (!KINDS.has(kind) || snapshot.resolve({ group, kind, namespace, name }) !== undefined) continue;
        const absence = absenceOf(snapshot, group, kind, namespace);
        if (absence === 'unknown' || isTrue(parentConditions(route, parent)?.conditions, 'Accepted')) continue;
        yield {
          resource: refOf(route),
          part: `${kind}/${namespace}/${name}`,
          severity: absence === 'certain' ? 'high' : 'low',
          message: `${route.kind} ${namespacedName(route)} is to be served by ${kind} ${namespace}/${name}, which ${absence === 'certain' ? 'does not exist' : 'is not among what was read'}.`,
          evidence: [
            fieldEvidence(route, `${path}.name`, name),
            absenceEvidence(kind, namespace, name, `not among the ${kind}s of the namespace`, group),
          ],
          facts: { parent: `${namespace}/${name}`, parentKind: kind },
          since: timeOf(route.metadata.creationTimestamp),
        };
      }
    }
  },
};
