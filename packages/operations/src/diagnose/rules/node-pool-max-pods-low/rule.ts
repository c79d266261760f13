/** Nodes of a pool may run so few pods that what every node runs anyway leaves no room. */
import type { Rule } from '../../rule.ts';

/** Seven or more pods of the system run on every GKE node; as many again are the least that is worth a node. */
const FEW = 16;

/** Facts: maxPodsPerNode. */
export const rule: Rule = {
  code: 'node-pool-max-pods-low',
  title: 'Nodes may run few pods',
  severity: 'info',
  explanation:
    'A node pool allows fewer than 16 pods per node, and the DaemonSets of the system take about half of that; a further one may leave no ' +
    'room for anything else. It may be meant so, since small blocks of pod addresses save address space. node-pods-full tells when a node ' +
    'is full. The rule stays silent where the description of the pool does not say.',
  remediation: {
    class: 'add-capacity',
    text: 'If pods wait for room, make a pool with more pods per node; the number cannot be changed later.',
  },
  aliases: { gcpdiag: ['gke/WARN/2023_004'] },
  needs: [],
  *check({ snapshot }) {
    for (const { name, maxPodsPerNode } of snapshot.cloud.cluster?.nodePools ?? []) {
      if (maxPodsPerNode === undefined || maxPodsPerNode <= 0 || maxPodsPerNode >= FEW) continue;
      yield {
        resource: { group: 'container.googleapis.com', kind: 'NodePool', namespace: '', name },
        message: `Nodes of pool ${name} may run ${maxPodsPerNode} pods, those of the system included.`,
        evidence: [
          { kind: 'cloud', source: `node pool ${name}`, text: `most pods per node: ${maxPodsPerNode}`, at: undefined },
        ],
        facts: { maxPodsPerNode },
      };
    }
  },
};
