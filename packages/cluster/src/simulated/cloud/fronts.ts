/**
 * Fronts of load balancers: forwarding rules, the address that they share, and the quota that they hold; with the addresses that are reserved
 * beside them. An ephemeral address shows in the rules alone: `gcloud compute addresses list` lists what is reserved.
 * Source: https://cloud.google.com/compute/docs/ip-addresses; https://cloud.google.com/load-balancing/docs/forwarding-rule-concepts
 */
import type { CloudAddress, CloudSnapshot, ForwardingRule } from '../../cloud/cloud.ts';
import type { QuotaNeed } from '../../cloud/quota-need.ts';
import { addressOfNumber, addressRange, freeNumber, type NumberRange } from '../service-addresses/number-pool.ts';
import type { QuotaExceeded } from './quota-exceeded.ts';

/** Where an address is reached: from outside through one region, from outside anywhere, or from the network alone. */
export type AddressScope = 'regional' | 'global' | 'internal';

/** What is asked of the cloud for one load balancer. */
export interface FrontRequest {
  readonly scope: AddressScope;
  /** A reserved or kept address; one is drawn without. */
  readonly address?: string;
  readonly rules: readonly Pick<ForwardingRule, 'name' | 'protocol'>[];
  /** As on {@link ForwardingRule}. */
  readonly scheme: string;
  readonly description: string;
  /** All but for the address. */
  readonly needs: readonly QuotaNeed[];
}

/** One load balancer as it stands. */
export interface Front {
  readonly scope: AddressScope;
  readonly address: string;
  readonly ruleNames: readonly string[];
  readonly needs: readonly QuotaNeed[];
  /** Empty for a reserved address, which holds its quota by itself. */
  readonly addressNeeds: readonly QuotaNeed[];
}

/** What an address is to be. */
export interface AddressOptions {
  /** One that a load balancer uses already, which becomes reserved; drawn without. */
  readonly address?: string;
  readonly global?: boolean;
  readonly internal?: boolean;
}

/** What fronts need of the cloud that they are in. */
export interface CloudLedger {
  readonly snapshot: CloudSnapshot;
  readonly region: string;
  take(needs: readonly QuotaNeed[]): QuotaExceeded | undefined;
  release(needs: readonly QuotaNeed[]): void;
  change(change: (state: CloudSnapshot) => Partial<CloudSnapshot>): void;
}

/** Ranges in which Google's addresses of each scope are commonly found; internal ones lie in the upper half of the region's subnet. */
const RANGES: Readonly<Record<AddressScope, NumberRange>> = {
  regional: addressRange('35.192.0.0/12'),
  global: addressRange('34.120.0.0/15'),
  internal: addressRange('10.128.8.0/21'),
};

const STATIC: Readonly<Record<AddressScope, QuotaNeed>> = {
  regional: { metric: 'STATIC_ADDRESSES', region: 'region', amount: 1 },
  global: { metric: 'STATIC_ADDRESSES', region: 'global', amount: 1 },
  internal: { metric: 'INTERNAL_ADDRESSES', region: 'region', amount: 1 },
};

/** What an address takes that is not reserved. */
export const EPHEMERAL: Readonly<Record<AddressScope, readonly QuotaNeed[]>> = {
  regional: [{ metric: 'IN_USE_ADDRESSES', region: 'region', amount: 1 }],
  global: [{ metric: 'IN_USE_ADDRESSES', region: 'global', amount: 1 }],
  internal: [{ metric: 'INTERNAL_ADDRESSES', region: 'region', amount: 1 }],
};

/** All fronts of one cloud, by owner: `Service shop/web`. */
export class Fronts {
  readonly #ledger: CloudLedger;
  readonly #fronts = new Map<string, Front>();
  readonly #owners = new Map<string, string>();
  /** Stand in for listings that were not read. */
  #unlisted: readonly CloudAddress[] = [];

  constructor(ledger: CloudLedger) {
    this.#ledger = ledger;
  }

  get(owner: string): Front | undefined {
    return this.#fronts.get(owner);
  }

  /** Owners with a front. */
  owners(): Iterable<string> {
    return this.#fronts.keys();
  }

  /** Who has an address; a rule's name where no owner is known; `undefined` for a free one. */
  userOf(address: string): string | undefined {
    const owner = this.#owners.get(address);
    return owner ?? this.#ledger.snapshot.forwardingRules?.find(({ ipAddress }) => ipAddress === address)?.name;
  }

  /** The reserved address of this number or name. */
  reserved(numberOrName: string): CloudAddress | undefined {
    return this.#reserved.find(({ address, name }) => address === numberOrName || name === numberOrName);
  }

  /** Notes what an owner had before; its quota is used already. */
  adopt(owner: string, front: Front): void {
    const isReserved = this.reserved(front.address) !== undefined;
    this.#note(owner, isReserved ? { ...front, addressNeeds: [] } : front);
  }

  /** Makes a front; nothing happens where a quota is too small, which is returned. `now` in epoch milliseconds. */
  make(owner: string, request: FrontRequest, now: number): QuotaExceeded | undefined {
    const { scope, needs } = request;
    const isReserved = request.address !== undefined && this.reserved(request.address) !== undefined;
    const addressNeeds = isReserved ? [] : EPHEMERAL[scope];
    const exceeded = this.#ledger.take([...needs, ...addressNeeds]);
    if (exceeded !== undefined) return exceeded;
    const address = request.address ?? this.#draw(scope, owner);
    const ruleNames = request.rules.map(({ name }) => name);
    this.#note(owner, { scope, address, ruleNames, needs, addressNeeds });
    const region = scope === 'global' ? 'global' : this.#ledger.region;
    const { scheme, description } = request;
    const made = request.rules.map(({ name, protocol }): ForwardingRule => ({
      ...{ name, region, ipAddress: address, protocol, scheme, description },
      createdAt: now,
    }));
    this.#changeRules((rules) => [...rules, ...made]);
    this.#use(address, ruleNames);
    return undefined;
  }

