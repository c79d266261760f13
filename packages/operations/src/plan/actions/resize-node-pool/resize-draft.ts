/** The actions that give pools another number of nodes. */
import { refText } from '@aia/cluster';
import { evictionsAllowed, type Shares, type Shrinking } from '../../capacity/band.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft } from '../../remedy.ts';

const MINUTE = 60_000;

/** A node pool as a target. */
export function poolRef(name: string): ActionDraft['target'] {
  return { group: 'container.googleapis.com', kind: 'NodePool', namespace: '', name };
}

/** One action per pool that shrinks; `after`: ids of actions that must have made room before. */
export function resizeDrafts(
  shrinking: Shrinking,
  planning: Planning,
  after: readonly string[] = [],
): readonly ActionDraft[] {
  const before = [...after, ...evictionsAllowed(planning)];
  return shrinking.pools.map(({ pool, from, to }) => {
    const moves = shrinking.removed.flatMap((one) => one.moves).length;
    return {
      kind: 'resize-node-pool',
      title: `Shrink node pool ${pool.name} from ${from} to ${to} nodes`,
      target: poolRef(pool.name),
      reason: reasonOf(shrinking, planning),
      evidence: [
        {
          kind: 'calculation',
          text: `requests ÷ allocatable: ${sharesText(shrinking.before)} before, ${sharesText(shrinking.after)} after`,
        },
        ...shrinking.removed.slice(0, 5).map(({ node, moves: own }) => ({
          kind: 'calculation' as const,
          text: `the scheduling filters place all pods of ${node} elsewhere${
            own.length === 0
              ? ''
              : `: ${own
                  .slice(0, 10)
                  .map(({ pod, to: other }) => `${refText(pod)} on ${other}`)
                  .join(', ')}`
          }`,
        })),
      ],
      confidence: 0.85,
      changes: [{ kind: 'cloud', call: { operation: 'resize-node-pool', pool: pool.name, from, to } }],
      probe: {
        conditions: [{ kind: 'pool-size', pool: pool.name, atLeast: to, atMost: to }],
        withinMs: 30 * MINUTE,
        soakMs: 5 * MINUTE,
      },
      risks: [
        {
          reason: `about ${moves} pods move to other nodes, as far as their budgets allow`,
          adds: Math.min(0.2, moves * 0.01),
        },
        { reason: 'the cloud chooses the nodes that go, which may be others than those of the trial', adds: 0.03 },
      ],
      ...(before.length > 0 && { after: before }),
    };
  });
}

function reasonOf({ before, after, removed }: Shrinking, { policy, snapshot }: Planning): string {
  const { min, max } = policy.targets.utilisation;
  const band = `${Math.round(min * 100)}–${Math.round(max * 100)} %`;
  const names = removed.map(({ node }) => node).sort();
  const memory =
    after.memory >= min && after.memory <= max
      ? 'comes into the band as well'
      : `${after.memory < min ? 'stays below' : 'lies above'} the band`;
  const profile = snapshot.cloud.cluster?.autoscalingProfile.toLowerCase().replaceAll('_', '-') ?? 'balanced';
  return [
    `Requests take ${Math.round(before.cpu * 100)} % of the CPU of the nodes and ${Math.round(before.memory * 100)} % of their memory.`,
    `The autoscaler (profile ${profile}) takes a node away only where less than half of it is requested, so a cluster between 50 % and ${Math.round(min * 100)} % stays as it is.`,
    `All pods fit without ${names.join(', ')}, budgets, volumes and affinities respected: CPU is then requested to ${Math.round(after.cpu * 100)} %, within ${band}; memory, at ${Math.round(after.memory * 100)} %, ${memory}.`,
  ].join(' ');
}

function sharesText({ cpu, memory }: Shares): string {
  return `CPU ${Math.round(cpu * 1000) / 10} %, memory ${Math.round(memory * 1000) / 10} %`;
}
