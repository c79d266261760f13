/** The metrics server has figures of other nodes, but none of this one. */
import { refOf, timeOf, type Node } from '@aia/cluster';
import { conditionOf } from '../../conditions.ts';
import { absenceEvidence, type Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: nodesWithMetrics. */
export const rule: Rule = {
  code: 'node-metrics-missing',
  title: 'Node has no metrics',
  severity: 'low',
  explanation:
    'The metrics API knows other nodes and not this one, although it has been ready for longer than the grace period: the metrics ' +
    'server does not reach its kubelet (certificate, firewall, port 10250). Autoscalers are blind to the pods there. The rule stays silent when ' +
    'no node has metrics, for nodes that are not ready, and for virtual nodes, which have no kubelet.',
  remediation: {
    class: 'repair-network',
    text: "See the metrics server's log for this node; check that it may reach port 10250 there.",
  },
  aliases: { popeye: ['708'] },
  needs: ['nodes', 'metrics'],
  *check(examination) {
    const known = new Set(examination.snapshot.list('NodeMetrics').map(({ metadata }) => metadata.name));
    if (known.size === 0) return;
    for (const node of livingOf(examination, 'Node')) {
      const readyAt = settledReadyAt(examination, node);
      if (known.has(node.metadata.name) || readyAt === undefined) continue;
      yield {
        resource: refOf(node),
        message: `Node ${node.metadata.name} has been ready${forText(examination, readyAt)}, and the metrics API has no figures of it, but of ${known.size === 1 ? '1 other node' : `${known.size} other nodes`}.`,
        evidence: [
          absenceEvidence('NodeMetrics', '', node.metadata.name, 'not among the metrics of nodes', 'metrics.k8s.io'),
        ],
        facts: { nodesWithMetrics: known.size },
        since: readyAt,
      };
    }
  },
};

/** When a real node became ready, if longer ago than the grace. */
function settledReadyAt(examination: Examination, node: Node): number | undefined {
  const ready = conditionOf(node.status?.conditions, 'Ready');
  const at = timeOf(ready?.lastTransitionTime) ?? timeOf(node.metadata.creationTimestamp);
  const isVirtual = node.metadata.labels?.['type'] === 'virtual-kubelet';
  if (ready?.status !== 'True' || isVirtual || at === undefined) return undefined;
  return examination.now - at >= examination.thresholds.graceMs ? at : undefined;
}
