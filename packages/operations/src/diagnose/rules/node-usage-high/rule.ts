/** A node uses nearly all of its CPU or memory. */
import { amountOf, formatCpu, readableBytes, refOf, type Node, type NodeMetrics } from '@aia/cluster';
import { fieldEvidence, inOrder } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { windowMs } from '../../usage/metrics-window.ts';
import type { Rule } from '../../rule.ts';

const RESOURCES = ['cpu', 'memory'] as const;
type Resource = (typeof RESOURCES)[number];

/** Facts: resource, share, used, allocatable (CPU in millicores, memory in bytes). */
export const rule: Rule = {
  code: 'node-usage-high',
  title: 'Node is nearly used up',
  severity: 'medium',
  explanation:
    'The metrics API shows the node using more of its allocatable CPU or memory than the threshold (90 % by default). With CPU that ' +
    'means throttling and slow probes, with memory an eviction or an out-of-memory kill to come. It is one sample over the window of the ' +
    'metrics server; usage history says more about the usual state. The rule needs the metrics API. The rule stays silent for metrics of nodes that no longer exist.',
  remediation: {
    class: 'add-capacity',
    text: 'Spread or move the heaviest pods, set requests that match their use, or add a node.',
  },
  aliases: { popeye: ['709', '710'] },
  needs: ['nodes', 'metrics'],
  *check(examination) {
    const { snapshot, thresholds } = examination;
    for (const metrics of inOrder(snapshot.list('NodeMetrics'))) {
      const node = snapshot.get('Node', '', metrics.metadata.name);
      if (node === undefined) continue;
      for (const resource of RESOURCES) {
        const draft = usageDraft(node, metrics, resource, thresholds.nodeShare);
        if (draft !== undefined) yield draft;
      }
    }
  },
};

function usageDraft(node: Node, metrics: NodeMetrics, resource: Resource, threshold: number): FindingDraft | undefined {
  const written = node.status?.allocatable?.[resource] ?? node.status?.capacity?.[resource] ?? '0';
  const allocatable = amountOf(resource, written) ?? 0;
  const used = amountOf(resource, metrics.usage?.[resource] ?? '0') ?? 0;
  const share = allocatable > 0 ? used / allocatable : 0;
  if (share < threshold) return undefined;
  const text = resource === 'cpu' ? formatCpu : readableBytes;
  const name = resource === 'cpu' ? 'CPU' : 'memory';
  return {
    resource: refOf(node),
    part: resource,
    message: `Node ${node.metadata.name} uses ${Math.round(share * 100)} % of its ${name} (${text(used)} of ${text(allocatable)}).`,
    evidence: [
      {
        kind: 'metric',
        resource: refOf(metrics),
        name: `usage.${resource}`,
        value: used,
        unit: resource === 'cpu' ? 'millicores' : 'bytes',
        samples: 1,
        spanMs: windowMs(metrics.window),
      },
      fieldEvidence(node, `status.allocatable.${resource}`, written),
    ],
    facts: { resource, share: Math.round(share * 1000) / 1000, used, allocatable },
  };
}
