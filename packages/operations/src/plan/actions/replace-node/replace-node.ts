/** Another machine for a node that does not come back by itself. */
import { nodePoolOf, timeOf, type Node } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { conditionOf, isReady } from '../../../diagnose/conditions.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { isAutopilot } from '../../../diagnose/nodes/growth.ts';
import { plainRef } from '../../capacity/room.ts';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
const ZONE = 'topology.kubernetes.io/zone';

/** Proposes to delete the machine of a lost or broken node, which its group then makes anew. */
export const replaceNode: ActionKind = {
  kind: 'replace-node',
  title: 'Replace a node',
  explanation:
    'Deletes the machine of a node whose kubelet is silent, that is not ready, whose network plugin sets up no pods or has no address left, or that is short of memory or disk; its instance group makes another one in the same zone. Local data of its pods goes with it, disks of claims are attached to wherever the pods come up again. It refuses while the node has been lost for less than five minutes, since most come back, for nodes of no pool that the cloud knows, for ready ones with pods that have claims while volumes fail to mount somewhere, and on Autopilot.',
  capability: 'capacity',
  prior: { alpha: 8, beta: 2, basis: 'a new machine of the same image usually joins' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.15,
  propose: (planning) =>
    isAutopilot(planning.snapshot)
      ? []
      : planning
          .causesOf(
            'nodes-lost',
            'node-not-ready',
            'node-condition-unknown',
            'pod-network-unavailable',
            'node-network-unavailable',
            'node-problem',
            'node-out-of-service',
            'node-pressure',
            'pod-addresses-exhausted',
            'pod-on-missing-node',
          )
          .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

/** Most nodes that are taken to be broken one by one; more of them at once have a cause of their own. */
const MOST = 3;

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const nodes = brokenOf(cause, planning);
  const all = planning.snapshot.list('Node').length;
  if (nodes.length === 0 || nodes.length > Math.max(1, Math.min(MOST, all / 2))) return undefined;
  const holds: readonly Condition[] = workloadsWaiting(cause, planning).map((target) => ({
    kind: 'scheduled',
    target,
  }));
  const names = nodes.map(({ metadata }) => metadata.name).join(', ');
  return {
    title: `Replace ${names}`,
    resolves: [cause.id],
    fit: 0.9,
    drafts: nodes.map((node, i) => replaceDraft(node, cause, planning, i === nodes.length - 1 ? holds : [])),
  };
}

function brokenOf(cause: AssessedRootCause, planning: Planning): readonly Node[] {
  const named = new Set([
    ...cause.resource.name.split(', '),
    ...planning
      .findingsOf(cause)
      .filter(({ resource }) => resource.kind === 'Node')
      .map(({ resource }) => resource.name),
  ]);
  const pools = new Set((planning.snapshot.cloud.cluster?.nodePools ?? []).map(({ name }) => name));
  return planning.snapshot
    .list('Node')
    .filter((node) => named.has(node.metadata.name) && pools.has(nodePoolOf(node)) && isLasting(node, cause, planning))
    .filter((node) => !isReady(node) || !wouldStrand(node, planning))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** Whether pods would lose their volumes: what mounts nowhere at the moment would not mount on the new machine either. */
function wouldStrand({ metadata }: Node, planning: Planning): boolean {
  if (planning.findingsOfCode('pod-volume-mount-failed').length === 0) return false;
  return planning.snapshot
    .list('Pod')
    .some(
      ({ spec }) =>
        spec?.nodeName === metadata.name &&
        (spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined),
    );
}

/** What a node may lack while its kubelet reports: pods get no network or address, or something beside them takes what it has. */
const BROKEN_THOUGH_READY: ReadonlySet<string> = new Set([
  'pod-network-unavailable',
  'node-network-unavailable',
  'pod-addresses-exhausted',
  'node-pressure',
]);

/** A node that is ready is broken only where its pods say so. */
function isLasting(node: Node, cause: AssessedRootCause, { snapshot, examination }: Planning): boolean {
  if (isReady(node)) return BROKEN_THOUGH_READY.has(cause.class);
  const since = timeOf(conditionOf(node.status?.conditions, 'Ready')?.lastTransitionTime);
  return since === undefined || snapshot.observedAt - since >= examination.thresholds.graceMs;
}

function replaceDraft(
  node: Node,
  cause: AssessedRootCause,
  { snapshot }: Planning,
  holds: readonly Condition[],
): ActionDraft {
  const { name, labels } = node.metadata;
  const pool = nodePoolOf(node);
  const ready = snapshot.list('Node').filter((one) => nodePoolOf(one) === pool && isReady(one)).length;
  const condition = conditionOf(node.status?.conditions, 'Ready');
  return {
    kind: 'replace-node',
    title: `Replace node ${name}`,
    target: plainRef(node),
    reason: `${cause.title}. Node ${name} ${isReady(node) ? 'reports, and takes no pods' : `is not ready (${condition?.reason ?? 'its kubelet is silent'})`}; its group in pool ${pool} makes another machine as soon as this one is deleted.`,
    evidence: [
      fieldEvidence(node, 'status.conditions[type=Ready].status', condition?.status ?? 'Unknown'),
      ...cause.evidence.slice(0, 2),
    ],
    confidence: 0.8,
    changes: [{ kind: 'cloud', call: { operation: 'delete-machine', node: name, zone: labels?.[ZONE] ?? '' } }],
    probe: {
      conditions: [{ kind: 'pool-size', pool, atLeast: isReady(node) ? ready : ready + 1 }, ...holds],
      withinMs: 20 * MINUTE,
    },
    risks: [{ reason: 'what its pods keep on the node itself is lost', adds: 0.1 }],
  };
}
