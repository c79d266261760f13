/** What stands in the way of larger requests or limits: bounds and quotas of the namespace, and the size of nodes. */
import {
  amountOf,
  formatBytes,
  formatCpu,
  refOf,
  type ClusterSnapshot,
  type KubeObject,
  type PodSpec,
  type ResourceQuota,
} from '@aia/cluster';
import { limitRangesIn, violationsOf, withDefaults, type Violation } from '../../diagnose/namespaces/limit-ranges.ts';
import { chargeOf, quotasFor, roomOf, type Charge, type QuotaRoom } from '../../diagnose/namespaces/quota-charge.ts';

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

/** Quotas of the namespace that do not take so many further pods of a spec; defaults are filled in. */
export function shortQuotas(
  spec: PodSpec,
  pods: number,
  namespace: string,
  snapshot: ClusterSnapshot,
): readonly QuotaRoom[] {
  const made = withDefaults(spec, limitRangesIn(snapshot, namespace));
  return roomOf(quotasFor(snapshot, namespace, made), chargeOf(made)).filter(({ fits }) => fits < pods);
}

/**
 * What quotas have to allow, by resource in the units of {@link amountOf}, so that a workload can be rolled out to another spec: one pod more than it
 * has, and all of its own as they are then. Empty where they allow it.
 */
export function quotasForRollout(
  before: PodSpec,
  after: PodSpec,
  replicas: number,
  { namespace, snapshot }: { readonly namespace: string; readonly snapshot: ClusterSnapshot },
): ReadonlyMap<ResourceQuota, Readonly<Record<string, number>>> {
  const ranges = limitRangesIn(snapshot, namespace);
  const [was, is] = [before, after].map((spec) => chargeOf(withDefaults(spec, ranges))) as [Charge, Charge];
  const short = roomOf(quotasFor(snapshot, namespace, withDefaults(after, ranges)), is).flatMap((room) => {
    const more = room.each + Math.max(0, replicas - 1) * Math.max(0, room.each - (was.get(room.resource) ?? 0));
    return more <= room.free ? [] : [{ ...room, each: more }];
  });
  return raisedHard(short, 1);
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

/** How far a quota has to be raised for so many further pods, by resource; in the units of {@link amountOf}. */
export function raisedHard(
  rooms: readonly QuotaRoom[],
  pods: number,
): ReadonlyMap<ResourceQuota, Readonly<Record<string, number>>> {
  return new Map(
    [...Map.groupBy(rooms, ({ quota }) => quota)].map(([quota, own]) => [
      quota,
      Object.fromEntries(
        own.map(({ resource, free, each }) => {
          const hard = amountOf(resource, quota.status?.hard?.[resource] ?? '0') ?? 0;
          return [resource, hard + Math.max(0, each * pods - free)];
        }),
      ),
    ]),
  );
}

/** The reference of an object without its uid, which another object of the name may have by then. */
export function plainRef(object: KubeObject) {
  const { group, kind, namespace, name } = refOf(object);
  return { group, kind, namespace, name };
}