  /** Takes a front away, with its rules and its quota; a reserved address stays reserved. */
  remove(owner: string): void {
    const front = this.#fronts.get(owner);
    if (front === undefined) return;
    this.#fronts.delete(owner);
    this.#owners.delete(front.address);
    this.#ledger.release([...front.needs, ...front.addressNeeds]);
    this.#changeRules((rules) => rules.filter(({ name }) => !front.ruleNames.includes(name)));
    this.#use(front.address, []);
  }

  /**
   * Reserves an address, or one that a load balancer uses and that is not reserved yet.
   * @returns the quota that is too small
   * @throws RangeError for a name that is taken, or an address that is reserved already
   */
  reserve(name: string, options: AddressOptions, now?: number): QuotaExceeded | undefined {
    if (this.reserved(name) !== undefined) throw new RangeError(`address "${name}": there is one of this name`);
    const { address: wanted } = options;
    if (wanted !== undefined && this.reserved(wanted) !== undefined)
      throw new RangeError(`address "${wanted}": is reserved already`);
    const scope: AddressScope =
      options.global === true ? 'global' : options.internal === true ? 'internal' : 'regional';
    const owner = wanted === undefined ? undefined : this.#owners.get(wanted);
    const front = owner === undefined ? undefined : this.#fronts.get(owner);
    // Internal addresses are of one quota, reserved or not.
    const before = scope === 'internal' ? (front?.addressNeeds ?? []) : [];
    this.#ledger.release(before);
    const exceeded = this.#ledger.take([STATIC[scope]]);
    if (exceeded !== undefined) {
      this.#ledger.take(before);
      return exceeded;
    }
    if (owner !== undefined && front !== undefined) {
      if (scope !== 'internal') this.#ledger.release(front.addressNeeds);
      this.#fronts.set(owner, { ...front, addressNeeds: [] });
    }
    const address = wanted ?? this.#draw(scope, name);
    const row: CloudAddress = {
      ...{ name, address, region: scope === 'global' ? 'global' : this.#ledger.region, status: 'RESERVED' },
      ...{ addressType: scope === 'internal' ? 'INTERNAL' : 'EXTERNAL', users: [] },
      ...(now === undefined ? {} : { createdAt: now }),
    };
    this.#changeReserved((rows) => [...rows, row]);
    this.#use(address, front?.ruleNames ?? this.#rulesAt(address));
    return undefined;
  }

  /**
   * Gives a reserved address up; one that is in use becomes ephemeral again.
   * @returns the quota that is too small for that
   * @throws RangeError without such an address
   */
  unreserve(name: string): QuotaExceeded | undefined {
    const row = this.reserved(name);
    if (row === undefined) throw new RangeError(`address "${name}": there is none`);
    const scope: AddressScope =
      row.region === 'global' ? 'global' : row.addressType === 'INTERNAL' ? 'internal' : 'regional';
    const owner = this.#owners.get(row.address);
    const front = owner === undefined ? undefined : this.#fronts.get(owner);
    this.#ledger.release([STATIC[scope]]);
    if (owner !== undefined && front !== undefined) {
      const addressNeeds = EPHEMERAL[scope];
      const exceeded = this.#ledger.take(addressNeeds);
      if (exceeded !== undefined) {
        this.#ledger.take([STATIC[scope]]);
        return exceeded;
      }
      this.#fronts.set(owner, { ...front, addressNeeds });
    }
    this.#changeReserved((rows) => rows.filter((one) => one !== row));
    return undefined;
  }

  get #reserved(): readonly CloudAddress[] {
    return this.#ledger.snapshot.addresses ?? this.#unlisted;
  }

  #note(owner: string, front: Front): void {
    this.#fronts.set(owner, front);
    this.#owners.set(front.address, owner);
  }

  #draw(scope: AddressScope, name: string): string {
    const number = freeNumber(RANGES[scope], name, (one) => this.#isTaken(addressOfNumber(one)));
    if (number === undefined) throw new RangeError(`addresses: none is left of scope ${scope}`);
    return addressOfNumber(number);
  }

  #isTaken(address: string): boolean {
    return this.userOf(address) !== undefined || this.reserved(address) !== undefined;
  }

  #rulesAt(address: string): readonly string[] {
    const rules = this.#ledger.snapshot.forwardingRules ?? [];
    return rules.filter(({ ipAddress }) => ipAddress === address).map(({ name }) => name);
  }

  #use(address: string, ruleNames: readonly string[]): void {
    if (this.reserved(address) === undefined) return;
    const users = ruleNames.map((name) => `forwardingRules/${name}`);
    const status = users.length === 0 ? 'RESERVED' : 'IN_USE';
    this.#changeReserved((rows) => rows.map((row) => (row.address === address ? { ...row, status, users } : row)));
  }

  #changeReserved(change: (rows: readonly CloudAddress[]) => readonly CloudAddress[]): void {
    if (this.#ledger.snapshot.addresses === undefined) this.#unlisted = change(this.#unlisted);
    else this.#ledger.change(({ addresses = [] }) => ({ addresses: change(addresses) }));
  }

  #changeRules(change: (rules: readonly ForwardingRule[]) => readonly ForwardingRule[]): void {
    const { forwardingRules } = this.#ledger.snapshot;
    if (forwardingRules !== undefined) this.#ledger.change(() => ({ forwardingRules: change(forwardingRules) }));
  }
}
