/** What cloud resources cost, as data that can be replaced: list prices of the USA in US dollars, rounded, without discounts. */

/** Prices per unit. */
export interface PriceTable {
  /** When they were looked up, for people: prices change without notice. */
  readonly asOf: string;
  readonly currency: string;
  /** Each forwarding rule beyond the first five, which are sold as a bundle, per hour. */
  readonly forwardingRuleHourly: number;
  /** External IPv4 address that is reserved and not in use, per hour. */
  readonly unusedAddressHourly: number;
  /** By disk type, per GB and month. */
  readonly diskGbMonthly: Readonly<Record<string, number>>;
}

/**
 * Defaults.
 * Source: https://cloud.google.com/vpc/network-pricing, https://cloud.google.com/load-balancing/pricing,
 * https://cloud.google.com/compute/disks-image-pricing
 */
export const LIST_PRICES: PriceTable = Object.freeze({
  asOf: '2026-10',
  currency: 'USD',
  forwardingRuleHourly: 0.01,
  unusedAddressHourly: 0.01,
  diskGbMonthly: { 'pd-standard': 0.04, 'pd-balanced': 0.1, 'pd-ssd': 0.17 },
});

/** Hours of a month, as cloud providers count them. */
export const HOURS_PER_MONTH = 730;
