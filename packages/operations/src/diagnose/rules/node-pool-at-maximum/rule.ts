/** Node groups that have reached their own maximum while pods wait. */
import type { Evidence } from '../../evidence.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { refusedScaleUps, shortGroup } from '../../refused-scale-up.ts';

export const rule: Rule = {
  code: 'node-pool-at-maximum',
  title: 'Node group is at its maximum size',
  severity: 'high',
  explanation:
    "Pods wait for a node, and every node group that could take them has reached the maximum that its autoscaling is set to. The limit is a choice of the cluster's owner, not of the cloud. Facts: groups, pods.",
  remediation: {
    class: 'add-capacity',
    text: 'Raise the maximum of the node pool if quota allows it, or lower requests.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const refused = refusedScaleUps(examination).filter(({ refusal }) => refusal.cause === 'max-size');
    const waiting = new Set(
      examination.troubledPods
        .filter((pod) => pod.status?.phase === 'Pending')
        .map((pod) => `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`),
    );
    const pods = unique(refused.flatMap((one) => one.pods)).filter((pod) => waiting.has(pod));
    if (pods.length === 0) return;
    const groups = (examination.snapshot.cloud.autoscaler?.nodeGroups ?? []).filter(
      ({ maxSize, target }) => maxSize > 0 && target >= maxSize,
    );
    const sizes: readonly Evidence[] = groups.map((group) => ({
      kind: 'cloud',
      source: `autoscaler status of ${shortGroup(group.name)}`,
      text: `target ${group.target}, maximum ${group.maxSize}`,
      at: examination.snapshot.cloud.autoscaler?.updatedAt,
    }));
    yield {
      resource: {
        group: 'autoscaling.k8s.io',
        kind: 'ClusterAutoscaler',
        namespace: 'kube-system',
        name: 'cluster-autoscaler',
      },
      message: `${groups.length === 0 ? 'A node group' : unique(groups.map(({ name }) => shortGroup(name))).join(', ')} cannot grow beyond its maximum, while ${pods.length} ${pods.length === 1 ? 'pod waits' : 'pods wait'} for a node.`,
      evidence: [...sizes, ...refused.slice(0, 2).map(({ evidence }) => evidence)],
      facts: { groups: unique(groups.map(({ name }) => shortGroup(name))), pods },
    };
  },
};
