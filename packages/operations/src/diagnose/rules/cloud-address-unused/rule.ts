/** A reserved address that nothing uses. */
import { HOURS_PER_MONTH, LIST_PRICES } from '@aia/cluster';
import { addressesInUse, bearsMark, computeRef, costText, isGone, madeFor } from '../../cloud/cloud-ownership.ts';
import type { Rule } from '../../rule.ts';

/** Facts: address, region, addressType, isOwn (its name bears this cluster's mark), monthlyCost (0 for internal ones), currency, pricesAsOf. */
export const rule: Rule = {
  code: 'cloud-address-unused',
  title: 'Reserved address is not in use',
  severity: 'info',
  explanation:
    'A static address is reserved and nothing uses it. It counts against the quota of static addresses, and an external one is charged for ' +
    'more than one in use. It is low when its name bears the mark that this cluster puts into its load balancers, and information ' +
    'otherwise, since it may be kept on purpose or belong to something else in the project. The rule stays silent for addresses that a ' +
    'Service, Ingress or Gateway has or asks for, for ranges and addresses held for a purpose (peering, NAT), and for young ones.',
  remediation: {
    class: 'free-quota',
    text: 'Release the address if nobody needs it: gcloud compute addresses delete; check DNS records for it first.',
  },
  aliases: {},
  needs: [],
  *check({ snapshot, now, thresholds }) {
    const inUse = addressesInUse(snapshot);
    for (const one of snapshot.cloud.addresses ?? []) {
      const { name, address, region, status, addressType, users, purpose, description = '', createdAt = 0 } = one;
      if (status !== 'RESERVED' || users.length > 0 || inUse.has(address) || inUse.has(name)) continue;
      if ((purpose !== undefined && purpose !== 'GCE_ENDPOINT') || now - createdAt < thresholds.graceMs) continue;
      const owner = madeFor(description);
      if (owner !== undefined && !isGone(snapshot, owner)) continue;
      const isOwn = bearsMark(snapshot, name);
      const isExternal = addressType === 'EXTERNAL';
      const monthlyCost = isExternal ? LIST_PRICES.unusedAddressHourly * HOURS_PER_MONTH : 0;
      yield {
        resource: computeRef('Address', region, name || address),
        severity: isOwn ? 'low' : 'info',
        message: `${isExternal ? 'External' : 'Internal'} address ${name} (${address}) in ${region} is reserved and not in use${isExternal ? `, for ${costText(monthlyCost, LIST_PRICES)}` : ''}; ${owner === undefined ? '' : `${owner.kind} ${owner.namespace}/${owner.name}, for which it was made, is not in this cluster`}${owner !== undefined && !isOwn ? ', and ' : ''}${isOwn ? '' : 'nothing says whether it belongs to this cluster'}.`,
        evidence: [
          { kind: 'cloud', source: 'addresses', text: `${name} ${address}: status ${status}, no users`, at: undefined },
        ],
        facts: {
          address,
          region,
          addressType,
          isOwn,
          monthlyCost: Math.round(monthlyCost * 100) / 100,
          currency: LIST_PRICES.currency,
          pricesAsOf: LIST_PRICES.asOf,
        },
      };
    }
  },
};
