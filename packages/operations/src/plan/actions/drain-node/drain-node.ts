/** Nodes emptied one after another, so that the autoscaler gives them back. */
import { refText, type Node, type RemovedNode } from '@aia/cluster';
import type { Condition } from '@aia/contract';
import { evictionsAllowed, shrinkIntoBand, type Shrinking } from '../../capacity/band.ts';
import { outcomeOf } from '../../capacity/right-sizing.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { drainDraft, movingPods } from './drain-draft.ts';

const MINUTE = 60_000;
/** More nodes at once are a migration, which the resize of a pool does better. */
const MOST = 5;

/** Proposes to drain nodes of autoscaled pools whose pods fit elsewhere. */
export const drainNode: ActionKind = {
  kind: 'drain-node',
  title: 'Drain a node',
  explanation:
    'Cordons a node and has its pods evicted, as far as disruption budgets allow: nodes of pools that scale by themselves, whose pods the scheduling filters place on the others, one after another in the order of that trial, the emptiest first. The autoscaler then gives the empty nodes back. Other than a resize it names the nodes that go. It refuses for pods that nothing would make anew, that keep data on the node, or that their budget or an annotation keeps there. Uncordoning takes it back; pods that moved stay where they are.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'drains that the filters proved beforehand' },
  durationMs: { optimistic: 3 * MINUTE, likely: 15 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) => {
    const causes = planning.causesOf('nodes-underused');
    const kpis = (['cpu', 'memory'] as const).flatMap((one) => planning.kpiGoal(`${one}-requests`)?.id ?? []);
    if (causes.length + kpis.length === 0) return [];
    const { world, placed, waiting } = outcomeOf([], planning);
    const shrinking = placed < waiting.length ? undefined : shrinkIntoBand(world, planning);
    if (shrinking === undefined) return [];
    const resolves = [...causes.map(({ id }) => id), ...kpis.filter((id) => isReached(id, shrinking, planning))];
    return resolves.length === 0 ? [] : (remedyFor(shrinking, resolves, planning) ?? []);
  },
};

function isReached(id: string, { after }: Shrinking, { policy }: Planning): boolean {
  const { min, max } = policy.targets.utilisation;
  const share = id === 'kpi:cpu-requests' ? after.cpu : after.memory;
  return share >= min && share <= max;
}

function remedyFor(
  { pools, removed }: Shrinking,
  resolves: readonly string[],
  planning: Planning,
): readonly Remedy[] | undefined {
  if (removed.length > MOST || pools.some(({ pool }) => pool.autoscaling === undefined)) return undefined;
  const sizes = pools.map(({ pool, to }): Condition => ({
    kind: 'pool-size',
    pool: pool.name,
    atLeast: to,
    atMost: to,
  }));
  const drafts = draftsFor(removed, sizes, planning);
  if (drafts.length < removed.length) return undefined;
  const names = removed.map(({ node }) => node).join(', ');
  return [{ title: `Drain ${names}`, resolves, fit: 0.9, drafts }];
}

/** Each waits for the one before. */
function draftsFor(
  removed: readonly RemovedNode[],
  sizes: readonly Condition[],
  planning: Planning,
): readonly ActionDraft[] {
  const drafts: ActionDraft[] = [];
  for (const [i, { node: name, moves }] of removed.entries()) {
    const node = planning.snapshot.get('Node', '', name) as Node | undefined;
    const pods = movingPods(name, planning);
    if (node === undefined || pods === undefined) return [];
    const isLast = i === removed.length - 1;
    const draft = drainDraft(node, pods, {
      because: 'Everything on it fits on the other nodes, and the autoscaler gives an empty node back.',
      to: new Map(moves.map(({ pod, to }) => [refText(pod), to])),
      ...(isLast && { holds: sizes }),
    });
    const before = drafts.at(-1);
    const after = [...(before === undefined ? [] : [draftId(before)]), ...evictionsAllowed(planning)];
    drafts.push({ ...draft, ...(after.length > 0 && { after }) });
  }
  return drafts;
}
