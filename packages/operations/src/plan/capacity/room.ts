/** What stands in the way of larger requests or limits: bounds of the namespace, and the size of nodes. */
import {
  amountOf,
  formatBytes,
  formatCpu,
  refOf,
  type ClusterSnapshot,
  type KubeObject,
  type PodSpec,
} from '@aia/cluster';
import { limitRangesIn, violationsOf, type Violation } from '../../diagnose/namespaces/limit-ranges.ts';

/** Bounds of LimitRanges that pods of this spec would break, and those of the spec before did not. */
export function brokenBounds(
  before: PodSpec,
  after: PodSpec,
  namespace: string,
  snapshot: ClusterSnapshot,
): readonly Violation[] {
  const ranges = limitRangesIn(snapshot, namespace);
  if (ranges.length === 0) return [];
  const old = new Set(violationsOf(before, ranges).map(({ container, resource }) => `${container} ${resource}`));
  return violationsOf(after, ranges).filter(({ container, resource }) => !old.has(`${container} ${resource}`));
}

/** The most memory that any node offers; infinite where no node was read. */
export function largestNodeBytes(snapshot: ClusterSnapshot): number {
  const all = snapshot
    .list('Node')
    .map(({ status }) => amountOf('memory', status?.allocatable?.['memory'] ?? '0') ?? 0);
  return all.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...all);
}

/** An amount of a quota's resource (`limits.memory`, `pods`) as Kubernetes writes it. */
export function quotaText(resource: string, amount: number): string {
  if (/(?:^|\.)cpu$/.test(resource)) return formatCpu(Math.ceil(amount));
  return /(?:^|\.)(?:memory|ephemeral-storage|storage)$/.test(resource)
    ? formatBytes(Math.ceil(amount / MIB) * MIB)
    : String(Math.ceil(amount));
}

const MIB = 2 ** 20;

/** The reference of an object without its uid, which another object of the name may have by then. */
export function plainRef(object: KubeObject) {
  const { group, kind, namespace, name } = refOf(object);
  return { group, kind, namespace, name };
}
