/** A GatewayClass that no controller takes. */
import { refOf, timeOf } from '@aia/cluster';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import { inOrder } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { briefly } from '../../wording.ts';

/** Facts: reason, controller, gateways (how many are of the class). */
export const rule: Rule = {
  code: 'gateway-class-not-accepted',
  title: 'GatewayClass is not accepted',
  severity: 'high',
  explanation:
    'The condition Accepted of the GatewayClass is not True: its controller refuses it (wrong parameters, an unsupported version of the Gateway API), or, while it is Unknown, no controller of that name has looked at it. Gateways of the class are then not served. Low where no Gateway uses the class. The rule stays silent where the condition is not set, and within the grace period while it is Unknown.',
  remediation: {
    class: 'repair-network',
    text: 'Mend what the reason names, or install the controller of the class.',
  },
  aliases: { k8sgpt: ['GatewayClass'] },
  needs: [],
  *check(examination) {
    const { snapshot, thresholds } = examination;
    const gateways = Map.groupBy(
      snapshot.listCustom('gateway.networking.k8s.io/Gateway'),
      ({ spec }) => spec?.gatewayClassName ?? '',
    );
    for (const one of inOrder(snapshot.listCustom('gateway.networking.k8s.io/GatewayClass'))) {
      const accepted = conditionOf(one.status?.conditions, 'Accepted');
      if (accepted === undefined || accepted.status === 'True' || one.metadata.deletionTimestamp !== undefined)
        continue;
      const since = timeOf(accepted.lastTransitionTime) || undefined;
      const age =
        since === undefined || since <= 0 ? examination.ageMs(one.metadata.creationTimestamp) : examination.now - since;
      if (accepted.status === 'Unknown' && (age ?? Infinity) < thresholds.graceMs) continue;
      const { reason = '', message = '' } = accepted;
      const users = gateways.get(one.metadata.name)?.length ?? 0;
      const why = [reason, briefly(message)].filter((part) => part !== '').join(': ');
      yield {
        resource: refOf(one),
        severity: users > 0 ? 'high' : 'low',
        message: `GatewayClass ${one.metadata.name} is ${accepted.status === 'Unknown' ? 'taken by no controller' : 'not accepted by its controller'}${why === '' ? '' : ` (${why})`}; ${users === 0 ? 'no Gateway uses it' : users === 1 ? 'one Gateway uses it' : `${users} Gateways use it`}.`,
        evidence: conditionEvidence(one, accepted),
        facts: { reason, controller: one.spec?.controllerName ?? '', gateways: users },
        since,
      };
    }
  },
};
