/** Takes a taint off the nodes that it keeps pods from. */
import { nodePoolOf, refOf, refText, type Node } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { taintText } from '../../../diagnose/nodes/taints.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { keepingTaints, type KeepingTaint } from '../../rollout/keeping-taints.ts';
import { ownPods } from '../../rollout/placing.ts';

const MINUTE = 60_000;

/** For taints that keep pods from the only nodes that would take them. */
export const removeTaint: ActionKind = {
  kind: 'remove-taint',
  title: 'Remove a taint',
  explanation:
    'Takes a taint off all nodes that have it, and off their pool so that further machines come without it. Not of taints that Kubernetes, autoscalers and clouds set for a state of a node, nor of those that say what it is (an accelerator, Windows, a spot machine), and hardly of nodes that run what tolerates the taint: they were set aside for that.',
  capability: 'scheduling',
  prior: { alpha: 9, beta: 1, basis: 'the filters that are asked are those of the scheduler' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.05,
  propose,
};

function* propose(planning: Planning): Iterable<Remedy> {
  const found = planning
    .causesOf('untolerated-taint')
    .flatMap((cause) => taintsOf(cause, planning).map((keeping) => ({ cause, keeping })));
  const groups = Map.groupBy(found, ({ keeping }) => keeping.text);
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const causes = [...group.map(({ cause }) => cause), ...standingEmpty(first.keeping, planning)];
    yield remedyOf(first.keeping, causes, planning);
  }
}

/** Only a taint that is alone between its pods and a node. */
function taintsOf(cause: AssessedRootCause, planning: Planning): readonly KeepingTaint[] {
  const workload = planning.workloadOf(cause.resource);
  const pod =
    workload === undefined
      ? undefined
      : ownPods(workload, planning).find((one) => (one.spec?.nodeName ?? '') === '' && one.status?.phase === 'Pending');
  const taints = pod === undefined ? [] : keepingTaints(pod, planning);
  return taints.length === 1 ? taints.filter(({ isOfMachine }) => !isOfMachine) : [];
}

/** Causes that say of its nodes that they stand empty. */
function standingEmpty({ nodes }: KeepingTaint, planning: Planning): readonly AssessedRootCause[] {
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  return planning.causesOf('node-taint-untolerated').filter(({ resource }) => names.has(resource.name));
}

function remedyOf(
  { text, nodes, users }: KeepingTaint,
  causes: readonly AssessedRootCause[],
  planning: Planning,
): Remedy {
  const [first] = nodes as [Node, ...Node[]];
  const where = nodes.length === 1 ? `node ${first.metadata.name}` : `${nodes.length} nodes`;
  const title = `Take taint ${text} off ${where}`;
  const isDedicated = users.length > 0;
  return {
    title,
    resolves: [...new Set(causes.map(({ id }) => id))],
    fit: isDedicated ? 0.5 : 0.95,
    drafts: [
      {
        ...{ kind: removeTaint.kind, title, target: refOf(first), part: text },
        reason: isDedicated
          ? `${users.length} pods tolerate it by name, so the nodes were set aside for them; without it others take their room.`
          : `No pod that runs tolerates it by name, so the nodes are kept for nothing, while ${causes.map(({ resource }) => refText(resource)).join(', ')} would run there.`,
        evidence: [fieldEvidence(first, 'spec.taints', text), ...(causes[0]?.evidence.slice(0, 2) ?? [])],
        confidence: isDedicated ? 0.4 : 0.85,
        changes: [...poolChanges(text, nodes, planning), ...nodes.map((node) => untainted(node, text))],
        commands: [
          ...poolChanges(text, nodes, planning).map(() => undefined),
          ...nodes.map(({ metadata }) => `kubectl taint nodes ${metadata.name} '${text.replaceAll("'", '')}-'`),
        ],
        probe: {
          conditions: causes
            .filter(({ resource }) => resource.kind !== 'Node')
            .map(({ resource }) => ({ kind: 'scheduled', target: resource })),
        },
        ...(isDedicated && { risks: [{ reason: 'the nodes are no longer kept for what tolerates it', adds: 0.3 }] }),
      },
    ],
  };
}

function untainted(node: Node, text: string): Change {
  const left = (node.spec?.taints ?? []).filter((one) => taintText(one) !== text);
  const operation =
    left.length === 0
      ? { op: 'remove' as const, path: '/spec/taints' }
      : { op: 'replace' as const, path: '/spec/taints', value: left };
  return { kind: 'patch', target: refOf(node), patch: { type: 'json', operations: [operation] } };
}

/** Pools of these nodes that give the taint to each machine. */
function poolChanges(text: string, nodes: readonly Node[], { snapshot }: Planning): readonly Change[] {
  const names = new Set(nodes.map(nodePoolOf));
  return (snapshot.cloud.cluster?.nodePools ?? []).flatMap((pool): readonly Change[] => {
    const from = (pool.taints ?? []).map((one) => taintText(one));
    if (!names.has(pool.name) || !from.includes(text)) return [];
    const to = from.filter((one) => one !== text);
    return [{ kind: 'cloud', call: { operation: 'set-pool-taints', pool: pool.name, from, to } }];
  });
}
