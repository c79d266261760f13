/** Another kind of machine for a node pool whose machines have the wrong shape for its pods. */
import { HOURS_PER_MONTH, machineType, nodePoolOf, type NodePool } from '@aia/cluster';
import type { Goal } from '@aia/contract';
import { isAutopilot } from '../../../diagnose/nodes/growth.ts';
import { sharesOf, type Shares } from '../../capacity/band.ts';
import { shapes, type Shape } from '../../capacity/machine-shapes.ts';
import type { NewPool } from '../../capacity/new-pool.ts';
import { emptyingOf, replacementsOf, type Replacement } from '../../capacity/replacement-pool.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { newPoolDraft } from '../create-node-pool/create-node-pool.ts';
import { drainDraft } from '../drain-node/drain-draft.ts';
import { quotaDraftsFor } from '../request-quota/node-quota.ts';
import { poolRef } from '../resize-node-pool/resize-draft.ts';

const MINUTE = 60_000;

/** Proposes a pool of other machines where CPU and memory of one are requested to very different shares. */
export const changeMachineType: ActionKind = {
  kind: 'change-machine-type',
  title: 'Change the machine type of a node pool',
  explanation:
    'GKE cannot change the machines of a pool, so a second one is made with the same settings and other machines of the same family; the old one grows no more, its nodes are drained one after another, the emptiest first, and it is deleted once nothing is left on it. Proposed where the utilisation is off its band because a pool has much more of one of CPU and memory than its pods ask for: the cheapest machines on which the scheduling filters place every pod of the old pool, with which CPU or memory comes into the band and neither lies above it, and which cost at least a tenth less. Both pools stand side by side for a while, for which quota is asked first. It refuses on Autopilot, for pools with GPUs or made by node auto-provisioning, for more than a few nodes, while anything that must be mended is open, and where a pod cannot move: local data, a budget that lets none go, a mark against eviction, nothing that would make it anew, or a selector that names the old pool or its machines.',
  capability: 'capacity',
  prior: { alpha: 8, beta: 2, basis: 'the filters place every pod; the cloud may be out of that machine' },
  durationMs: { optimistic: 5 * MINUTE, likely: 15 * MINUTE, pessimistic: 90 * MINUTE },
  baseRisk: 0.12,
  propose: (planning) => {
    const goals = (['cpu', 'memory'] as const).flatMap((one) => planning.kpiGoal(`${one}-requests`) ?? []);
    if (goals.length === 0 || isAutopilot(planning.snapshot) || isBusy(planning)) return [];
    return (planning.snapshot.cloud.cluster?.nodePools ?? []).flatMap((pool) => remedyFor(pool, goals, planning) ?? []);
  },
};

/** Nobody rebuilds pools while something fails; and what earlier phases of a plan move is not where it was. */
function isBusy({ goals, done }: Planning): boolean {
  return done.length > 0 || goals.some(({ isMust, state }) => isMust && state === 'open');
}

/** CPU and memory of a pool are requested to shares that differ by so much. */
const LEAST_SKEW = 0.2;
/** Of the price, that is saved. */
const LEAST_SAVING = 0.1;

function remedyFor(pool: NodePool, goals: readonly Goal[], planning: Planning): Remedy | undefined {
  if (pool.autoprovisioned === true || (pool.accelerators ?? []).length > 0 || pool.zones.length === 0)
    return undefined;
  const own = sharesOf(planning.examination.world.nodes.filter(({ node }) => nodePoolOf(node) === pool.name));
  if (Math.abs(own.cpu - own.memory) < LEAST_SKEW) return undefined;
  const emptying = emptyingOf(pool, planning);
  if (emptying === undefined) return undefined;
  const found = replacementsOf(pool, choicesFor(pool, own), emptying, planning).flatMap((one) => {
    const resolves = one.hourlyAfter <= (1 - LEAST_SAVING) * one.hourlyBefore ? reached(one, goals, planning) : [];
    return resolves.length === 0 ? [] : [{ one, resolves }];
  });
  const [best] = found;
  return best === undefined ? undefined : remedyOf(best.one, best.resolves, own, planning);
}

/** Of the same family, whose quota and price the pool has already: more of what is scarce for each of the other. */
function choicesFor({ machineType: name }: NodePool, own: Shares): readonly Shape[] {
  const now = machineType(name);
  if (now === undefined) return [];
  const ratio = now.memoryBytes / now.vcpus;
  return shapes(now.family).filter(({ vcpus, memoryBytes }) =>
    own.memory > own.cpu ? memoryBytes / vcpus > ratio : memoryBytes / vcpus < ratio,
  );
}

/** KPIs that come into the band; none where one of both lies above it, or leaves it. */
function reached({ before, after }: Replacement, goals: readonly Goal[], { policy }: Planning): readonly string[] {
  const { min, max } = policy.targets.utilisation;
  const isWithin = (share: number) => share >= min && share <= max;
  const kinds = ['cpu', 'memory'] as const;
  if (kinds.some((one) => after[one] > max || (isWithin(before[one]) && !isWithin(after[one])))) return [];
  return kinds
    .filter((one) => isWithin(after[one]))
    .map((one) => `kpi:${one}-requests`)
    .filter((id) => goals.some((goal) => goal.id === id));
}

