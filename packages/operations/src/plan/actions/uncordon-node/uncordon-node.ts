/** Nodes back into use that somebody has cordoned. */
import { isDaemonPod, isMirrorPod, refKey, refOf, refText, timeOf, type KindMap, type Node } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { conditionOf, isReady } from '../../../diagnose/conditions.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { plainRef } from '../../capacity/room.ts';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import { shellWord } from '../../effects/shell.ts';
import { standingOf } from '../../effects/standing.ts';
import { byPerson } from '../../network/by-person.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
/** Taints of nodes that are about to go. */
const GOING = [
  'ToBeDeletedByClusterAutoscaler',
  'DeletionCandidateOfClusterAutoscaler',
  'cloud.google.com/impending-node-termination',
];

/** Proposes to uncordon ready nodes that pods wait for. */
export const uncordonNode: ActionKind = {
  kind: 'uncordon-node',
  title: 'Uncordon a node',
  explanation:
    'Lets pods onto nodes again that somebody has cordoned, where pods wait that would fit on them, or where the cordon looks left behind: older than a quarter of an hour (an hour where the node is empty), with no pod that is being moved away, no disruption budget that held a drain up until lately, and no annotation that speaks of maintenance. Any other cordon that nothing waits for is a question to whoever made it. It refuses for nodes that are not ready or about to be removed. Whoever cordoned a node may have had a reason that nothing in the cluster tells, which is its risk.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'a ready node takes the pods that fit on it' },
  durationMs: { optimistic: 5000, likely: MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning
      .causesOf('nodes-cordoned', 'node-cordoned', 'no-nodes')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const nodes = isBeingDrained(cause, planning) ? [] : cordonedOf(cause, planning);
  if (nodes.length === 0) return undefined;
  const doubts = cause.class === 'node-cordoned' ? nodes.flatMap((node) => doubtOf(node, planning) ?? []) : [];
  const [doubt] = doubts;
  if (doubt !== undefined) return question(cause, nodes, doubt);
  const holds = workloadsWaiting(cause, planning).map((target) => ({ kind: 'scheduled' as const, target }));
  const names = nodes.map(({ metadata }) => metadata.name);
  return {
    title: `Uncordon ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`,
    resolves: [cause.id],
    fit: 0.95,
    drafts: nodes.map((node, i) => uncordonDraft(node, cause, i === nodes.length - 1 ? holds : [])),
  };
}

const CORDON = 'node.kubernetes.io/unschedulable';
/** Maintenance of one node is mostly over by then. */
const LEFT_BEHIND_MS = 15 * MINUTE;
/** Of a node that may have been emptied for it. */
const LEFT_EMPTY_MS = 60 * MINUTE;
/** Annotations by which people and tools say that they work on a node. */
const AT_WORK = /maintenance|drain|cordon|reboot|upgrade|kured/i;

/** Why a cordon that nothing waits for may still be wanted; `undefined` where it looks left behind. */
function doubtOf({ metadata, spec }: Node, { snapshot, examination }: Planning): string | undefined {
  const note = Object.keys(metadata.annotations ?? {}).find((key) => AT_WORK.test(key));
  if (note !== undefined) return `its annotation ${note} says that somebody works on it`;
  const since = timeOf((spec?.taints ?? []).find(({ key }) => key === CORDON)?.timeAdded);
  const age = since === undefined ? undefined : snapshot.observedAt - since;
  if (age !== undefined && age < LEFT_BEHIND_MS) return 'it was cordoned only minutes ago';
  const pods = (examination.world.node(metadata.name)?.pods ?? [])
    .map(({ pod }) => pod)
    .filter((pod) => !isDaemonPod(pod) && !isMirrorPod(pod));
  if (pods.some((one) => one.metadata.deletionTimestamp !== undefined)) return 'its pods are being moved away';
  const budget = pods
    .flatMap((pod) => standingOf(snapshot).budgetsOf(pod))
    .find((one) => isLatelyOpen(one, since, snapshot));
  if (budget !== undefined)
    return `${refText(refOf(budget))} lets its pods go only since a while, so that a drain which it held up can go on now`;
  return pods.length === 0 && (age === undefined || age < LEFT_EMPTY_MS)
    ? 'it was emptied, as for maintenance'
    : undefined;
}

/** Whether a budget allows evictions only since after the cordon, and lately. */
function isLatelyOpen(
  { status }: KindMap['PodDisruptionBudget'],
  cordonedAt: number | undefined,
  { observedAt }: Planning['snapshot'],
): boolean {
  const condition = conditionOf(status?.conditions, 'DisruptionAllowed');
  const at = timeOf(condition?.lastTransitionTime);
  if (condition?.status !== 'True' || at === undefined) return false;
  return at > (cordonedAt ?? 0) && observedAt - at < LEFT_EMPTY_MS;
}

function question(cause: AssessedRootCause, nodes: readonly Node[], doubt: string): Remedy | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const names = nodes.map(({ metadata }) => metadata.name);
  return byPerson(cause, {
    kind: uncordonNode.kind,
    title: `Ask whether ${names.join(', ')} may be used again`,
    target: plainRef(first),
    instruction: `Ask whoever cordoned ${names.join(', ')} whether the work on it is done: ${doubt}. If so: kubectl uncordon ${names.map(shellWord).join(' ')}`,
    statement: `${names.join(', ')} may be used again, or is on its way out`,
    fit: 0.4,
  });
}

/** Nobody misses the node, and the plan lets the drain go on that a budget held up. */
function isBeingDrained({ class: name }: AssessedRootCause, { done }: Planning): boolean {
  return name === 'node-cordoned' && done.some(({ kind }) => kind === 'tune-disruption-budget');
}

/** Those that the cause names, else all that are cordoned. */
function cordonedOf(cause: AssessedRootCause, planning: Planning): readonly Node[] {
  const named = new Set([
    ...cause.resource.name.split(', '),
    ...planning
      .findingsOf(cause)
      .filter(({ resource }) => resource.kind === 'Node')
      .map(({ resource }) => resource.name),
  ]);
  const usable = planning.snapshot
    .list('Node')
    .filter((node) => node.spec?.unschedulable === true && isReady(node) && !isGoing(node))
    .toSorted((a, b) => (refKey(refOf(a)) < refKey(refOf(b)) ? -1 : 1));
  const own = usable.filter(({ metadata }) => named.has(metadata.name));
  return own.length > 0 ? own : usable;
}

function isGoing({ spec, metadata }: Node): boolean {
  return metadata.deletionTimestamp !== undefined || (spec?.taints ?? []).some(({ key }) => GOING.includes(key));
}

function uncordonDraft(
  node: Node,
  cause: AssessedRootCause,
  holds: NonNullable<ActionDraft['probe']>['conditions'],
): ActionDraft {
  const { name } = node.metadata;
  const target = plainRef(node);
  return {
    kind: 'uncordon-node',
    title: `Uncordon node ${name}`,
    target,
    reason: `${cause.title}. Node ${name} is ready and takes no pods because somebody cordoned it; ask them whether it may be used again.`,
    evidence: [fieldEvidence(node, 'spec.unschedulable', 'true'), ...cause.evidence.slice(0, 2)],
    confidence: 0.85,
    changes: [{ kind: 'patch', target, patch: { type: 'merge', patch: { spec: { unschedulable: null } } } }],
    commands: [`kubectl uncordon ${name}`],
    probe: { conditions: [{ kind: 'field', target, path: 'spec.unschedulable' }, ...holds], withinMs: 15 * MINUTE },
    risks: [{ reason: 'it may have been cordoned for maintenance', adds: 0.1 }],
  };
}
