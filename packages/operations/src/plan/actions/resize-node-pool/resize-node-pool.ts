/** As many nodes as requests need. */
import { shrinkIntoBand } from '../../capacity/band.ts';
import { outcomeOf } from '../../capacity/right-sizing.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';
import { resizeDrafts } from './resize-draft.ts';

const MINUTE = 60_000;

/** Proposes fewer nodes for clusters that rest below the band. */
export const resizeNodePool: ActionKind = {
  kind: 'resize-node-pool',
  title: 'Resize a node pool',
  explanation:
    'Gives a node pool another number of nodes. Fewer, where requests rest below the band and the scheduling filters place every pod of some nodes on the others, with disruption budgets, volumes, affinities and the rules of the autoscaler about what may be moved respected: as many as bring CPU closest to the middle of the band, and never so few that CPU or memory lies above it. A number that the zones of a pool do not divide is left. Not on Autopilot, nor while pods wait that would fit.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'drains that the filters proved beforehand' },
  durationMs: { optimistic: 3 * MINUTE, likely: 10 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.1,
  *propose(planning) {
    yield* shrink(planning);
  },
};

function* shrink(planning: Planning): Iterable<Remedy> {
  const causes = planning.causesOf('nodes-underused');
  const goals = [...causes.map(({ id }) => id), ...kpiIds(planning)];
  if (goals.length === 0) return;
  const outcome = outcomeOf([], planning);
  if (outcome.placed < outcome.waiting.length) return;
  const shrinking = shrinkIntoBand(outcome.world, planning);
  if (shrinking === undefined) return;
  const { min, max } = planning.policy.targets.utilisation;
  const isWithin = (share: number) => share >= min && share <= max;
  const kpis = [
    ...(isWithin(shrinking.after.cpu) ? ['kpi:cpu-requests'] : []),
    ...(isWithin(shrinking.after.memory) ? ['kpi:memory-requests'] : []),
  ];
  const resolves = goals.filter((id) => !id.startsWith('kpi:') || kpis.includes(id));
  if (resolves.length === 0) return;
  yield {
    title: `Give back ${shrinking.removed.length} ${shrinking.removed.length === 1 ? 'node' : 'nodes'} that nobody needs`,
    resolves,
    fit: 1,
    drafts: resizeDrafts(shrinking, planning),
  };
}

function kpiIds(planning: Planning): readonly string[] {
  return ['cpu-requests', 'memory-requests'].flatMap((id) => planning.kpiGoal(id)?.id ?? []);
}
