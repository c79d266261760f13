/** An autoscaler that keeps fewer nodes half empty. */
import { nodePoolOf, repack, type RemovedNode } from '@aia/cluster';
import { isAutopilot } from '../../../diagnose/nodes/growth.ts';
import { sharesOf, type Shares } from '../../capacity/band.ts';
import { outcomeOf } from '../../capacity/right-sizing.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
/** Share of a node's requests below which each profile looks at it; GKE publishes no number for the eager one. */
const EAGER_SHARE = 0.85;
const MOST_TRIALS = 500_000;

/** Proposes the profile that gives nodes back sooner. */
export const setAutoscalingProfile: ActionKind = {
  kind: 'set-autoscaling-profile',
  title: "Set the cluster autoscaler's profile",
  explanation:
    'Changes the profile of the autoscaler from balanced to optimize-utilization. With balanced, a node is given back only where less than half of it is requested, so that pools of half-empty nodes rest below the band of 60–80 % for ever; the other profile takes fuller nodes away as well, sooner, and fills nodes before it uses others. Where requests rest below the band, pools that scale by themselves lie above their least size, and the scheduling filters place every pod of some of their nodes elsewhere. It refuses on Autopilot, which has that profile already, while pods wait, and where CPU or memory would lie above the band.',
  capability: 'capacity',
  prior: { alpha: 8, beta: 2, basis: 'the autoscaler shrinks what the filters proved that it can' },
  durationMs: { optimistic: 5 * MINUTE, likely: 20 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) => remedyFor(planning) ?? [],
};

function remedyFor(planning: Planning): readonly Remedy[] | undefined {
  const { cluster } = planning.snapshot.cloud;
  if (cluster?.autoscalingProfile !== 'BALANCED' || isAutopilot(planning.snapshot)) return undefined;
  const going = trial(planning);
  if (going === undefined) return undefined;
  const { min, max } = planning.policy.targets.utilisation;
  const { before, after, removed } = going;
  if (before.cpu >= min || Math.max(after.cpu, after.memory) > max) return undefined;
  const resolves = [
    ...planning.causesOf('nodes-underused').map(({ id }) => id),
    ...(['cpu', 'memory'] as const).flatMap((one) =>
      after[one] >= min && after[one] <= max ? (planning.kpiGoal(`${one}-requests`)?.id ?? []) : [],
    ),
  ];
  return resolves.length === 0 ? undefined : [remedyOf(going, resolves, removed, planning)];
}

interface Going {
  readonly removed: readonly RemovedNode[];
  readonly before: Shares;
  readonly after: Shares;
}

/** What the eager profile would take away, pools that do not scale by themselves aside. */
function trial(planning: Planning): Going | undefined {
  const { snapshot } = planning;
  const scaling = (snapshot.cloud.cluster?.nodePools ?? []).filter(({ autoscaling }) => autoscaling !== undefined);
  const names = new Set(scaling.map(({ name }) => name));
  const { world, placed, waiting } = outcomeOf([], planning);
  const pods = world.nodes.reduce((sum, node) => sum + node.pods.length, 0);
  if (names.size === 0 || placed < waiting.length || world.nodes.length * pods > MOST_TRIALS) return undefined;
  const repacked = repack(world, {
    removable: world.nodes.filter(({ node }) => names.has(nodePoolOf(node))).map(({ name }) => name),
    poolMinimums: new Map(scaling.map(({ name, autoscaling }) => [name, Math.max(1, autoscaling?.minNodes ?? 1)])),
    utilisationAtMost: EAGER_SHARE,
  });
  if (repacked.removed.length === 0) return undefined;
  return {
    removed: repacked.removed,
    before: sharesOf(world.nodes),
    after: sharesOf(repacked.world.nodes),
  };
}

function remedyOf(
  { before, after }: Going,
  resolves: readonly string[],
  removed: readonly RemovedNode[],
  planning: Planning,
): Remedy {
  const { min, max } = planning.policy.targets.utilisation;
  const share = (value: number) => `${Math.round(value * 100)} %`;
  const name = planning.snapshot.cloud.cluster?.name ?? '';
  const title = 'Let the autoscaler optimize utilization';
  const pods = removed.reduce((sum, { moves }) => sum + moves.length, 0);
  return {
    title,
    resolves,
    fit: 0.85,
    drafts: [
      {
        kind: setAutoscalingProfile.kind,
        title,
        target: { group: 'container.googleapis.com', kind: 'Cluster', namespace: '', name },
        reason: `Requests take ${share(before.cpu)} of the CPU of the nodes. With the profile balanced a node goes only where less than 50 % of it is requested, so that nothing brings the cluster into the band of ${share(min)} to ${share(max)}; with optimize-utilization ${removed.length} ${removed.length === 1 ? 'node' : 'nodes'} could go, and requests would take ${share(after.cpu)} of the CPU and ${share(after.memory)} of the memory.`,
        evidence: [
          { kind: 'cloud', source: 'cluster', text: `${name}: autoscalingProfile BALANCED` },
          {
            kind: 'calculation',
            text: `the scheduling filters place all pods of ${removed.map(({ node }) => node).join(', ')} elsewhere (${pods} moves)`,
          },
        ],
        confidence: 0.8,
        changes: [
          {
            kind: 'cloud',
            call: { operation: 'set-autoscaling-profile', from: 'balanced', to: 'optimize-utilization' },
          },
        ],
        probe: {
          conditions: poolSizes(removed, planning),
          withinMs: 60 * MINUTE,
          soakMs: 5 * MINUTE,
        },
        risks: [
          {
            reason: `about ${pods} pods move to other nodes, as far as their budgets allow`,
            adds: Math.min(0.2, pods * 0.01),
          },
          { reason: 'less room stands ready: pods of a sudden rise in load wait for new nodes', adds: 0.05 },
        ],
      },
    ],
  };
}

/** Pools shrink at least by one. */
function poolSizes(removed: readonly RemovedNode[], planning: Planning) {
  const { world } = planning.examination;
  const poolOf = (name: string) => nodePoolOf(world.node(name)?.node ?? NO_NODE);
  const sizes = Map.groupBy(world.nodes, ({ node }) => nodePoolOf(node));
  return [...new Set(removed.map(({ node }) => poolOf(node)))].sort().map((pool) => ({
    ...{ kind: 'pool-size' as const, pool, atLeast: 1 },
    atMost: Math.max(1, (sizes.get(pool)?.length ?? 2) - 1),
  }));
}

const NO_NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: '' } } as const;
