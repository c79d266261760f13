/** A Gateway whose class does not exist. */
import { namespacedName, refOf, timeOf } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { absenceEvidence, fieldEvidence } from '../../examination.ts';
import { isYoung } from '../../age.ts';
import { GATEWAY_GROUP, judgedGateways } from '../../services/gateway-routes.ts';
import type { Rule } from '../../rule.ts';

/** Facts: class. */
export const rule: Rule = {
  code: 'gateway-class-missing',
  title: 'GatewayClass of a Gateway does not exist',
  severity: 'high',
  explanation:
    'The Gateway names a GatewayClass that does not exist, so no controller acts on it and none of its routes is served. Low where it is not certain that GatewayClasses were read. The rule stays silent within the grace period.',
  remediation: {
    class: 'repair-network',
    text: 'Set spec.gatewayClassName to a class that exists (kubectl get gatewayclass), or install the controller that brings the class.',
  },
  aliases: { k8sgpt: ['Gateway'], popeye: ['407'] },
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    const absence = absenceOf(snapshot, GATEWAY_GROUP, 'GatewayClass', '');
    const classes = new Set(
      snapshot.listCustom('gateway.networking.k8s.io/GatewayClass').map(({ metadata }) => metadata.name),
    );
    if (absence === 'unknown') return;
    for (const gateway of judgedGateways(examination)) {
      const { gatewayClassName: name = '' } = gateway.spec ?? {};
      if (name === '' || classes.has(name) || isYoung(examination, gateway)) continue;
      yield {
        resource: refOf(gateway),
        severity: absence === 'certain' ? 'high' : 'low',
        message: `Gateway ${namespacedName(gateway)} is of GatewayClass ${name}, which ${absence === 'certain' ? 'does not exist; no controller acts on it' : 'is not among what was read'}.`,
        evidence: [
          fieldEvidence(gateway, 'spec.gatewayClassName', name),
          absenceEvidence('GatewayClass', '', name, 'not among the GatewayClasses', GATEWAY_GROUP),
        ],
        facts: { class: name },
        since: timeOf(gateway.metadata.creationTimestamp),
      };
    }
  },
};
