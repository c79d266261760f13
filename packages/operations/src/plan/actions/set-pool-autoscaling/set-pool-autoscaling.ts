/** How far a pool may grow, where its own bounds keep wanted nodes away. */
import type { Deployment } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { podsWaiting, poolGrowths, type PoolGrowth } from '../../capacity/pool-growth.ts';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { quotaDraftsFor } from '../request-quota/node-quota.ts';
import { poolRef } from '../resize-node-pool/resize-draft.ts';

const MINUTE = 60_000;

/** Proposes a higher maximum, or autoscaling where it is off, by as many nodes as the waiting pods need. */
export const setPoolAutoscaling: ActionKind = {
  kind: 'set-pool-autoscaling',
  title: 'Set the bounds of node pool autoscaling',
  explanation:
    'Raises the maximum of a node pool, or switches its autoscaling on, by as many nodes as the scheduling filters need to place the waiting pods and some to spare; the pool is the one that takes most of them with the least obstacles. Quotas that do not carry these nodes are asked for with it. Lowers a maximum that no quota carries. Not on Autopilot.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'the autoscaler adds the nodes that it is allowed to' },
  durationMs: { optimistic: 2 * MINUTE, likely: 10 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.05,
  *propose(planning) {
    for (const cause of planning.causesOf(
      'node-pool-at-maximum',
      'autoscaling-off',
      'requests-exceed-capacity',
      'capacity-exhausted',
      'nodes-lost',
    ))
      yield* forCause(cause, planning);
  },
};

/** How well room to grow removes a class of cause. */
const FITS: Readonly<Record<string, number>> = {
  'node-pool-at-maximum': 0.95,
  'autoscaling-off': 0.95,
  'capacity-exhausted': 0.8,
  'requests-exceed-capacity': 0.6,
  'nodes-lost': 0.5,
};

function* forCause(cause: AssessedRootCause, planning: Planning): Iterable<Remedy> {
  const [best] = poolGrowths(podsWaiting(cause, planning), planning).filter(isBound);
  if (best === undefined) return;
  const holds: readonly Condition[] = workloadsWaiting(cause, planning).map((target) => ({
    kind: 'scheduled',
    target,
  }));
  const requests = quotaDraftsFor(best.short, `${best.more} more nodes of ${best.pool.name}`, planning);
  const draft = boundsDraft(best, podsToCome(cause, planning), cause, holds);
  yield {
    title: draft.title,
    resolves: [cause.id],
    fit: (FITS[cause.class] ?? 0.5) * (best.fits / best.pods),
    drafts: [...requests, { ...draft, ...(requests.length > 0 && { after: requests.map(draftId) }) }],
  };
}

/** Beyond what waits now, as a share of what there is: a maximum costs nothing until it is needed. */
const SPARE = 0.2;
/** Most pods of rollouts that are counted. */
const MOST_TO_COME = 5;

/** Pods that rollouts of the waiting workloads have still to start; each may need a node of its own. */
function podsToCome(cause: AssessedRootCause, planning: Planning): number {
  const sum = workloadsWaiting(cause, planning).reduce((total, ref) => {
    const { spec, status } = (planning.object(ref) ?? {}) as Partial<Pick<Deployment, 'spec' | 'status'>>;
    return total + Math.max(0, (spec?.replicas ?? 0) - (status?.updatedReplicas ?? spec?.replicas ?? 0));
  }, 0);
  return Math.min(MOST_TO_COME, sum);
}

/** Whether the pool's own bounds stand against the nodes. */
function isBound({ pool, nodes, more }: PoolGrowth): boolean {
  return pool.autoscaling === undefined || pool.autoscaling.maxNodes < nodes + more;
}

function boundsDraft(
  { pool, nodes, more, fits, pods }: PoolGrowth,
  toCome: number,
  cause: AssessedRootCause,
  holds: readonly Condition[],
): ActionDraft {
  const { autoscaling } = pool;
  const spare = Math.max(1, Math.ceil(nodes * SPARE), toCome);
  const maxNodes = nodes + more + spare;
  const to = { minNodes: autoscaling?.minNodes ?? Math.min(nodes, maxNodes), maxNodes };
  const from =
    autoscaling === undefined ? undefined : { minNodes: autoscaling.minNodes, maxNodes: autoscaling.maxNodes };
  return {
    kind: 'set-pool-autoscaling',
    title:
      from === undefined
        ? `Let node pool ${pool.name} grow by itself up to ${maxNodes} nodes`
        : `Let node pool ${pool.name} grow up to ${maxNodes} nodes instead of ${from.maxNodes}`,
    target: poolRef(pool.name),
    reason: `${cause.title}. With ${more} more ${pool.machineType} ${more === 1 ? 'node' : 'nodes'} ${fits} of ${pods} waiting pods find a place; it has ${nodes}, and ${spare} more ${spare === 1 ? 'is' : 'are'} left to spare; the autoscaler adds no more than are needed.`,
    evidence: [
      {
        kind: 'cloud',
        source: 'node pools',
        text: `${pool.name}: ${nodes} nodes, ${from === undefined ? 'autoscaling is off' : `maximum ${from.maxNodes}`}`,
      },
      {
        kind: 'calculation',
        text: `the scheduling filters place ${fits} of ${pods} waiting pods on ${more} more nodes of ${pool.name}`,
      },
      ...cause.evidence.slice(0, 2),
    ],
    confidence: 0.9,
    changes: [
      {
        kind: 'cloud',
        call: { operation: 'set-pool-autoscaling', pool: pool.name, ...(from !== undefined && { from }), to },
      },
    ],
    probe: {
      conditions: holds.length > 0 ? holds : [{ kind: 'pool-size', pool: pool.name, atLeast: nodes + 1 }],
      withinMs: 40 * MINUTE,
    },
    risks: [{ reason: `up to ${more + spare} more nodes may have to be paid for`, adds: 0.05 }],
  };
}
