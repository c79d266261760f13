/**
 * The cloud around a simulated cluster: what it grants and what it refuses. Its state is a {@link CloudSnapshot}, as listings of a real
 * project show it, so that a twin begins as exactly what was recorded; parts that were not read stay unread and refuse nothing.
 */
import { bindingQuota } from '../../cloud/quota-headroom.ts';
import type { QuotaNeed } from '../../cloud/quota-need.ts';
import type { CloudSnapshot, NodePool, Quota } from '../../cloud/cloud.ts';
import { Fronts, type AddressOptions } from './fronts.ts';
import type { QuotaExceeded } from './quota-exceeded.ts';
import { grants } from './roles.ts';

export type { QuotaExceeded } from './quota-exceeded.ts';

/** Machines that a zone has not got: all, or those of one machine type or family. */
export interface StockOut {
  readonly zone: string;
  /** `e2-standard-4`, or a family such as `e2`; every type without. */
  readonly machine?: string;
}

/** Disks that a zone has not got: all, or those of one type such as `pd-ssd`. */
export interface DiskStockOut {
  readonly zone: string;
  readonly disk?: string;
}

/** What no listing shows, and what may be changed at any time to bring faults about. */
export interface CloudConditions {
  stockOuts: readonly StockOut[];
  diskStockOuts: readonly DiskStockOut[];
  /** How many nodes the range of pod addresses has room for; by default what the pools' ranges say, else any number. */
  podRangeNodes?: number;
  /** From the request of a machine to its Node, per machine. Default 40 s. */
  machineMs(name: string): number;
  /** Why the cloud refuses a request although it would fit, such as `Required 'compute.addresses.create' permission`; by what is asked for. */
  refusal(what: CloudRequest): string | undefined;
}

/** What a request asks for. */
export interface CloudRequest {
  readonly type: 'machine' | 'forwarding-rule' | 'address' | 'disk';
  readonly name: string;
}

/** The project and region that a cluster runs in. */
export class SimulatedCloud {
  readonly conditions: CloudConditions = {
    stockOuts: [],
    diskStockOuts: [],
    machineMs: () => 40_000,
    refusal: () => undefined,
  };
  /** Load balancers and addresses. */
  readonly fronts: Fronts = new Fronts(this);
  #state: CloudSnapshot;
  /** Quotas that were not read, and of which refusals on record tell. */
  #implied: readonly Quota[] = [];
  #granted: readonly string[] = [];
  #version = 0;
  #listeners: readonly (() => void)[] = [];

  constructor(begin: CloudSnapshot) {
    this.#state = begin;
  }

  /** As its listings show it now. */
  get snapshot(): CloudSnapshot {
    return this.#state;
  }

  /** Grows with each change of a limit or a pool. */
  get version(): number {
    return this.#version;
  }

  /** Calls `listener` after every change of limits and pools from now on; it must not change the cloud itself. */
  listen(listener: () => void): void {
    this.#listeners = [...this.#listeners, listener];
  }

