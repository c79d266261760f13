/** One machine alone carries the control plane. */
import { refOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

const LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'] as const;

/** Facts: nodes (in all). */
export const rule: Rule = {
  code: 'control-plane-single',
  title: 'Control plane has a single node',
  severity: 'info',
  explanation:
    'Of several nodes only one carries the role of the control plane, so its loss stops every change to the cluster, and its etcd has no ' +
    'second copy. The rule stays silent for managed clusters, whose control plane is not among the nodes, and for clusters of one ' +
    'node, which are meant so.',
  remediation: {
    class: 'add-capacity',
    text: 'Run three control-plane nodes, or a managed control plane; back up etcd until then.',
  },
  aliases: { popeye: ['712'] },
  needs: ['nodes'],
  *check(examination) {
    const nodes = livingOf(examination, 'Node');
    const labelled = nodes.flatMap((node) => {
      const label = LABELS.find((name) => node.metadata.labels?.[name] !== undefined);
      return label === undefined ? [] : [{ node, label }];
    });
    const [only] = labelled;
    if (only === undefined || labelled.length > 1 || nodes.length < 2) return;
    const { node, label } = only;
    yield {
      resource: refOf(node),
      message: `Node ${node.metadata.name} alone carries the control plane of a cluster of ${nodes.length} nodes.`,
      evidence: [fieldEvidence(node, `metadata.labels.${label}`, node.metadata.labels?.[label] ?? '')],
      facts: { nodes: nodes.length },
    };
  },
};
