/**
 * Taints that follow from what a node says of itself.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions; `pkg/controller/nodelifecycle`
 */
import type { Node } from '../../../model/kinds.ts';
import { timestamp } from '../../clock/virtual-clock.ts';

export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
type Condition = NonNullable<NonNullable<Node['status']>['conditions']>[number];

export const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Which status of which condition stands for which taint. */
const BY_CONDITION: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', NOT_READY],
  ['Ready', 'Unknown', UNREACHABLE],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];
const OWN_KEYS: ReadonlySet<string> = new Set([...BY_CONDITION.map(([, , key]) => key), UNSCHEDULABLE]);

export function conditionOf({ status }: Node, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** The taints of a node with those that keep new pods away brought up to date; the very same list where nothing changes. */
export function withScheduleTaints(node: Node, now: number): readonly Taint[] {
  const taints = node.spec?.taints ?? [];
  const wanted = BY_CONDITION.filter(([type, status]) => conditionOf(node, type)?.status === status).map(
    ([, , key]) => key,
  );
  if (node.spec?.unschedulable === true) wanted.push(UNSCHEDULABLE);
  const isStale = ({ key, effect }: Taint) => effect === 'NoSchedule' && OWN_KEYS.has(key) && !wanted.includes(key);
  const missing = wanted.filter((key) => !taints.some((one) => one.key === key && one.effect === 'NoSchedule'));
  if (missing.length === 0 && !taints.some(isStale)) return taints;
  const added = missing.map((key): Taint => ({ effect: 'NoSchedule', key, timeAdded: timestamp(now) }));
  return [...taints.filter((taint) => !isStale(taint)), ...added];
}

/** The taint that drives pods away for a status of `Ready`. */
export function executeTaintFor(ready: string | undefined): string | undefined {
  return ready === 'False' ? NOT_READY : ready === 'Unknown' ? UNREACHABLE : undefined;
}

/** The taints of a node with this one of the two that drive pods away, or with neither. */
export function withExecuteTaint({ spec }: Node, key: string | undefined, now: number): readonly Taint[] {
  const taints = spec?.taints ?? [];
  const isOwn = (taint: Taint) =>
    taint.effect === 'NoExecute' && (taint.key === NOT_READY || taint.key === UNREACHABLE);
  const own = taints.filter(isOwn);
  if (own.length === (key === undefined ? 0 : 1) && own.every((taint) => taint.key === key)) return taints;
  const others = taints.filter((taint) => !isOwn(taint));
  return key === undefined ? others : [...others, { effect: 'NoExecute', key, timeAdded: timestamp(now) }];
}

/** The one of the two that a node has. */
export function executeTaintOf({ spec }: Node): string | undefined {
  return spec?.taints?.find(({ key, effect }) => effect === 'NoExecute' && (key === NOT_READY || key === UNREACHABLE))
    ?.key;
}
