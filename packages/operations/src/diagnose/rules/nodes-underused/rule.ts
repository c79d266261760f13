/** Nodes that could go because everything on them fits elsewhere. */
import {
  refText,
  repack,
  type Blocker,
  type KeptNode,
  type Node,
  type NodeState,
  type RemovedNode,
} from '@aia/cluster';
import { isReady } from '../../conditions.ts';
import type { Evidence } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isAutopilot } from '../../nodes/growth.ts';
import { unschedulablePods } from '../../nodes/node-pods.ts';
import { poolUse, poolUseText, requestedShare } from '../../nodes/pool-use.ts';
import type { Rule } from '../../rule.ts';
import { percent } from '../../wording.ts';

/** Moving each pod is tried on each node; beyond this many pairs the answer would cost more than the rest of an assessment. */
const MOST_TRIALS = 500_000;

/** Facts: nodes, removable (names), requestedShare, pools (a line each), blockers (a line for each node that a pod keeps, with the autoscaler's reason). */
export const rule: Rule = {
  code: 'nodes-underused',
  title: 'Pods would fit on fewer nodes',
  severity: 'low',
  explanation:
    "Requests take less than 60 % of what the nodes offer (threshold utilisation.min), and the scheduling filters find another place for every pod of at least one node, observing budgets, affinities, volumes and the autoscaler's own rules about what may be moved. It says what each pool requests and uses, and which pods the autoscaler would not move. Where such pods keep every node, it is information. The cluster autoscaler shrinks by itself only below 50 %. Nodes of the control plane, those that are not ready and those whose pool is at its minimum stay. The rule stays silent while a pod waits for a node, and is not tried on GKE Autopilot, whose nodes come and go with the pods, nor on clusters so large that the trial would be the longest part of an assessment.",
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
  const { removed, kept } = repack(world, {
    removable: world.nodes.filter(({ node }) => isSpare(node)).map(({ name }) => name),
    poolMinimums: new Map(pools.map((pool) => [pool.name, pool.autoscaling?.minNodes ?? 0])),
  });
  // A cluster that runs nothing but DaemonSets could lose every node by the filters; one has to stay.
  const going = removed.slice(0, world.nodes.length - 1);
  const blocked = kept.filter(({ reason }) => reason === 'blocked-by-pod');
  if (going.length === 0 && blocked.length === 0) return undefined;
  const use = poolUse(world.nodes, snapshot).map(poolUseText);
  const blockers = blocked.map(blockerText).sort();
  return {
    resource: { group: '', kind: 'Cluster', namespace: '', name: 'nodes and pods' },
    ...(going.length === 0 && { severity: 'info' }),
    message: `Requests take ${percent(share)} of ${world.nodes.length} nodes; ${removalText(world.nodes, going)}${stayText(blockers.length)}.`,
    evidence: [
      ...(going.length === 0 ? [] : [movesEvidence(going)]),
      { kind: 'calculation', text: use.join('; ') },
      ...blockers.slice(0, 5).map((text) => ({ kind: 'calculation' as const, text })),
    ],
    facts: {
      nodes: world.nodes.length,
      removable: going.map(({ node }) => node).sort(),
      requestedShare: Math.round(share * 1000) / 1000,
      pools: use,
      blockers,
    },
  };
}

function removalText(nodes: readonly NodeState[], going: readonly RemovedNode[]): string {
  if (going.length === 0) return 'none of them can go';
  const names = going.map(({ node }) => node).sort();
  const left = nodes.filter(({ name }) => !names.includes(name));
  return `${names.length} of them could go (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}), and requests would take ${percent(requestedShare(nodes, left))} of the rest`;
}

function movesEvidence(going: readonly RemovedNode[]): Evidence {
  const moves = going.reduce((sum, one) => sum + one.moves.length, 0);
  const names = going.map(({ node }) => node).sort();
  return {
    kind: 'calculation',
    text: `the scheduling filters place all pods of ${names.join(', ')} on the other nodes (${moves} moves)`,
  };
}

/** Which pods they are stands in the evidence. */
function stayText(nodes: number): string {
  if (nodes === 0) return '';
  return `; ${nodes} ${nodes === 1 ? 'stays' : 'stay'} for pods that the autoscaler does not move`;
}

const BLOCKERS: Readonly<Record<Blocker, string>> = {
  'not-safe-to-evict-annotation': 'is annotated as not safe to evict',
  'not-replicated': 'has no controller that would replace it',
  'unmovable-kube-system-pod': 'is in kube-system without a disruption budget',
  'local-storage': 'keeps data on the node',
  'not-enough-pdb': 'may not be disrupted by its budget',
};

/** `node-1: Pod shop/a keeps data on the node (local-storage)`. */
function blockerText({ node, pod, blocker, detail }: KeptNode): string {
  const why =
    blocker === undefined
      ? 'cannot be moved'
      : `${BLOCKERS[blocker]}${detail === undefined ? '' : ` ${detail}`} (${blocker})`;
  return `${node}: ${pod === undefined ? 'a pod' : refText(pod)} ${why}`;
}