function remedyOf(found: Replacement, resolves: readonly string[], own: Shares, planning: Planning): Remedy {
  const { made } = found;
  const title = `Replace node pool ${made.like.name} (${made.like.machineType}) by ${made.nodes} ${made.pool.machineType}`;
  const requests = quotaDraftsFor(
    made.short,
    `${made.nodes} ${made.pool.machineType} nodes beside the old ones`,
    planning,
  );
  const pool = creation(found, own, requests.map(draftId));
  const held = holding(found, draftId(pool));
  const drains = drainsOf(found, held.map(draftId).concat(draftId(pool)));
  const last = drains.at(-1) ?? pool;
  return { title, resolves, fit: 0.6, drafts: [...requests, pool, ...held, ...drains, deletion(found, draftId(last))] };
}

function creation(found: Replacement, own: Shares, after: readonly string[]): ActionDraft {
  const { made, hourlyBefore, hourlyAfter } = found;
  const because = `Of the CPU of pool ${made.like.name} ${percent(own.cpu)} are requested, of its memory ${percent(own.memory)}: its machines have the wrong shape. In place of ${found.emptying.length} ${made.like.machineType} for about ${dollars(hourlyBefore)} a month, ${made.nodes} ${made.pool.machineType} cost about ${dollars(hourlyAfter)} by list prices.`;
  const draft = newPoolDraft(
    { ...made, bounds: boundsOf(found) },
    because,
    [shareEvidence(found)],
    [{ kind: 'pool-size', pool: made.pool.name, atLeast: made.nodes }],
  );
  return { ...draft, ...(after.length > 0 && { after }) };
}

/** As many as are needed at least, which stay while none has a pod yet, and as much room to grow as the old pool has. */
function boundsOf({ made, emptying }: Replacement): NonNullable<NewPool['bounds']> {
  const { autoscaling } = made.like;
  const growth = autoscaling === undefined ? 1 : Math.max(1, autoscaling.maxNodes / Math.max(1, emptying.length));
  return { minNodes: made.nodes, maxNodes: Math.ceil(made.nodes * growth) };
}

/** The old pool adds no node while its own are emptied. */
function holding({ made }: Replacement, after: string): readonly ActionDraft[] {
  const { name, autoscaling } = made.like;
  if (autoscaling === undefined) return [];
  const from = { minNodes: autoscaling.minNodes, maxNodes: autoscaling.maxNodes };
  return [
    {
      ...{ kind: 'set-pool-autoscaling', target: poolRef(name), title: `Let node pool ${name} grow no more` },
      reason: `Node pool ${name} is about to go; without autoscaling it makes no node for pods that move off the others.`,
      evidence: [{ kind: 'cloud', source: 'node pools', text: `${name}: ${from.minNodes} to ${from.maxNodes} nodes` }],
      confidence: 0.9,
      changes: [{ kind: 'cloud', call: { operation: 'set-pool-autoscaling', pool: name, from } }],
      probe: { conditions: [{ kind: 'pool-size', pool: made.pool.name, atLeast: made.nodes }] },
      after: [after],
    },
  ];
}

/** One after another. */
function drainsOf({ made, emptying }: Replacement, after: readonly string[]): readonly ActionDraft[] {
  const drains: ActionDraft[] = [];
  for (const { node, pods } of emptying) {
    const before = drains.at(-1);
    const draft = drainDraft(node, pods, {
      because: `Node pool ${made.pool.name} has room for everything on it.`,
      holds: [{ kind: 'pool-size', pool: made.pool.name, atLeast: made.nodes }],
    });
    drains.push({ ...draft, after: before === undefined ? after : [draftId(before)] });
  }
  return drains;
}

function deletion(found: Replacement, after: string): ActionDraft {
  const { made, emptying } = found;
  const { name, machineType: type, zones, autoscaling } = made.like;
  const nodes = emptying.length;
  return {
    kind: changeMachineType.kind,
    title: `Delete node pool ${name}, whose place ${made.pool.name} has taken`,
    target: poolRef(name),
    reason: `Everything that ran on its ${nodes} ${nodes === 1 ? 'node' : 'nodes'} runs elsewhere. ${bandText(found)}`,
    evidence: [shareEvidence(found)],
    confidence: 0.8,
    changes: [
      {
        kind: 'cloud',
        call: {
          ...{ operation: 'delete-node-pool', pool: name },
          was: {
            ...{ like: made.pool.name, machineType: type, zones: [...zones], nodes },
            ...{ minNodes: autoscaling?.minNodes ?? nodes, maxNodes: autoscaling?.maxNodes ?? nodes },
          },
        },
      },
    ],
    probe: {
      conditions: [
        { kind: 'pool-size', pool: name, atLeast: 0, atMost: 0 },
        { kind: 'pool-size', pool: made.pool.name, atLeast: made.nodes },
      ],
      withinMs: 60 * MINUTE,
      soakMs: 2 * MINUTE,
    },
    risks: [{ reason: 'a workload that comes later may ask for the old machines by name', adds: 0.03 }],
    after: [after],
  };
}

function bandText({ after }: Replacement): string {
  return `CPU is then requested to ${percent(after.cpu)}, memory to ${percent(after.memory)}.`;
}

function shareEvidence({ before, after }: Replacement): ActionDraft['evidence'][number] {
  const words = ({ cpu, memory }: Shares) => `CPU ${percent(cpu)}, memory ${percent(memory)}`;
  return {
    kind: 'calculation',
    text: `requests ÷ allocatable over all nodes: ${words(before)} before, ${words(after)} after, every pod placed by the scheduling filters`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function dollars(hourly: number): string {
  return `$${Math.round(hourly * HOURS_PER_MONTH)}`;
}
