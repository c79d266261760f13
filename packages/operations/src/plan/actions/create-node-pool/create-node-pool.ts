/** A node pool of machines that the cluster does not have yet. */
import { refText, type KubeObject, type Pod, type ResourceRef } from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { comparableShapes, GPU_SHAPES, shapes } from '../../capacity/machine-shapes.ts';
import { newPools, POOL_LABEL, type MachineChoice, type NewPool } from '../../capacity/new-pool.ts';
import { podsWaiting } from '../../capacity/pool-growth.ts';
import { workloadsWaiting } from '../../capacity/waiting-workloads.ts';
import { templateOf, type Planning } from '../../planning.ts';
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
  const pods = podsToPlace(cause, planning);
  const found = newPools(pods, choicesFor(cause, pods, planning), planning);
  return found.slice(0, MOST_RIVALS).map((one, i) => remedyOf(one, i, cause, planning));
}

/** Those that wait; and where their workload asks for a pool by name and is led to another one, one like them for each that runs of it and moves too. */
function podsToPlace(cause: AssessedRootCause, planning: Planning): readonly Pod[] {
  const { snapshot } = planning;
  const waiting = podsWaiting(cause, planning);
  if (cause.class !== 'stock-out') return waiting;
  const bound = waiting.filter(({ spec }) => spec?.nodeSelector?.[POOL_LABEL] !== undefined);
  const first = new Map(bound.toReversed().map((pod) => [snapshot.rootOwnerOf(pod), pod]));
  const moving = [...first].flatMap(([workload, like]) =>
    snapshot
      .listIn('Pod', workload.metadata.namespace ?? '')
      .filter((pod) => snapshot.rootOwnerOf(pod) === workload && pod.spec?.nodeName !== undefined)
      // A rollout that is stuck has one too many.
      .slice(
        0,
        Math.max(0, replicasOf(workload) - waiting.filter((pod) => snapshot.rootOwnerOf(pod) === workload).length),
      )
      .map((pod): Pod => ({ ...like, metadata: { ...like.metadata, name: `${pod.metadata.name}-next` } })),
  );
  return [...waiting, ...moving];
}

function replicasOf(workload: KubeObject): number {
  return (workload as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1;
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
  const holds: readonly Condition[] = workloadsWaiting(cause, planning)
    .filter((target) => !isBoundTo(found.like.name, target, planning))
    .map((target) => ({ kind: 'scheduled', target }));
  const draft = newPoolDraft(found, `${cause.title}.`, cause.evidence.slice(0, 3), holds);
  const pool: ActionDraft = { ...draft, ...(requests.length > 0 && { after: requests.map(draftId) }) };
  return {
    title: draft.title,
    resolves: [cause.id],
    fit: ((FITS[cause.class] ?? 0.5) - 0.1 * rank) * (found.fits / found.pods),
    drafts: [...requests, pool, ...leadThere(found, cause, planning, draftId(pool))],
  };
}

function isBoundTo(pool: string, target: ResourceRef, planning: Planning): boolean {
  const workload = planning.object(target);
  const selector = workload === undefined ? undefined : templateOf(workload)?.spec['nodeSelector'];
  return (selector as Readonly<Record<string, string>> | undefined)?.[POOL_LABEL] === pool;
}

/** Workloads that name the old pool are led to the new one. */
function leadThere(
  { like, pool }: NewPool,
  cause: AssessedRootCause,
  planning: Planning,
  after: string,
): readonly ActionDraft[] {
  return workloadsWaiting(cause, planning).flatMap((target): readonly ActionDraft[] => {
    const workload = planning.object(target);
    const template = workload === undefined ? undefined : templateOf(workload);
    if (workload === undefined || template === undefined || !isBoundTo(like.name, target, planning)) return [];
    const patch = { spec: { nodeSelector: { [POOL_LABEL]: pool.name } } };
    return [
      {
        ...{
          kind: 'fix-node-selector',
          title: `Lead ${refText(target)} to node pool ${pool.name}`,
          target,
          part: 'pool',
        },
        reason: `${refText(target)} asks for pool ${like.name} by name, of whose machines the cloud has none left.`,
        evidence: [fieldEvidence(workload, `${template.path.join('.')}.spec.nodeSelector["${POOL_LABEL}"]`, like.name)],
        confidence: 0.8,
        changes: [
          {
            kind: 'patch',
            target,
            patch: {
              type: 'strategic',
              patch: template.path
                .toReversed()
                .reduce<Record<string, unknown>>((inner, name) => ({ [name]: inner }), patch),
            },
          },
        ],
        after: [after],
      },
    ];
  });
}

/** The action. `because` begins its reason; `holds`: what shows that it helped, beside its nodes. */
export function newPoolDraft(
  { like, pool, nodes, fits, pods, hourly, bounds }: NewPool,
  because: string,
  evidence: ActionDraft['evidence'],
  holds: readonly Condition[],
): ActionDraft {
  const { name, machineType, zones, accelerators = [] } = pool;
  const [accelerator] = accelerators;
  const what = `${nodes} ${machineType} ${nodes === 1 ? 'node' : 'nodes'}${accelerator === undefined ? '' : ` with ${accelerator.count} ${accelerator.type} each`}`;
  const { minNodes, maxNodes } = bounds ?? { minNodes: 0, maxNodes: nodes + Math.max(1, Math.ceil(nodes * SPARE)) };
  return {
    kind: createNodePool.kind,
    title: `Create node pool ${name} of ${what} in ${zones.join(', ')}`,
    target: poolRef(name),
    reason: `${because} On ${what} the scheduling filters place ${fits} of ${pods} pods; everything else is as in pool ${like.name}. It may grow to ${maxNodes} nodes, and ${minNodes === 0 ? 'goes back to none when nothing needs it' : `keeps ${minNodes} at least`}.`,
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
          ...{ minNodes, maxNodes, initialNodes: nodes },
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
