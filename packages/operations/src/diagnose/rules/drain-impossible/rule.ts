/** Nodes that cannot be drained although the budgets of their pods allow evictions: what was evicted finds no other place. */
import { drainOf, drainOrder, refKey, refOf, type Pod, type SchedulingWorld } from '@aia/cluster';
import {
  budgetName,
  disruptionBudgets,
  guardedWorkloads,
  type BudgetCase,
} from '../../workloads/disruption-budgets.ts';
import type { Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { mayGrow } from '../../nodes/growth.ts';
import { isNodePod } from '../../nodes/node-pods.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';

/** Facts: nodes, pods (`namespace/name` of those that cannot go), cause (`placement` or `capacity`), workload. */
export const rule: Rule = {
  code: 'drain-impossible',
  title: 'Node cannot be drained',
  severity: 'medium',
  explanation:
    'A simulated drain of the node comes to a halt: it carries more pods of a PodDisruptionBudget than may be down at once, and the first ones evicted ' +
    'find no place on any other node (anti-affinity, spread, node selectors, taints, volumes), so they stay Pending, the budget is used up and the rest may not be ' +
    'evicted. It is low where only room is lacking. The rule stays silent for budgets that allow no eviction at all, which have findings of their ' +
    'own, in clusters of one node, and where the cluster can grow and only room is lacking.',
  remediation: {
    class: 'change-placement',
    text: 'Spread the replicas over more nodes, loosen the rule that keeps them off the others, or allow more of them to be unavailable.',
  },
  aliases: {},
  needs: ['nodes'],
  *check(examination) {
    const { world } = examination;
    if (world.nodes.length < 2) return;
    const crowded = disruptionBudgets(examination)
      .filter(({ state }) => state === 'open')
      .flatMap(crowdedNodes);
    if (crowded.length === 0) return;
    const trial = world.fork();
    const rank = new Map(drainOrder(world).map(({ name }, i) => [name, i]));
    const halts = crowded
      .filter(({ node }) => rank.has(node))
      .toSorted((a, b) => (rank.get(a.node) ?? 0) - (rank.get(b.node) ?? 0))
      .slice(0, MOST_DRAINS)
      .flatMap((one) => haltOf(trial, one) ?? []);
    for (const group of Map.groupBy(halts, ({ of }) => of.budget).values()) yield* draftOf(examination, group);
  },
};

/** A drain that is tried asks every node about each pod; this many show what is to be shown. */
const MOST_DRAINS = 100;

/** More pods of one budget on one node than may be down at once. */
interface Crowd {
  readonly of: BudgetCase;
  readonly node: string;
  readonly pods: readonly Pod[];
}

function crowdedNodes(of: BudgetCase): readonly Crowd[] {
  const movable = of.pods.filter((pod) => !isNodePod(pod));
  const groups = Map.groupBy(movable, ({ spec }) => spec?.nodeName ?? '');
  return [...groups].flatMap(([node, pods]) => (node !== '' && pods.length > of.allowed ? [{ of, node, pods }] : []));
}

interface Halt extends Crowd {
  /** Pods that may not be evicted any more. */
  readonly left: readonly Pod[];
  readonly cause: 'placement' | 'capacity';
}

/** Evicts the pods of the crowd one after the other; the world is as before when it is done. */
function haltOf(world: SchedulingWorld, crowd: Crowd): Halt | undefined {
  const { of, node } = crowd;
  const pods = crowd.pods
    .filter((pod) => drainOf(pod, world.snapshot, { localStorageBlocks: false }).outcome === 'moves')
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const moved: { readonly pod: Pod; readonly to: string | undefined }[] = [];
  let allowed = of.allowed;
  for (const pod of pods) {
    if (allowed === 0) break;
    world.remove(pod, node);
    const to = world.bestNode(unbound(pod), 'least-allocated', node);
    if (to === undefined) allowed -= 1;
    else world.place(pod, to);
    moved.push({ pod, to });
  }
  const left = pods.slice(moved.length);
  const stuck = moved.find(({ to }) => to === undefined)?.pod;
  const cause = stuck === undefined || left.length === 0 ? undefined : causeOf(world, stuck, node);
  for (const { pod, to } of moved.toReversed()) {
    if (to !== undefined) world.remove(pod, to);
    world.place(pod, node);
  }
  return cause === undefined ? undefined : { ...crowd, left, cause };
}

/** Only room is lacking where a node refuses the pod for nothing else. */
function causeOf(world: SchedulingWorld, pod: Pod, node: string): 'placement' | 'capacity' {
  const free = unbound(pod);
  const isFullOnly = world.nodes.some(
    ({ name }) => name !== node && world.refusals(free, name).every(({ filter }) => filter === 'NodeResourcesFit'),
  );
  return isFullOnly ? 'capacity' : 'placement';
}

/** The pod as its controller would make it anew. */
function unbound(pod: Pod): Pod {
  return pod.spec === undefined ? pod : { ...pod, spec: { ...pod.spec, nodeName: '' } };
}

function* draftOf(examination: Examination, halts: readonly Halt[]): Iterable<FindingDraft> {
  const [first] = halts;
  if (first === undefined) return;
  const { of, left, cause } = first;
  if (cause === 'capacity' && mayGrow(examination.snapshot)) return;
  const nodes = halts.map(({ node }) => node);
  const pods = halts.flatMap((halt) => halt.left.map(podName));
  const others = nodes.length === 1 ? '' : ` (nor ${nodes.slice(1, 4).join(', ')}${nodes.length > 4 ? ', …' : ''})`;
  const why = cause === 'capacity' ? 'no other node has room for' : 'no other node takes';
  const allows = `${budgetName(of.budget)} allows ${of.allowed} of its ${of.expected} pods to be down`;
  const [workload] = guardedWorkloads(examination, of);
  yield {
    resource: refOf(of.budget),
    severity: cause === 'capacity' ? 'low' : 'medium',
    message: `Node ${first.node} cannot be drained${others}: ${allows}, ${why} what is evicted from it, and so ${left.map(podName).join(', ')} may not go.`,
    evidence: [
      {
        kind: 'calculation',
        text: `evicting the pods of ${of.budget.metadata.name} from ${first.node} one after the other, the scheduling filters place the first ${of.allowed} nowhere else`,
      },
    ],
    facts: knownFacts({
      nodes,
      pods: pods.slice(0, 20),
      cause,
      workload: workload === undefined ? undefined : refKey(refOf(workload)),
    }),
  };
}
