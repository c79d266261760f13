/** What containers would have to state that quotas oblige them to, from what they state otherwise and what they use. */
import type { Container, PodSpec } from '@aia/cluster';
import type { AssessedEvidence, AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../diagnose/examination.ts';
import { limitRangesIn, withDefaults } from '../../diagnose/namespaces/limit-ranges.ts';
import { quotasFor, unstatedValues, type UnstatedValue } from '../../diagnose/namespaces/quota-charge.ts';
import type { Planning } from '../planning.ts';
import {
  amountsOf,
  roundedCpu,
  roundedMemory,
  type Amounts,
  type ContainerSize,
  type SizedResource,
} from './container-size.ts';
import type { Rollout } from './quota-needs.ts';
import { withSizes } from './sizing.ts';
import { unmeasured, usesOf, type ContainerUse } from './workload-usage.ts';

/** A workload whose containers state all that they have to. */
export interface Stated extends Rollout {
  /** Its pod spec as it is now. */
  readonly written: PodSpec;
  /** What they do not state now; never empty. */
  readonly missing: readonly UnstatedValue[];
  readonly sizes: readonly ContainerSize[];
}

/** `nothing-missing`, or `unknown` where nothing tells one of the values. */
export function statedFor({ workload, spec }: Rollout, planning: Planning): Stated | 'nothing-missing' | 'unknown' {
  const { namespace = '' } = workload.metadata;
  const made = withDefaults(spec, limitRangesIn(planning.snapshot, namespace));
  const missing = unstatedValues(quotasFor(planning.snapshot, namespace, made), made);
  const uses = usesOf(workload, planning);
  const sizes = [...spec.containers, ...(spec.initContainers ?? [])].flatMap((container) => {
    const wanted = missing.filter(({ containers }) => containers.includes(container.name)).map((one) => one.resource);
    const use = uses.find((one) => one.container === container.name);
    return wanted.length === 0 ? [] : [sizeOf(container, wanted, use, planning)];
  });
  if (sizes.length === 0) return 'nothing-missing';
  if (!sizes.every((size) => size !== undefined)) return 'unknown';
  return { workload, written: spec, missing, sizes, spec: withSizes(spec, sizes) };
}

/** What the quotas oblige to, and what showed it first. */
export function evidenceOf(missing: readonly UnstatedValue[], cause: AssessedRootCause): readonly AssessedEvidence[] {
  const obliging = missing
    .slice(0, 3)
    .map(({ quota, resource }) =>
      fieldEvidence(quota, `status.hard[${resource}]`, String(quota.status?.hard?.[resource] ?? '')),
    );
  return [...obliging, ...cause.evidence.slice(0, 2)];
}

/** Narrows to what can be stated. */
export function isKnown(one: ReturnType<typeof statedFor>): one is Stated {
  return typeof one === 'object';
}

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
  return { name: container.name, requests, limits, before, use: use ?? unmeasured(container.name) };
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

/** Smallest request that the policy gives: millicores or bytes. */
export function floorOf(resource: SizedResource, { rightSizing }: Planning['policy']): number {
  return resource === 'cpu' ? rightSizing.cpuFloorMillis : rightSizing.memoryFloorBytes;
}

function rounded(resource: SizedResource, amount: number): number {
  return resource === 'cpu' ? roundedCpu(amount) : roundedMemory(amount);
}
