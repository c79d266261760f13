/** Workloads whose pods keep a node from going by an annotation alone. */
import {
  nodePoolOf,
  refKey,
  refOf,
  refText,
  repack,
  SAFE_TO_EVICT,
  type KubeObject,
  type Pod,
  type RemovedNode,
} from '@aia/cluster';
import { isReady } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isAutopilot } from '../../nodes/growth.ts';
import { unschedulablePods } from '../../nodes/node-pods.ts';
import { requestedShare } from '../../nodes/pool-use.ts';
import type { Rule } from '../../rule.ts';

/** Moving each pod is tried on each node; beyond this many pairs the answer would cost more than the rest of an assessment. */
const MOST_TRIALS = 500_000;
/** The autoscaler considers nodes of which less is requested, unless its profile is another. */
const AUTOSCALER_SHARE = 0.5;
/** What ends by itself is marked rightly, since its work would be lost. */
const LASTING: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);

/** Facts: nodes (that could go without the marks), pods (with the mark, of those nodes). */
export const rule: Rule = {
  code: 'eviction-forbidden',
  title: 'An annotation keeps nodes that could go',
  severity: 'low',
  explanation:
    'Pods of a lasting workload carry cluster-autoscaler.kubernetes.io/safe-to-evict: "false", and were it not for that, all pods of a node in a pool that scales by itself would find another place: the removal is tried with the marks and without, observing budgets, affinities, volumes and the minimum of the pool. Nodes come into question of which less than half is requested, or any while less than 60 % (threshold utilisation.min) of the cluster is. The autoscaler never removes a node under such a pod, and an upgrade evicts it all the same, so that the mark protects it from less than its name says. Jobs may be marked so, as their work would be lost.',
  remediation: {
    class: 'change-placement',
    text: 'Take the annotation out of the pod template, and say with a disruption budget how many pods may be away at once.',
  },
  aliases: {},
  needs: ['pods', 'nodes'],
  *check(examination) {
    const { snapshot, thresholds } = examination;
    const pods = snapshot.list('Pod');
    const marked = pods.filter((pod) => isMarked(pod, examination));
    if (marked.length === 0 || isAutopilot(snapshot) || unschedulablePods(examination).length > 0) return;
    if (snapshot.list('Node').length * pods.length > MOST_TRIALS) return;
    const share = requestedShare(examination.world.nodes);
    const utilisationAtMost = share < thresholds.utilisation.min ? 1 : AUTOSCALER_SHARE;
    const going = goingWithout(new Set(marked), utilisationAtMost, examination);
    for (const [workload, own] of Map.groupBy(marked, (pod) => snapshot.rootOwnerOf(pod))) {
      const nodes = going.filter(({ node }) => own.some(({ spec }) => spec?.nodeName === node));
      if (nodes.length > 0) yield findingOf(workload, own, nodes);
    }
  },
};

function isMarked(pod: Pod, examination: Examination): boolean {
  const { namespace = '', annotations } = pod.metadata;
  if (annotations?.[SAFE_TO_EVICT] !== 'false' || !examination.judges(namespace)) return false;
  return LASTING.has(examination.snapshot.rootOwnerOf(pod).kind);
}

/** Nodes that go only without the marks. */
function goingWithout(
  marked: ReadonlySet<Pod>,
  utilisationAtMost: number,
  { snapshot, world }: Examination,
): readonly RemovedNode[] {
  const scaling = (snapshot.cloud.cluster?.nodePools ?? []).filter(({ autoscaling }) => autoscaling !== undefined);
  const names = new Set(scaling.map(({ name }) => name));
  const options = {
    removable: world.nodes.filter(({ node }) => names.has(nodePoolOf(node)) && isReady(node)).map(({ name }) => name),
    poolMinimums: new Map(scaling.map(({ name, autoscaling }) => [name, Math.max(1, autoscaling?.minNodes ?? 1)])),
    utilisationAtMost,
  };
  const anyway = new Set(repack(world, options).removed.map(({ node }) => node));
  const { removed } = repack(world, { ...options, ignoresMark: (pod) => marked.has(pod) });
  // As many go either way where only others would.
  return removed.length <= anyway.size ? [] : removed.filter(({ node }) => !anyway.has(node));
}

function findingOf(workload: KubeObject, pods: readonly Pod[], nodes: readonly RemovedNode[]): FindingDraft {
  const names = nodes.map(({ node }) => node).sort();
  const [first] = pods.toSorted((a, b) => (refKey(refOf(a)) < refKey(refOf(b)) ? -1 : 1)) as [Pod];
  const which = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
  return {
    resource: refOf(workload),
    message: `Its pods are annotated as not safe to evict; without that, ${which} could go, since everything on ${names.length === 1 ? 'it' : 'them'} fits elsewhere.`,
    evidence: [
      fieldEvidence(first, `metadata.annotations["${SAFE_TO_EVICT}"]`, 'false'),
      {
        kind: 'calculation',
        text: `the scheduling filters place all pods of ${names.join(', ')} on the other nodes, ${refText(refOf(workload))} among them`,
      },
    ],
    facts: { nodes: names, pods: pods.length },
  };
}
