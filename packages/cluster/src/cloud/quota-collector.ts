/** Readings of quotas, from listings and time series, folded into the newest of each and a history. */
import { compare } from '../model/order.ts';
import type { Quota, QuotaHistory } from './cloud.ts';
import { dateInPath, type QuotaSample } from './quota-history.ts';

/** A reading of a quota; listings without a date are taken for the newest. */
interface DatedQuota {
  readonly quota: Quota;
  readonly at: number | undefined;
}

/** A year of daily readings of a thousand quotas, twice over. */
const SAMPLE_CAP = 1_000_000;

/** Accepts readings in any order; the outcome does not depend on it. */
export class QuotaCollector {
  readonly #listed = new Map<string, DatedQuota>();
  readonly #samples = new Map<string, QuotaSample>();
  #sawListing = false;

  /**
   * Of two readings the newer counts; of two of one moment the tighter, which is the safer, whichever file came first. Gives a
   * message for each quota of which one moment has two different readings.
   */
  addListing(quotas: readonly Quota[], source: string): readonly string[] {
    this.#sawListing = true;
    const at = dateInPath(source);
    return quotas.flatMap((quota) => {
      const { metric, region, usage } = quota;
      const key = `${region}/${metric}`;
      const other = this.#listed.get(key);
      if (at !== undefined) this.addSample({ metric, region, of: 'usage', at, value: usage });
      if (other === undefined || isAhead({ quota, at }, other)) this.#listed.set(key, { quota, at });
      const differs = other?.at === at && (other?.quota.limit !== quota.limit || other.quota.usage !== usage);
      return other !== undefined && differs
        ? [`${metric} of ${region} occurs twice with other figures; the tighter is kept`]
        : [];
    });
  }

  /** Of two values of one moment the higher stays. */
  addSample(sample: QuotaSample): void {
    const { region, metric, of, at } = sample;
    const key = `${region}/${metric} ${of} ${at}`;
    const other = this.#samples.get(key);
    if (this.#samples.size < SAMPLE_CAP && (other === undefined || sample.value > other.value))
      this.#samples.set(key, sample);
  }

  /** What listings say, and the newest figures of time series for what no listing shows; `undefined` when neither was read. */
  quotas(): readonly Quota[] | undefined {
    const all = new Map([...this.#listed].map(([key, { quota }]) => [key, quota]));
    for (const [key, { usage, limit }] of newestOf(this.#samples.values())) {
      if (all.has(key) || usage === undefined || limit === undefined) continue;
      all.set(key, { metric: usage.metric, region: usage.region, limit: limit.value, usage: usage.value });
    }
    if (!this.#sawListing && all.size === 0) return undefined;
    return [...all].sort(([a], [b]) => compare(a, b)).map(([, quota]) => quota);
  }

  /** Usage over time, by region and metric; `undefined` without any dated reading. */
  history(): readonly QuotaHistory[] | undefined {
    const usage = [...this.#samples.values()].filter(({ of }) => of === 'usage').sort((a, b) => a.at - b.at);
    if (usage.length === 0) return undefined;
    const groups = [...Map.groupBy(usage, ({ region, metric }) => `${region}/${metric}`)];
    return groups
      .sort(([a], [b]) => compare(a, b))
      .map(([, group]) => {
        const [{ metric, region }] = group as [QuotaSample, ...QuotaSample[]];
        return { metric, region, times: group.map(({ at }) => at), values: group.map(({ value }) => value) };
      });
  }
}

function newestOf(samples: Iterable<QuotaSample>): ReadonlyMap<string, { usage?: QuotaSample; limit?: QuotaSample }> {
  const newest = new Map<string, { usage?: QuotaSample; limit?: QuotaSample }>();
  for (const sample of samples) {
    const key = `${sample.region}/${sample.metric}`;
    const known = newest.get(key) ?? {};
    newest.set(key, known);
    if ((known[sample.of]?.at ?? -1) < sample.at) known[sample.of] = sample;
  }
  return newest;
}

function isAhead(a: DatedQuota, b: DatedQuota): boolean {
  if (a.at === b.at) return tighter(a.quota, b.quota);
  return (a.at ?? Number.POSITIVE_INFINITY) > (b.at ?? Number.POSITIVE_INFINITY);
}

function tighter(a: Quota, b: Quota): boolean {
  const freeA = a.limit - a.usage;
  const freeB = b.limit - b.usage;
  return freeA < freeB || (freeA === freeB && a.limit < b.limit);
}
