/** Conditions of pods. Source: `pkg/api/v1/pod`, `UpdatePodCondition` */
import type { Pod } from '../../model/kinds.ts';
import { timestamp } from '../clock/virtual-clock.ts';

type PodStatus = NonNullable<Pod['status']>;
type Condition = NonNullable<PodStatus['conditions']>[number];

/** A condition to set; of what it does not say, nothing is kept. */
export interface PodCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  /** The version of the pod that the condition is about. */
  readonly observedGeneration?: number;
}

/** The status without a node in view, or with another one; the status itself where it is so already. */
export function withNomination(status: PodStatus, nodeName: string): PodStatus {
  if ((status.nominatedNodeName ?? '') === nodeName) return status;
  const changed: { -readonly [F in keyof PodStatus]: PodStatus[F] } = { ...status };
  if (nodeName === '') delete changed.nominatedNodeName;
  else changed.nominatedNodeName = nodeName;
  return changed;
}

/** The status with the condition, or the status itself where it says so already. The time of the transition changes with `status` alone. */
export function withCondition(status: PodStatus | undefined, condition: PodCondition, now: number): PodStatus {
  const conditions = status?.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const known = conditions[at];
  if (status !== undefined && known !== undefined && isSame(known, condition)) return status;
  const lastTransitionTime =
    known?.status === condition.status ? (known.lastTransitionTime ?? timestamp(now)) : timestamp(now);
  // The API writes a time that is not set as null, which the types do not know.
  const fresh = { ...condition, lastProbeTime: null, lastTransitionTime } as unknown as Condition;
  return { ...status, conditions: at < 0 ? [...conditions, fresh] : conditions.with(at, fresh) };
}

function isSame(a: Condition & { readonly observedGeneration?: number }, b: PodCondition): boolean {
  return (
    a.status === b.status &&
    (a.reason ?? '') === (b.reason ?? '') &&
    (a.message ?? '') === (b.message ?? '') &&
    a.observedGeneration === b.observedGeneration
  );
}
