/** The action that empties a node: a cordon, and evictions as far as budgets allow. */
import { drainOf, refOf, refText, type Node, type Pod } from '@aia/cluster';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { plainRef } from '../../capacity/room.ts';
import type { Condition } from '@aia/contract';
import type { Planning } from '../../planning.ts';
import { shellComment, shellWord } from '../../effects/shell.ts';
import type { ActionDraft } from '../../remedy.ts';

const MINUTE = 60_000;
/** Pods that the evidence names. */
const MOST_NAMED = 10;

/** Pods of a node that have to find another place; `undefined` where one of them must not be moved. */
export function movingPods(name: string, { examination, snapshot }: Planning): readonly Pod[] | undefined {
  const moving: Pod[] = [];
  for (const { pod } of examination.world.node(name)?.pods ?? []) {
    const { outcome } = drainOf(pod, snapshot, { localStorageBlocks: true });
    if (outcome === 'blocks') return undefined;
    if (outcome === 'moves') moving.push(pod);
  }
  return moving;
}

/** `to`: the node that each pod was placed on by the trial, where there was one. */
export function drainDraft(
  node: Node,
  pods: readonly Pod[],
  {
    because,
    to = new Map(),
    holds = [],
  }: {
    readonly because: string;
    readonly to?: ReadonlyMap<string, string>;
    /** What has to hold beside the cordon. */
    readonly holds?: readonly Condition[];
  },
): ActionDraft {
  const { name } = node.metadata;
  const target = plainRef(node);
  const placed = pods.slice(0, MOST_NAMED).map((pod) => {
    const other = to.get(refText(refOf(pod)));
    return `${refText(refOf(pod))}${other === undefined ? '' : ` on ${other}`}`;
  });
  return {
    kind: 'drain-node',
    title: `Drain node ${name}`,
    target,
    reason: `${because} ${pods.length === 0 ? 'Nothing on it has to move.' : `${pods.length} ${pods.length === 1 ? 'pod moves' : 'pods move'} to other nodes, as far as their budgets allow.`} To take it back: kubectl uncordon ${name}; pods that moved stay where they are.`,
    evidence: [
      fieldEvidence(node, 'metadata.name', name),
      ...(placed.length === 0
        ? []
        : [{ kind: 'calculation' as const, text: `the scheduling filters place ${placed.join(', ')}` }]),
    ],
    confidence: 0.85,
    changes: [
      { kind: 'patch', target, patch: { type: 'merge', patch: { spec: { unschedulable: true } } } },
      ...pods.map((pod) => ({ kind: 'evict' as const, target: refOf(pod) })),
    ],
    // One line drains a node, evictions among it.
    commands: [
      `kubectl drain ${shellWord(name)} --ignore-daemonsets --timeout=30m`,
      ...pods.map((pod) => shellComment(`evicted by the drain above: ${refText(refOf(pod))}`)),
    ],
    // A node that the autoscaler has taken away has no field any more.
    probe: {
      conditions: holds.length > 0 ? holds : [{ kind: 'field', target, path: 'spec.unschedulable', value: true }],
      withinMs: 30 * MINUTE,
      soakMs: 2 * MINUTE,
    },
    risks: [{ reason: `${pods.length} pods start anew on other nodes`, adds: Math.min(0.2, pods.length * 0.01) }],
  };
}
