/**
 * How fast and how far an autoscaler may go: windows of stabilization, policies, bounds.
 * Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior; `pkg/controller/podautoscaler`
 */
import type { KindMap } from '../../../model/kinds.ts';

export type Autoscaler = KindMap['HorizontalPodAutoscaler'];
type Behavior = NonNullable<NonNullable<Autoscaler['spec']>['behavior']>;
type Rules = NonNullable<Behavior['scaleUp']>;

/** A number of replicas within the limits, and what to say of it. */
export interface LimitedSize {
  readonly replicas: number;
  readonly able: Saying;
  readonly limited: Saying & { readonly status: 'True' | 'False' };
}

/** Reason and message of a condition. */
export interface Saying {
  readonly reason: string;
  readonly message: string;
}

/** What is asked for. */
export interface Wish {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

interface Sample {
  readonly value: number;
  readonly at: number;
}

/** Source: `--horizontal-pod-autoscaler-downscale-stabilization` */
const WINDOW_MS = 300_000;

const READY: Saying = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const DOWN_STABILIZED: Saying = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const UP_STABILIZED: Saying = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const WITHIN: Saying = {
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};
const TOO_FAST: Saying = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const TOO_MANY: Saying = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const TOO_FAST_DOWN: Saying = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};
const TOO_FEW: Saying = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};

/** What one autoscaler recommended and did lately. */
export class ScalingHistory {
  readonly #recommendations: Sample[] = [];
  readonly #ups: Sample[] = [];
  readonly #downs: Sample[] = [];

  /** The first recommendation is the size that was found. */
  begin(current: number, now: number): void {
    if (this.#recommendations.length === 0) this.#recommendations.push({ value: current, at: now });
  }

  /** Brings a wish within the limits, and remembers it. */
  limit(wish: Wish, behavior: Behavior | undefined, now: number): LimitedSize {
    const stable = behavior === undefined ? this.#stable(wish, now) : this.#stableBy(behavior, wish, now);
    const able =
      stable === wish.desired
        ? READY
        : behavior !== undefined && wish.desired >= wish.current
          ? UP_STABILIZED
          : DOWN_STABILIZED;
    const stableWish = { ...wish, desired: stable };
    const [replicas, saying] = behavior === undefined ? bounded(stableWish) : this.#paced(behavior, stableWish, now);
    return { replicas, able, limited: { ...saying, status: replicas === stable ? 'False' : 'True' } };
  }

  /** Remembers a change of size, which policies count. */
  scaled(before: number, after: number, behavior: Behavior | undefined, now: number): void {
    if (behavior === undefined) return;
    const isUp = after > before;
    const samples = isUp ? this.#ups : this.#downs;
    const longestMs = longestPeriodMs(isUp ? behavior.scaleUp : behavior.scaleDown);
    forget(samples, now - longestMs);
    samples.push({ value: Math.abs(after - before), at: now });
  }

  /** The highest of the last five minutes. */
  #stable({ desired }: Wish, now: number): number {
    forget(this.#recommendations, now - WINDOW_MS);
    const highest = Math.max(desired, ...this.#recommendations.map(({ value }) => value));
    this.#recommendations.push({ value: desired, at: now });
    return highest;
  }

  /** Not below the lowest of the window for growing, not above the highest of the window for shrinking. */
  #stableBy({ scaleUp, scaleDown }: Behavior, { current, desired }: Wish, now: number): number {
    const upMs = (scaleUp?.stabilizationWindowSeconds ?? 0) * 1000;
    const downMs =
      scaleDown?.stabilizationWindowSeconds === undefined ? WINDOW_MS : scaleDown.stabilizationWindowSeconds * 1000;
    const within = (windowMs: number) =>
      this.#recommendations.filter(({ at }) => at > now - windowMs).map(({ value }) => value);
    const low = Math.min(desired, ...within(upMs));
    const high = Math.max(desired, ...within(downMs));
    forget(this.#recommendations, now - Math.max(upMs, downMs));
    this.#recommendations.push({ value: desired, at: now });
    return Math.min(Math.max(current, low), high);
  }

  #paced(
    { scaleUp, scaleDown }: Behavior,
    { current, desired, min, max }: Wish,
    now: number,
  ): readonly [number, Saying] {
    if (desired > current) {
      const limit = Math.max(current, this.#rateLimit(scaleUp, current, now, 1));
      const most = Math.min(max, limit);
      if (desired > most) return [most, max > limit ? TOO_FAST : TOO_MANY];
    } else if (desired < current) {
      const limit = Math.min(current, this.#rateLimit(scaleDown, current, now, -1));
      const least = Math.max(min, limit);
      if (desired < least) return [least, min < limit ? TOO_FAST_DOWN : TOO_FEW];
    }
    return [desired, WITHIN];
  }

  /** How far the policies let the size go from what it was when their periods began; `direction` is 1 for more pods, -1 for fewer. */
  #rateLimit(rules: Rules | undefined, current: number, now: number, direction: 1 | -1): number {
    const { selectPolicy = 'Max', policies = [] } = rules ?? {};
    if (selectPolicy === 'Disabled') return current;
    const proposals = policies.map(({ type, value, periodSeconds }) => {
      const since = now - periodSeconds * 1000;
      const start = current - sumSince(this.#ups, since) + sumSince(this.#downs, since);
      if (type === 'Pods') return start + direction * value;
      const share = start * (1 + (direction * value) / 100);
      return direction > 0 ? Math.ceil(share) : Math.trunc(share);
    });
    const picksHighest = (selectPolicy === 'Min') !== direction > 0;
    return picksHighest ? Math.max(...proposals) : Math.min(...proposals);
  }
}

/** Without a behavior the size at most doubles, and to four at least. */
function bounded({ current, desired, min, max }: Wish): readonly [number, Saying] {
  const limit = Math.max(2 * current, 4);
  const most = Math.min(max, limit);
  if (desired < min) return [min, TOO_FEW];
  if (desired > most) return [most, max > limit ? TOO_FAST : TOO_MANY];
  return [desired, WITHIN];
}

function longestPeriodMs(rules: Rules | undefined): number {
  return Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds)) * 1000;
}

function sumSince(samples: readonly Sample[], since: number): number {
  return samples.reduce((sum, { value, at }) => (at > since ? sum + value : sum), 0);
}

/** Samples are in the order of their times. */
function forget(samples: Sample[], before: number): void {
  const kept = samples.findIndex(({ at }) => at >= before);
  samples.splice(0, kept < 0 ? samples.length : kept);
}
