/** A load balancer's front that was made for an object which is gone. */
import { HOURS_PER_MONTH, LIST_PRICES } from '@aia/cluster';
import { addressesInUse, bearsMark, computeRef, costText, isGone, madeFor } from '../../cloud/cloud-ownership.ts';
import type { Rule } from '../../rule.ts';

/** Facts: region, ipAddress, madeFor (`Service shop/web`), isOwn (the name bears this cluster's mark), monthlyCost, currency, pricesAsOf. */
export const rule: Rule = {
  code: 'forwarding-rule-orphaned',
  title: 'Forwarding rule is left over',
  severity: 'low',
  explanation:
    'A forwarding rule was made for a Service or Ingress, as its description says, and no such object is in the cluster: it stayed behind ' +
    'when the object or its cluster was deleted, and still holds quota, an address and money. It is low when its name bears the mark that ' +
    'this cluster puts into its load balancers, and information otherwise: another cluster of the project may have made it. The rule stays ' +
    'silent for rules that no cluster made, for those whose address is in use, for young ones, and where Services or Ingresses of the ' +
    'namespace were not read.',
  remediation: {
    class: 'free-quota',
    text: 'Make sure that no other cluster uses it, then delete the forwarding rule with its target, backend services, health check and firewall rules.',
  },
  aliases: {},
  needs: [],
  *check({ snapshot, now, thresholds }) {
    const inUse = addressesInUse(snapshot);
    const monthlyCost = LIST_PRICES.forwardingRuleHourly * HOURS_PER_MONTH;
    for (const { name, region, ipAddress, description, createdAt = 0 } of snapshot.cloud.forwardingRules ?? []) {
      const owner = madeFor(description);
      if (owner === undefined || inUse.has(ipAddress) || now - createdAt < thresholds.graceMs) continue;
      if (!isGone(snapshot, owner)) continue;
      const isOwn = bearsMark(snapshot, name);
      const object = `${owner.kind} ${owner.namespace}/${owner.name}`;
      yield {
        resource: computeRef('ForwardingRule', region, name),
        severity: isOwn ? 'low' : 'info',
        message: `Forwarding rule ${name} (${ipAddress}) in ${region} was made for ${object}, which is not in this cluster; it costs ${costText(monthlyCost, LIST_PRICES)} beyond the first five${isOwn ? '' : '. Another cluster of the project may have made it'}.`,
        evidence: [
          {
            kind: 'cloud',
            source: 'forwarding rules',
            text: `${name} ${ipAddress}: ${description.slice(0, 300)}`,
            at: undefined,
          },
          {
            kind: 'absence',
            resource: { group: owner.kind === 'Service' ? '' : 'networking.k8s.io', ...owner },
            text: `not among the objects of namespace ${owner.namespace}`,
          },
        ],
        facts: {
          region,
          ipAddress,
          madeFor: object,
          isOwn,
          monthlyCost: Math.round(monthlyCost * 100) / 100,
          currency: LIST_PRICES.currency,
          pricesAsOf: LIST_PRICES.asOf,
        },
      };
    }
  },
};
