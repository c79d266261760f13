/** Workloads whose rollouts asked for far more than before, and by that took the room that pods now lack. */
import { amountOf, compare, objectKey, refOf, type KubeObject, type PodSpec } from '@aia/cluster';
import { usesOf, type ContainerUse } from '../../capacity/workload-usage.ts';
import type { Planning } from '../../planning.ts';
import { earlierRevisions, type Revision } from '../../revisions/revisions.ts';
import { podSpecIn } from '../../rollout/template-repair.ts';
import { withResourcesOf } from './earlier-resources.ts';

/** A workload that asks for more than it did. */
export interface Raised {
  readonly workload: KubeObject;
  /** With the requests and limits of the earlier revision. */
  readonly spec: PodSpec;
  readonly earlier: Revision;
  /** What it asks for now ÷ what it asked for, of CPU or memory, whichever grew more. */
  readonly factor: number;
  /** Whether measured use lies within what was asked for before; `undefined` where nothing was measured. */
  readonly isUseWithin: boolean | undefined;
}

/** Below it, a rollout asks for a little more, which does not fill nodes. */
const LEAST_FACTOR = 1.5;
/** As many as a person can look at. */
const MOST = 12;

/**
 * All of the cluster, those first that grew most. Left out: what uses more than it asked for before, and what has all its pods while nobody
 * knows what they use.
 */
export function raisedRequests(planning: Planning): readonly Raised[] {
  const { snapshot } = planning;
  return [...snapshot.list('Deployment'), ...snapshot.list('StatefulSet')]
    .flatMap((workload: KubeObject) => raisedOf(workload, planning) ?? [])
    .filter(({ workload, isUseWithin = isShort(workload) }) => isUseWithin)
    .toSorted((a, b) => b.factor - a.factor || compare(objectKey(a.workload), objectKey(b.workload)))
    .slice(0, MOST);
}

function raisedOf(workload: KubeObject, planning: Planning): Raised | undefined {
  const spec = podSpecIn(workload);
  const earlier = earlierRevisions(workload, planning.snapshot)[0];
  const before = earlier?.template.spec;
  if (spec === undefined || earlier === undefined || before === undefined) return undefined;
  const factors = RESOURCES.map((resource) => requested(spec, resource) / requested(before, resource));
  const factor = Math.max(...factors.filter(Number.isFinite));
  if (factor < LEAST_FACTOR || planning.sizerOf(refOf(workload)) !== undefined) return undefined;
  const restored = { ...spec, containers: withResourcesOf(before, spec) };
  return { workload, spec: restored, earlier, factor, isUseWithin: isWithin(before, usesOf(workload, planning)) };
}

const RESOURCES = ['cpu', 'memory'] as const;

/** Of all containers together. */
function requested({ containers }: Pick<PodSpec, 'containers'>, resource: (typeof RESOURCES)[number]): number {
  return containers.reduce(
    (sum, { resources }) => sum + (amountOf(resource, resources?.requests?.[resource] ?? '0') ?? 0),
    0,
  );
}

function isWithin(before: Pick<PodSpec, 'containers'>, uses: readonly ContainerUse[]): boolean | undefined {
  const sum = (amounts: readonly (number | undefined)[]) => amounts.reduce<number>((all, one) => all + (one ?? 0), 0);
  if (uses.length === 0) return undefined;
  const isMore = (used: number, asked: number) => asked > 0 && used > asked;
  return (
    !isMore(sum(uses.map(({ cpuMillis }) => cpuMillis)), requested(before, 'cpu')) &&
    !isMore(sum(uses.map(({ memoryPeakBytes }) => memoryPeakBytes)), requested(before, 'memory'))
  );
}

/** Whether pods of it are missing or not ready. */
function isShort(workload: KubeObject): boolean {
  const { spec, status } = workload as KubeObject & {
    readonly spec?: { readonly replicas?: number };
    readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number };
  };
  return Math.min(status?.readyReplicas ?? 0, status?.updatedReplicas ?? 0) < (spec?.replicas ?? 1);
}
