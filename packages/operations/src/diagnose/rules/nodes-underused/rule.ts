/** Nodes that could go because everything on them fits elsewhere (k8s-anchors 2.22 #6). */
import { repack, type Node, type NodeState } from '@aia/cluster';
import { isReady } from '../../conditions.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isAutopilot } from '../../growth.ts';
import { unschedulablePods } from '../../node-pods.ts';
import type { Rule } from '../../rule.ts';

/** Moving each pod is tried on each node; beyond this many pairs the answer would cost more than the rest of an assessment. */
const MOST_TRIALS = 500_000;

/** Facts: nodes, removable, requestedShare. */
export const rule: Rule = {
  code: 'nodes-underused',
  title: 'Pods would fit on fewer nodes',
  severity: 'low',
  explanation:
    "Requests take less than 60 % of what the nodes offer (threshold utilisation.min), and the scheduling filters find another place for every pod of at least one node, observing budgets, affinities, volumes and the autoscaler's own rules about what may be moved. The cluster autoscaler shrinks by itself only below 50 %. Nodes of the control plane, those that are not ready and those whose pool is at its minimum stay. The rule stays silent while a pod waits for a node, and is not tried on GKE Autopilot, whose nodes come and go with the pods, nor on clusters so large that the trial would be the longest part of an assessment.",
  remediation: {
    class: 'resize-requests',
    text: 'Lower the minimum of the pool or drain the named nodes one by one; consolidate before asking for quota.',
  },
  aliases: {},
  needs: ['pods', 'nodes'],
  *check(examination) {
    const { snapshot, thresholds } = examination;
    if (isAutopilot(snapshot) || unschedulablePods(examination).length > 0) return;
    const count = snapshot.list('Node').length;
    if (count < 2 || count * snapshot.list('Pod').length > MOST_TRIALS) return;
    const share = requestedShare(examination.world.nodes);
    if (share >= thresholds.utilisation.min) return;
    const finding = trial(examination, share);
    if (finding !== undefined) yield finding;
  },
};

/** A healthy worker: who carries the control plane stays, and what is not ready is reported by itself. */
function isSpare(node: Node): boolean {
  const roles = ['control-plane', 'master', 'etcd'].map((role) => `node-role.kubernetes.io/${role}`);
  return isReady(node) && !roles.some((role) => node.metadata.labels?.[role] !== undefined);
}

function trial(examination: Examination, share: number): FindingDraft | undefined {
  const { world, snapshot } = examination;
  const pools = snapshot.cloud.cluster?.nodePools ?? [];
  const { removed } = repack(world, {
    removable: world.nodes.filter(({ node }) => isSpare(node)).map(({ name }) => name),
    poolMinimums: new Map(pools.map((pool) => [pool.name, pool.autoscaling?.minNodes ?? 0])),
  });
  // A cluster that runs nothing but DaemonSets could lose every node by the filters; one has to stay.
  const names = removed
    .slice(0, world.nodes.length - 1)
    .map(({ node }) => node)
    .sort();
  if (names.length === 0) return undefined;
  const left = world.nodes.filter(({ name }) => !names.includes(name));
  const after = requestedShare(world.nodes, left);
  return {
    resource: { group: '', kind: 'Cluster', namespace: '', name: 'nodes and pods' },
    message: `Requests take ${percent(share)} of ${world.nodes.length} nodes; ${names.length} of them could go (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}), and requests would take ${percent(after)} of the rest.`,
    evidence: [
      {
        kind: 'calculation',
        text: `the scheduling filters place all pods of ${names.join(', ')} on the other nodes (${removed.reduce((sum, { moves }) => sum + moves.length, 0)} moves)`,
      },
    ],
    facts: { nodes: world.nodes.length, removable: names, requestedShare: Math.round(share * 1000) / 1000 },
  };
}

/** The larger of CPU and memory requests ÷ what `left` offers, since the fuller one decides. */
function requestedShare(nodes: readonly NodeState[], left = nodes): number {
  const share = (resource: 'cpuMillis' | 'memoryBytes') => {
    const whole = left.reduce((sum, node) => sum + node.allocatable[resource], 0);
    return whole === 0 ? 0 : nodes.reduce((sum, node) => sum + node.requested[resource], 0) / whole;
  };
  return Math.max(share('cpuMillis'), share('memoryBytes'));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
