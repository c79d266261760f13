/** A node pool of machines that the cluster does not have yet. */
import type { Pod } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { comparableShapes, GPU_SHAPES, shapes } from '../../capacity/machine-shapes.ts';
import { newPools, type MachineChoice, type NewPool } from '../../capacity/new-pool.ts';
import { podsWaiting } from '../../capacity/pool-growth.ts';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft, type ActionKind, type Remedy } from '../../remedy.ts';
import { quotaDraftsFor } from '../request-quota/node-quota.ts';
import { poolRef } from '../resize-node-pool/resize-draft.ts';

const MINUTE = 60_000;

/** Proposes pools of larger machines, of machines with GPUs, and of another family where the cloud has none left of one. */
export const createNodePool: ActionKind = {
  kind: 'create-node-pool',
  title: 'Create a node pool',
  explanation:
    'Makes a node pool with the settings of one that the cluster has and other machines: larger ones for pods that no node could take even when empty, ones with NVIDIA GPUs for pods that ask for what no node offers, and ones of another family with as many CPUs and as much memory where the cloud has no machines left, in the same zones. The cheapest by list prices on which the scheduling filters place the most pods; quotas that do not carry it are asked for with it. Worse than asking for what an earlier revision asked for, since it costs money for as long as it stands. Pods whose volumes bind them to a zone get machines there. It refuses on Autopilot, where the pools were not read, and for resources other than GPUs, whose device plugins nobody can guess.',
  capability: 'capacity',
  prior: { alpha: 7, beta: 2, basis: 'the filters place the pods; the cloud may be out of that machine as well' },
  durationMs: { optimistic: 4 * MINUTE, likely: 10 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    Object.keys(FITS).flatMap((name) => planning.causesOf(name).flatMap((cause) => remediesFor(cause, planning))),
};

/** How well another pool removes a class of cause, in comparison with smaller requests and other zones. */
const FITS: Readonly<Record<string, number>> = {
  'pod-larger-than-any-node': 0.8,
  'resource-not-offered': 0.7,
  'stock-out': 0.8,
};
/** One may be out of stock as well, or rest on an estimate of what its nodes have to give. */
const MOST_RIVALS = 2;

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const pods = podsWaiting(cause, planning);
  const found = newPools(pods, choicesFor(cause, pods, planning), planning);
  return found.slice(0, MOST_RIVALS).map((one, i) => remedyOf(one, i, cause, planning));
}

/** Machines that are worth a trial. */
function choicesFor(
  cause: AssessedRootCause,
  pods: readonly Pod[],
  { examination }: Planning,
): Parameters<typeof newPools>[1] {
  const requests = pods.map((pod) => examination.world.requestsOf(pod));
  const cpu = Math.max(0, ...requests.map(({ cpuMillis }) => cpuMillis));
  const memory = Math.max(0, ...requests.map(({ memoryBytes }) => memoryBytes));
  const isEnough = (one: { vcpus: number; memoryBytes: number }) => one.vcpus * 1000 > cpu && one.memoryBytes > memory;
  if (cause.class === 'stock-out') return ({ machineType }) => comparableShapes(machineType);
  if (cause.class === 'pod-larger-than-any-node') return () => shapes().filter(isEnough);
  const asksOnlyForGpus = pods.every((pod) =>
    [...examination.world.requestsOf(pod).others.keys()].every((name) => !name.includes('/') || name === GPU),
  );
  return (): readonly MachineChoice[] => (asksOnlyForGpus ? GPU_SHAPES : []);
}

const GPU = 'nvidia.com/gpu';

function remedyOf(found: NewPool, rank: number, cause: AssessedRootCause, planning: Planning): Remedy {
  const requests = quotaDraftsFor(
    found.short,
    `${found.nodes} ${found.pool.machineType} ${found.nodes === 1 ? 'node' : 'nodes'}`,
    planning,
  );
  const holds: readonly Condition[] = workloadsWaiting(cause, planning).map((target) => ({
    kind: 'scheduled',
    target,
  }));
  const draft = newPoolDraft(found, `${cause.title}.`, cause.evidence.slice(0, 3), holds);
  return {
    title: draft.title,
    resolves: [cause.id],
    fit: ((FITS[cause.class] ?? 0.5) - 0.1 * rank) * (found.fits / found.pods),
    drafts: [...requests, { ...draft, ...(requests.length > 0 && { after: requests.map(draftId) }) }],
  };
}

/** The action. `because` begins its reason; `holds`: what shows that it helped, beside its nodes. */
export function newPoolDraft(
  { like, pool, nodes, fits, pods, hourly }: NewPool,
  because: string,
  evidence: ActionDraft['evidence'],
  holds: readonly Condition[],
): ActionDraft {
  const { name, machineType, zones, accelerators = [] } = pool;
  const [accelerator] = accelerators;
  const what = `${nodes} ${machineType} ${nodes === 1 ? 'node' : 'nodes'}${accelerator === undefined ? '' : ` with ${accelerator.count} ${accelerator.type} each`}`;
  const maxNodes = nodes + Math.max(1, Math.ceil(nodes * SPARE));
  return {
    kind: createNodePool.kind,
    title: `Create node pool ${name} of ${what} in ${zones.join(', ')}`,
    target: poolRef(name),
    reason: `${because} On ${what} the scheduling filters place ${fits} of ${pods} pods; everything else is as in pool ${like.name}. It may grow to ${maxNodes} nodes, and goes back to none when nothing needs it.`,
    evidence: [
      ...evidence,
      {
        kind: 'calculation',
        text: `${machineType}: ${hourly === undefined ? 'its list price is not known' : `about $${hourly.toFixed(2)} an hour by list prices${accelerator === undefined ? '' : ', GPUs aside'}`}; ${fits} of ${pods} pods fit on ${nodes}`,
      },
    ],
    confidence: 0.8,
    changes: [
      {
        kind: 'cloud',
        call: {
          ...{ operation: 'create-node-pool', pool: name, like: like.name, machineType, zones: [...zones] },
          ...{ minNodes: 0, maxNodes, initialNodes: nodes },
          ...(accelerator !== undefined && { accelerator: { ...accelerator } }),
        },
      },
    ],
    probe: { conditions: [{ kind: 'pool-size', pool: name, atLeast: 1 }, ...holds], withinMs: 40 * MINUTE },
    risks: [{ reason: 'its nodes are paid for as long as pods need them', adds: 0.05 }],
  };
}

/** Beyond what waits now, as a share of it. */
const SPARE = 0.2;
