/** What more nodes or lower requests would do for waiting pods, in sentences. */
import type { Counterfactual } from '@aia/contract';
import type { MoreNodes, RightSized } from '../../../nodes/capacity.ts';
import { isAtMaximum, type Case } from './case.ts';
import { quotasOf } from './node-quota.ts';
import { listed } from './quota.ts';

/** Kinds of node for which an outcome is given; more would bury the best. */
const MOST_KINDS = 3;

/** Metrics that grow by the CPUs which a what-if names anyhow. */
const COUNTED_AS_CPUS = /CPUS(?:_ALL_REGIONS|_PER_VM_FAMILY)?$/;

/** The best kind by steps, other kinds by their last step, then right-sizing. */
export function counterfactualsOf(one: Case): readonly Counterfactual[] {
  const [best = [], ...others] = one.growth.toSorted((a, b) => byHelp(a, b, one));
  const seen = new Set<string>([keyOf(best)]);
  const further = others.filter((steps) => !seen.has(keyOf(steps)) && seen.add(keyOf(steps)));
  const steps = [...milestones(best, one), ...further.slice(0, MOST_KINDS - 1).flatMap((more) => more.slice(-1))];
  return [
    ...steps.map((more) => nodesOutcome(one, more)),
    ...(one.rightSized === undefined
      ? []
      : [rightSizingOutcome(one.rightSized, isQuotaBound(one) ? ', without more quota' : '')]),
  ];
}

/** Most pods first, then what nothing forbids, then fewest CPUs. */
function byHelp(a: readonly MoreNodes[], b: readonly MoreNodes[], one: Case): number {
  const [lastA, lastB] = [a.at(-1), b.at(-1)] as [MoreNodes, MoreNodes];
  return (
    lastB.fits - lastA.fits ||
    obstaclesOf(one, lastA).length - obstaclesOf(one, lastB).length ||
    lastA.cpus - lastB.cpus ||
    (keyOf(a) < keyOf(b) ? -1 : 1)
  );
}

/** Zones of one pool in one region give the same sentence. */
function keyOf(steps: readonly MoreNodes[]): string {
  const { kind, nodes, fits } = steps.at(-1) ?? {};
  return `${kind?.region} ${kind?.pool} ${kind?.machineType} ${nodes} ${fits}`;
}

/** The first node, as many as the pool may still add, and as many as are of use. */
function milestones(steps: readonly MoreNodes[], { bounds }: Case): readonly MoreNodes[] {
  const { autoscales = false, maximum = 0, nodes = 0 } = bounds.get(steps[0]?.kind.pool ?? '') ?? {};
  const room = autoscales ? maximum - nodes : 0;
  return steps.filter((step, i) => i === 0 || i === steps.length - 1 || step.nodes === room);
}

function nodesOutcome(one: Case, more: MoreNodes): Counterfactual {
  const { kind, nodes, cpus, fits, pods } = more;
  const where = kind.region || kind.zone || 'the cluster';
  const obstacles = obstaclesOf(one, more);
  const also = quotasOf(one.context.examination.snapshot, kind, nodes)
    .short.filter(({ quota: { metric } }) => !COUNTED_AS_CPUS.test(metric))
    .map(({ quota: { metric }, need }) => `${need} more ${metric}`);
  const assumed = kind.assumed ? `; ${kind.pool} has no node yet, so its labels and taints are not known` : '';
  return {
    change: `with ${listed([`${cpus} more CPUs`, ...also])} in ${where} (${nodes} more ${kind.machineType} ${nodes === 1 ? 'node' : 'nodes'})`,
    outcome: `${fitText(fits, pods)}${obstacles.length === 0 ? '' : `; but ${obstacles.join(', and ')}`}${assumed}`,
    resolved: fits,
    affected: pods,
  };
}

/** What stands against so many more nodes: the pool's own bounds first, as they bind first, then quotas. */
function obstaclesOf({ context, bounds }: Case, { kind, nodes }: MoreNodes): readonly string[] {
  const pool = bounds.get(kind.pool);
  const limits: string[] = [];
  if (pool?.autoscales === false) limits.push(`autoscaling of ${kind.pool} is off`);
  else if (pool !== undefined && (isAtMaximum(pool) || (pool.maximum > 0 && pool.nodes + nodes > pool.maximum)))
    limits.push(`the maximum of ${kind.pool} is ${pool.maximum} nodes and it has ${pool.nodes}`);
  const quotas = quotasOf(context.examination.snapshot, kind, nodes).short.map(({ quota, need, free }) => {
    const left = Math.floor(free);
    return `${need} ${quota.metric}${quota.region === 'global' ? ' (all regions)' : ''}, of which ${left} ${left === 1 ? 'is' : 'are'} free`;
  });
  return quotas.length === 0 ? limits : [...limits, `that takes ${quotas.join(', and ')}`];
}

function isQuotaBound({ refused, full }: Case): boolean {
  return refused.has('quota') || full.length > 0;
}

/** What lower requests would do; `also` is added where they help at all. */
export function rightSizingOutcome(sized: RightSized, also: string): Counterfactual {
  return {
    change: `with the requests of ${sized.changed} running ${sized.changed === 1 ? 'pod' : 'pods'} at their measured use (CPU p95, memory peak of ${days(sized.spanMs)})`,
    outcome: `${fitText(sized.fits, sized.pods)}${sized.fits > 0 ? also : ''}`,
    resolved: sized.fits,
    affected: sized.pods,
  };
}

/** `5 of 6 pending pods would schedule`. */
export function fitText(fits: number, pods: number): string {
  if (pods === 1) return `the pending pod would ${fits === 1 ? '' : 'not '}schedule`;
  if (fits === pods) return `all ${pods} pending pods would schedule`;
  return fits === 0
    ? `none of the ${pods} pending pods would schedule`
    : `${fits} of ${pods} pending pods would schedule`;
}

function days(ms: number): string {
  const count = Math.round(ms / 86_400_000);
  return count === 1 ? '1 day' : `${count} days`;
}
