/** Has an autoscaler begin as the record of its cluster left it. */
import { headroom } from '../../cloud/quota-headroom.ts';
import type { SimulatedCloud } from '../cloud/simulated-cloud.ts';
import type { AutoscalerContext } from './autoscaler-context.ts';
import type { BackOff, GroupError } from './back-off.ts';
import type { HeldFailure, RecordedAutoscaling } from './recorded-autoscaling.ts';

const NOTHING: RecordedAutoscaling = {
  nodeCount: 0,
  failures: [],
  heldNodes: new Map(),
  unneeded: new Map(),
  passedOver: new Set(),
  told: new Map(),
  assumptions: [],
};

/** The record, until something changes that it could not know of. */
export class AdoptedRecord {
  readonly #recorded: RecordedAutoscaling;
  readonly #cloud: SimulatedCloud;
  readonly #cloudVersion: number;
  readonly #failures: Map<string, HeldFailure>;

  constructor(recorded: RecordedAutoscaling | undefined, { cloud, groups }: AutoscalerContext, backOff: BackOff) {
    this.#recorded = recorded ?? NOTHING;
    this.#cloud = cloud;
    this.#cloudVersion = cloud.version;
    this.#failures = new Map(this.#recorded.failures.map((failure) => [failure.group, failure]));
    for (const failure of this.#recorded.failures) {
      const { group, error, failedAt, durationMs } = failure;
      backOff.adopt(group, error, failedAt, durationMs);
      this.#hold(failure);
      if (failure.cause === 'refusal-fits' || failure.cause === 'refusal-goes-on' || failure.cause === 'quotas-unread')
        groups.hold(group, () => this.#refusalOf(failure));
    }
  }

  get unneeded(): ReadonlyMap<string, number> {
    return this.#recorded.unneeded;
  }

  /** Whether pools and limits are as they were recorded. */
  get isUnchanged(): boolean {
    return this.#cloud.version === this.#cloudVersion;
  }

  /** Whether all is as the record tells, and has been told. */
  get isGoingOn(): boolean {
    return this.#recorded !== NOTHING && this.isUnchanged;
  }

  isPassedOver(uid: string): boolean {
    return this.isUnchanged && this.#recorded.passedOver.has(uid);
  }

  isSilent(uid: string, reason: string): boolean {
    return this.isUnchanged && this.#recorded.told.get(uid)?.has(reason) === false;
  }

  isHeld(node: string, use: string): boolean {
    return this.#recorded.heldNodes.get(node) === use;
  }

  /** The recorded error of a group that has not been scaled since. */
  errorOf(group: string): GroupError | undefined {
    return this.#failures.get(group)?.error;
  }

  /** A group was scaled: what is recorded about it is over. */
  scaled(group: string): void {
    this.#failures.delete(group);
  }

  #hold({ group, cause, quota }: HeldFailure): void {
    const [pool = '', zone = ''] = group.split('/');
    const { conditions } = this.#cloud;
    const machine = this.#cloud.pools.find(({ name }) => name === pool)?.machineType;
    if (cause === 'stock-out-goes-on')
      conditions.stockOuts = [...conditions.stockOuts, machine === undefined ? { zone } : { zone, machine }];
    if (cause === 'ip-space-stays-full') conditions.podRangeNodes ??= this.#recorded.nodeCount;
    if (cause === 'quotas-unread' && quota !== undefined) this.#cloud.assumeFull(quota);
  }

  #refusalOf({
    error,
    quota,
    free,
    cause,
  }: HeldFailure): { readonly code: string; readonly message: string } | undefined {
    const isOver =
      quota === undefined || cause === 'quotas-unread'
        ? !this.isUnchanged
        : (headroom(this.#cloud.quotas, quota.metric, quota.region)?.free ?? 0) > (free ?? 0);
    return isOver ? undefined : { code: error.errorCode, message: error.errorMessage };
  }
}
