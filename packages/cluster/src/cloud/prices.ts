/** What cloud resources cost, as data that can be replaced: list prices of the USA in US dollars, rounded, without discounts. */

/** What machines of a family cost. */
export interface MachinePrice {
  readonly vcpuHourly: number;
  /** Per GiB of memory. */
  readonly gibHourly: number;
  /** Part of that which Spot machines cost, 0..1; theirs change from month to month. */
  readonly spotShare: number;
}

/** Prices per unit. */
export interface PriceTable {
  /** When they were looked up, for people: prices change without notice. */
  readonly asOf: string;
  readonly currency: string;
  /** How many forwarding rules are sold together. */
  readonly forwardingRuleBundleSize: number;
  /** Of the bundle, or of each rule in it: see {@link PriceTable.forwardingRuleBundleIsFlat}. */
  readonly forwardingRuleBundleHourly: number;
  /** Whether one price is paid for the bundle however full it is, as Google is mostly understood; else every rule in it costs as much. */
  readonly forwardingRuleBundleIsFlat: boolean;
  /** Each forwarding rule beyond the bundle, per hour. */
  readonly forwardingRuleHourly: number;
  /** Traffic through load balancers, per GiB. */
  readonly loadBalancerGib: number;
  /** External IPv4 address that a machine uses, per hour; those of forwarding rules cost nothing of their own. */
  readonly addressHourly: number;
  /** The same of a Spot machine. */
  readonly spotAddressHourly: number;
  /** External IPv4 address that is reserved and not in use, per hour. */
  readonly unusedAddressHourly: number;
  /** Cloud NAT, per machine behind it and hour. */
  readonly natMachineHourly: number;
  /** More machines behind it cost no more. */
  readonly natMostMachines: number;
  readonly natGib: number;
  /** Fee for a managed cluster, before the monthly credit for one of them. */
  readonly clusterHourly: number;
  /** By disk type, per GB and month; regional disks cost twice as much. */
  readonly diskGbMonthly: Readonly<Record<string, number>>;
  /** By family: `e2`, `n2d`, …. */
  readonly machineFamilies: Readonly<Record<string, MachinePrice>>;
  /** Machine types that do not go by their family, per hour; Spot by the family's share. */
  readonly machineTypeHourly: Readonly<Record<string, number>>;
  readonly egressGib: number;
  readonly interZoneGib: number;
}

const SPOT_SHARE = 0.3;

function family(vcpuHourly: number, gibHourly: number): MachinePrice {
  return { vcpuHourly, gibHourly, spotShare: SPOT_SHARE };
}

/**
 * Defaults.
 * Source: https://cloud.google.com/vpc/network-pricing, https://cloud.google.com/load-balancing/pricing,
 * https://cloud.google.com/compute/disks-image-pricing, https://cloud.google.com/compute/vm-instance-pricing, https://cloud.google.com/kubernetes-engine/pricing
 */
export const LIST_PRICES: PriceTable = Object.freeze({
  asOf: '2026-10',
  currency: 'USD',
  forwardingRuleBundleSize: 5,
  forwardingRuleBundleHourly: 0.025,
  forwardingRuleBundleIsFlat: true,
  forwardingRuleHourly: 0.01,
  loadBalancerGib: 0.008,
  addressHourly: 0.005,
  spotAddressHourly: 0.0025,
  unusedAddressHourly: 0.01,
  natMachineHourly: 0.0014,
  natMostMachines: 32,
  natGib: 0.045,
  clusterHourly: 0.1,
  diskGbMonthly: {
    'pd-standard': 0.04,
    'pd-balanced': 0.1,
    'pd-ssd': 0.17,
    'pd-extreme': 0.125,
    'hyperdisk-balanced': 0.08,
    'local-ssd': 0.08,
  },
  machineFamilies: {
    e2: family(0.0218, 0.0029),
    n1: family(0.0316, 0.0042),
    n2: family(0.0316, 0.0042),
    n2d: family(0.0275, 0.0037),
    c2: family(0.034, 0.0046),
    c2d: family(0.0296, 0.004),
    c3: family(0.0328, 0.0044),
    t2a: family(0.025, 0.0034),
    t2d: family(0.0275, 0.0037),
  },
  machineTypeHourly: {
    'e2-micro': 0.0084,
    'e2-small': 0.0168,
    'e2-medium': 0.0335,
    'f1-micro': 0.0076,
    'g1-small': 0.0257,
  },
  egressGib: 0.12,
  interZoneGib: 0.01,
});

/** Hours of a month, as cloud providers count them. */
export const HOURS_PER_MONTH = 730;
