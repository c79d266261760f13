/** The autoscaler may grow the pools further than the cloud's quotas allow. */
import { ceilings } from '../../nodes/autoscaler-ceiling.ts';
import { quotaEvidence, quotaRef, usedShare } from '../../cloud/cloud-quota.ts';
import type { Rule } from '../../rule.ts';

/** Facts: metric, region, limit, usage, need, nodes (further ones up to the maxima), fits (how many of them the quota carries), pools. */
export const rule: Rule = {
  code: 'autoscaler-ceiling-exceeds-quota',
  title: 'Autoscaling may exceed a cloud quota',
  severity: 'low',
  explanation:
    'If every node pool grew to the maximum of its autoscaling, with the surge of one upgrade on top, it would take more of a quota than is ' +
    'free: the cluster counts on room that is not there, and finds out under load. Only the quota that binds first is named, with the number ' +
    'of nodes after which it does. It is medium when not a single further node fits, low otherwise. The rule stays silent without the ' +
    "cluster's description or quotas, for pools of a fixed size, while a quota that the nodes draw on is used up (quota-exhausted), for quotas without a limit or not " +
    'known, and on GKE Autopilot.',
  remediation: {
    class: 'raise-quota',
    text: 'Ask for quota up to the maxima, or lower the maxima to what the quota carries.',
  },
  aliases: {},
  needs: ['quotas'],
  *check({ snapshot }) {
    const [first] = ceilings(snapshot);
    if (first === undefined || first.need <= first.free || usedShare(first.quota) >= 1) return;
    const { quota, free, need, nodes, fits, pools } = first;
    const { metric, region, limit, usage } = quota;
    const one = nodes === 1;
    yield {
      resource: quotaRef(metric, region),
      severity: fits < 1 ? 'medium' : 'low',
      message: `${pools.join(', ')} may grow by ${nodes} ${one ? 'node' : 'nodes'}, which with the surge of an upgrade takes ${rounded(need)} of quota ${metric} in ${region}; ${rounded(free)} are free, enough for ${fits === 0 ? 'none' : fits} of ${one ? 'it' : 'them'}.`,
      evidence: [
        quotaEvidence(quota),
        {
          kind: 'calculation',
          text: `${nodes} further nodes of ${pools.join(', ')} up to their maxima and one surge take ${rounded(need)} of ${metric}; ${rounded(free)} are free`,
        },
      ],
      facts: { metric, region, limit, usage, need, nodes, fits, pools },
    };
  },
};

function rounded(amount: number): number {
  return Number(amount.toFixed(1));
}
