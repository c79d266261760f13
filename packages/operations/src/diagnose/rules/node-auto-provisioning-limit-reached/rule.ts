/** Node auto-provisioning may not make further nodes: the cluster is as large as its limits allow. */
import { wholeUnits, type ClusterSnapshot } from '@aia/cluster';
import type { Rule } from '../../rule.ts';

/** Facts: resource (`cpu`, `memory` or an accelerator), maximum, used (cores, GB or a count). */
export const rule: Rule = {
  code: 'node-auto-provisioning-limit-reached',
  title: 'Limit of node auto-provisioning is reached',
  severity: 'low',
  explanation:
    'Node auto-provisioning and the autoscaler keep the whole cluster within limits on CPU, memory and accelerators, and the nodes have ' +
    "reached one: not even the smallest node that there is could be added. Pods that need another wait, and the limit is the owner's own, not the " +
    "cloud's. The rule stays silent where auto-provisioning is off or the cluster's description was not read.",
  remediation: { class: 'add-capacity', text: 'Raise the limit if quota allows it, or lower requests.' },
  aliases: { gcpdiag: ['gke/WARN/2024_001'] },
  needs: ['nodes'],
  *check({ snapshot }) {
    const { cluster } = snapshot.cloud;
    for (const { resource, maximum } of cluster?.provisioningLimits ?? []) {
      const sizes = sizesOf(snapshot, resource).filter((size) => size > 0);
      const used = sizes.reduce((sum, size) => sum + size, 0);
      if (sizes.length === 0 || used + Math.min(...sizes) <= maximum) continue;
      const unit = resource === 'memory' ? ' GB' : '';
      yield {
        resource: { group: 'container.googleapis.com', kind: 'Cluster', namespace: '', name: cluster?.name ?? '' },
        part: resource,
        message: `Node auto-provisioning may use ${maximum}${unit} of ${resource} and the nodes have ${Number(used.toFixed(1))}${unit}; no further node fits.`,
        evidence: [
          {
            kind: 'cloud',
            source: `cluster ${cluster?.name ?? ''}`,
            text: `auto-provisioning limit ${resource}: ${maximum}`,
            at: undefined,
          },
        ],
        facts: { resource, maximum, used },
      };
    }
  },
};

const GIB = 2 ** 30;

/** How much of a limited resource each node has. */
function sizesOf(snapshot: ClusterSnapshot, resource: string): readonly number[] {
  return snapshot.list('Node').map(({ status, metadata }) => {
    const { cpu = '0', memory = '0', ['nvidia.com/gpu']: gpus = '0' } = status?.capacity ?? {};
    if (resource === 'cpu') return wholeUnits(cpu) ?? 0;
    if (resource === 'memory') return (wholeUnits(memory) ?? 0) / GIB;
    return metadata.labels?.['cloud.google.com/gke-accelerator'] === resource ? (wholeUnits(gpus) ?? 0) : 0;
  });
}
