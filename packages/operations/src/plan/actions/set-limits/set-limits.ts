/** Requests and limits that a quota of the namespace obliges containers to state. */
import { type Container, type KubeObject, type PodSpec } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { limitRangesIn, withDefaults } from '../../../diagnose/namespaces/limit-ranges.ts';
import { quotasFor, unstatedValues } from '../../../diagnose/namespaces/quota-charge.ts';
import {
  amountsOf,
  roundedCpu,
  roundedMemory,
  type Amounts,
  type ContainerSize,
  type SizedResource,
} from '../../capacity/container-size.ts';
import { plainRef, shortQuotas } from '../../capacity/room.ts';
import { withSizes } from '../../capacity/sizing.ts';
import { usesOf, type ContainerUse } from '../../capacity/workload-usage.ts';
import { templateOf, type Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { resourcesPatch } from '../right-size-requests/right-size-draft.ts';

const MINUTE = 60_000;

/** Proposes what containers have to state, from what they state otherwise and what they use. */
export const setLimits: ActionKind = {
  kind: 'set-limits',
  title: 'State missing requests and limits',
  explanation:
    'Gives containers the requests and limits that a ResourceQuota of their namespace obliges them to state: a limit of twice the request, and above the measured peak with its margin; a request of the measured use with its margin, else half the limit. It refuses where neither a value nor a measurement tells anything, and where the quota would then have no room.',
  capability: 'capacity',
  prior: { alpha: 9, beta: 1, basis: 'the quota names what it wants stated' },
  durationMs: { optimistic: MINUTE, likely: 5 * MINUTE, pessimistic: 30 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning.causesOf('namespace-quota-needs-values').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const workloads = new Map(
    planning
      .findingsOf(cause)
      .flatMap(({ resource }) => planning.workloadOf(resource) ?? [])
      .filter((one) => templateOf(one) !== undefined && one.kind !== 'Job')
      .map((one) => [`${one.kind}/${one.metadata.name}`, one]),
  );
  const drafts = [...workloads.values()].map((workload) => draftFor(workload, cause, planning));
  if (drafts.length === 0 || drafts.some((draft) => draft === undefined)) return undefined;
  return {
    title: `State the requests and limits that ${cause.resource.kind} ${cause.resource.name} demands`,
    resolves: [cause.id],
    fit: 0.95,
    drafts: drafts as readonly ActionDraft[],
  };
}

function draftFor(workload: KubeObject, cause: AssessedRootCause, planning: Planning): ActionDraft | undefined {
  const { namespace = '', name } = workload.metadata;
  const spec = templateOf(workload)?.spec as unknown as PodSpec;
  const { snapshot } = planning;
  const made = withDefaults(spec, limitRangesIn(snapshot, namespace));
  const missing = unstatedValues(quotasFor(snapshot, namespace, made), made);
  const uses = usesOf(workload, planning);
  const sizes = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(
    (container): readonly (ContainerSize | undefined)[] => {
      const wanted = missing
        .filter(({ containers }) => containers.includes(container.name))
        .map(({ resource }) => resource);
      return wanted.length === 0
        ? []
        : [
            sizeOf(
              container,
              wanted,
              uses.find((use) => use.container === container.name),
              planning,
            ),
          ];
    },
  );
  if (sizes.length === 0 || sizes.some((size) => size === undefined)) return undefined;
  const known = sizes as readonly ContainerSize[];
  if (shortQuotas(withSizes(spec, known), 1, namespace, snapshot).length > 0) return undefined;
  return {
    kind: 'set-limits',
    title: `State what is missing of ${workload.kind} ${namespace}/${name}`,
    target: plainRef(workload),
    reason: `${cause.title}. Its containers do not state ${[...new Set(missing.map(({ resource }) => resource))].join(', ')}; limits leave twice what is requested, and more than was ever measured.`,
    evidence: [
      ...missing
        .slice(0, 3)
        .map(({ quota, resource }) =>
          fieldEvidence(quota, `status.hard[${resource}]`, String(quota.status?.hard?.[resource] ?? '')),
        ),
      ...cause.evidence.slice(0, 2),
    ],
    confidence: 0.8,
    changes: [resourcesPatch({ workload, containers: known })],
    probe: { conditions: [{ kind: 'available', target: plainRef(workload) }], withinMs: 15 * MINUTE },
    risks: [{ reason: 'a limit below a peak that was never measured throttles or kills', adds: 0.08 }],
  };
}

const NO_USE = {
  cpuMillis: undefined,
  cpuPeakMillis: undefined,
  memoryPeakBytes: undefined,
  samples: 0,
  spanMs: 0,
  isSufficient: false,
};

/** `undefined` where nothing tells one of the values. */
function sizeOf(
  container: Container,
  wanted: readonly string[],
  use: ContainerUse | undefined,
  planning: Planning,
): ContainerSize | undefined {
  const before = { requests: amountsOf(container, 'requests'), limits: amountsOf(container, 'limits') };
  const [requests, limits]: [Amounts, Amounts] = [{}, {}];
  for (const name of wanted) {
    const resource: SizedResource = name.endsWith('cpu') ? 'cpu' : 'memory';
    const isLimit = name.startsWith('limits.');
    const amount = isLimit
      ? limitFor(resource, before.requests, use, planning)
      : requestFor(resource, before.limits, use, planning);
    if (amount === undefined) return undefined;
    (isLimit ? limits : requests)[resource] = amount;
  }
  return { name: container.name, requests, limits, before, use: use ?? { container: container.name, ...NO_USE } };
}

function limitFor(
  resource: SizedResource,
  requests: Amounts,
  use: ContainerUse | undefined,
  { policy }: Planning,
): number | undefined {
  const peak = resource === 'cpu' ? use?.cpuPeakMillis : use?.memoryPeakBytes;
  const requested = requests[resource];
  if (peak === undefined && requested === undefined) return undefined;
  const amount = Math.max(
    2 * (requested ?? 0),
    (peak ?? 0) * (1 + policy.rightSizing.oomMargin),
    2 * floorOf(resource, policy),
  );
  return rounded(resource, amount);
}

function requestFor(
  resource: SizedResource,
  limits: Amounts,
  use: ContainerUse | undefined,
  { policy }: Planning,
): number | undefined {
  const used = resource === 'cpu' ? use?.cpuMillis : use?.memoryPeakBytes;
  const limit = limits[resource];
  if (used === undefined && limit === undefined) return undefined;
  const margin = resource === 'cpu' ? policy.rightSizing.cpuMargin : policy.rightSizing.memoryMargin;
  const amount = Math.max(used === undefined ? (limit ?? 0) / 2 : used * (1 + margin), floorOf(resource, policy));
  return Math.min(rounded(resource, amount), limit ?? Number.POSITIVE_INFINITY);
}

function floorOf(resource: SizedResource, { rightSizing }: Planning['policy']): number {
  return resource === 'cpu' ? rightSizing.cpuFloorMillis : rightSizing.memoryFloorBytes;
}

function rounded(resource: SizedResource, amount: number): number {
  return resource === 'cpu' ? roundedCpu(amount) : roundedMemory(amount);
}