  /** Where the cluster's regional resources are. */
  get region(): string {
    return regionOf(this.#state);
  }

  get project(): string {
    return this.#state.project ?? 'project';
  }

  /** All zones that its node pools are in, sorted. */
  get zones(): readonly string[] {
    return [...new Set((this.#state.cluster?.nodePools ?? []).flatMap(({ zones }) => zones))].sort();
  }

  get pools(): readonly NodePool[] {
    return this.#state.cluster?.nodePools ?? [];
  }

  /** Replaces parts of what its listings show; usage of quotas goes by {@link take} and {@link release}. */
  change(change: (state: CloudSnapshot) => Partial<CloudSnapshot>): void {
    this.#state = { ...this.#state, ...change(this.#state) };
  }

  /** All that refuse: those of its listings, and those that {@link assumeFull} has told of. */
  get quotas(): readonly Quota[] {
    const { quotas = [] } = this.#state;
    return this.#implied.length === 0 ? quotas : [...quotas, ...this.#implied];
  }

  /** Takes a quota that was not read for used up, since a refusal on record says so; listings do not show it. */
  assumeFull({ metric, region, limit }: QuotaExceeded): void {
    if (!this.quotas.some((quota) => quota.metric === metric && quota.region === region))
      this.#implied = [...this.#implied, { metric, region, limit, usage: limit }];
  }

  /**
   * Reserves an address as `gcloud compute addresses create` does; with `address`, one that a load balancer uses becomes static.
   * @returns the quota that is too small
   * @throws RangeError for a name that is taken, or an address that is reserved already
   */
  reserveAddress(name: string, options: AddressOptions = {}, now?: number): QuotaExceeded | undefined {
    return this.fronts.reserve(name, options, now);
  }

  /**
   * Gives a reserved address up; one that a load balancer uses becomes ephemeral again.
   * @returns the quota that is too small for that
   * @throws RangeError without such an address
   */
  releaseAddress(name: string): QuotaExceeded | undefined {
    return this.fronts.unreserve(name);
  }

  /** Books all needs, or none and says which quota is too small. Quotas that were not read refuse nothing. */
  take(needs: readonly QuotaNeed[]): QuotaExceeded | undefined {
    const { binding } = bindingQuota(needs, this.quotas, this.region);
    if (binding !== undefined && binding.fits < 1) {
      const { metric, region, limit } = binding.headroom.quota;
      return { metric, region, limit };
    }
    this.#book(needs, 1);
    return undefined;
  }

  /** Gives back what was taken. */
  release(needs: readonly QuotaNeed[]): void {
    this.#book(needs, -1);
  }

  /**
   * Sets the limit of a quota, as an increase that was granted does; of the cluster's own region by default.
   * @throws RangeError where the quota is not listed
   */
  setLimit(metric: string, limit: number, region = this.region): void {
    const { quotas = [] } = this.#state;
    if (!quotas.some((quota) => quota.metric === metric && quota.region === region))
      throw new RangeError(`quota "${metric}" of ${region}: is not listed`);
    this.change(() => ({
      quotas: quotas.map((quota) => (quota.metric === metric && quota.region === region ? { ...quota, limit } : quota)),
    }));
    this.#tell();
  }

  /** Changes a node pool: its autoscaling, its machine type. @throws RangeError without such a pool */
  changePool(name: string, change: Partial<NodePool>): void {
    const { cluster } = this.#state;
    if (cluster?.nodePools.some((pool) => pool.name === name) !== true)
      throw new RangeError(`node pool "${name}": there is none`);
    const nodePools = cluster.nodePools.map((pool) => (pool.name === name ? { ...pool, ...change } : pool));
    this.change(() => ({ cluster: { ...cluster, nodePools } }));
    this.#tell();
  }

  /** Gives the agents of the cluster a role: what was refused for want of a permission that it has is refused no more. */
  grant(role: string): void {
    const { conditions } = this;
    const before = conditions.refusal;
    conditions.refusal = (what) => {
      const words = before(what);
      return words !== undefined && grants(role, words) ? undefined : words;
    };
    this.#granted = [...this.#granted, role];
    this.#tell();
  }

  /** Whether a role that was given since has the permission that a refusal names. */
  hasGranted(refusal: string): boolean {
    return this.#granted.some((role) => grants(role, refusal));
  }

  #tell(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  #book(needs: readonly QuotaNeed[], sign: 1 | -1): void {
    const changed = new Map<Quota, number>();
    for (const need of needs) {
      const quota = chargedQuota(need, this.quotas, this.region);
      if (quota !== undefined) changed.set(quota, (changed.get(quota) ?? quota.usage) + sign * need.amount);
    }
    if (changed.size === 0) return;
    const booked = (quota: Quota): Quota => {
      const usage = changed.get(quota);
      return usage === undefined ? quota : { ...quota, usage: Math.max(0, usage) };
    };
    this.#implied = this.#implied.map(booked);
    this.change(({ quotas }) => (quotas === undefined ? {} : { quotas: quotas.map(booked) }));
  }
}

/** The quota that a need is charged to; `undefined` where it is not listed. */
function chargedQuota(need: QuotaNeed, quotas: readonly Quota[], home: string): Quota | undefined {
  const region = need.region === 'global' ? 'global' : home;
  const find = (metric: string) => quotas.find((quota) => quota.metric === metric && quota.region === region);
  const own = find(need.metric);
  return need.otherwise !== undefined && (own === undefined || own.limit === 0) ? find(need.otherwise) : own;
}

/** The region of a location, which may be a zone. */
function regionOf({ cluster, quotas = [] }: CloudSnapshot): string {
  const location = cluster?.location;
  if (location !== undefined) return /^(.+-[a-z]+\d+)-[a-z]$/.exec(location)?.[1] ?? location;
  return quotas.find(({ region }) => region !== 'global')?.region ?? 'us-central1';
}
