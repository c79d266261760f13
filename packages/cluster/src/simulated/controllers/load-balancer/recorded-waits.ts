/**
 * Services of a recorded cluster that wait for an address, and why: from the newest refusal on record and the quotas that were read. Where neither
 * explains the wait, something that nobody recorded holds the Service back.
 */
import { NO_CLOUD, type CloudSnapshot } from '../../../cloud/cloud.ts';
import { eventTime } from '../../../snapshot/event-time.ts';
import type { Event, Service } from '../../../model/kinds.ts';
import type { ClusterSnapshot } from '../../../snapshot/snapshot.ts';
import type { QuotaExceeded } from '../../cloud/quota-exceeded.ts';
import { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import { keyOf } from '../object-key.ts';
import { dialectOf, type Dialect } from './dialect.ts';
import { refusalOf } from './service-front.ts';

/** The newest refusal on record. */
export interface RecordedRefusal {
  /** What the provider said; the controller's own words before it are cut off. */
  readonly words: string;
  /** How often it was said. */
  readonly count: number;
  /** Epoch milliseconds; 0 where it is not told. */
  readonly lastAt: number;
}

/** A Service that waits without a reason that is known. */
export interface UnexplainedWait {
  /** `Service shop/web`. */
  readonly about: string;
  /** What is on record about it; `undefined` for nothing. */
  readonly words: string | undefined;
  /** `fits`: by the quotas on record it would be granted; `unread`: they were not read. */
  readonly cause: 'fits' | 'unread';
}

const FAILED = /^Sync(?:External)?LoadBalancerFailed$/;
const QUOTA = /Quota '([^']{1,120})' exceeded\.\s{1,4}Limit: ([\d.]{1,20}) (?:in region ([a-z0-9-]{1,40})|globally)/;

/** The newest refusal that these events of a Service tell of. */
export function refusalOnRecord(events: Iterable<Event>, dialect: Dialect): RecordedRefusal | undefined {
  let newest: Event | undefined;
  for (const event of events)
    if (FAILED.test(event.reason ?? '') && (newest === undefined || eventTime(event) >= eventTime(newest)))
      newest = event;
  if (newest === undefined) return undefined;
  const [, before] = dialect.failed('');
  const { message = '', count, series } = newest;
  const words = message.startsWith(before) ? message.slice(before.length) : message;
  return { words, count: series?.count ?? count ?? 1, lastAt: eventTime(newest) };
}

/** The quota that a refusal names. */
export function quotaOf(words: string, region: string): QuotaExceeded | undefined {
  const [, metric, limit, place] = QUOTA.exec(words) ?? [];
  if (metric === undefined) return undefined;
  // What is not of a region is of the project; a region that is not told is the cluster's.
  return { metric, limit: Number(limit), region: words.includes('globally') ? 'global' : (place ?? region) };
}

/** Whether a Service wants an address and has none. */
export function isWaiting({ status, metadata }: Service): boolean {
  return metadata.deletionTimestamp === undefined && (status?.loadBalancer?.ingress ?? []).length === 0;
}

/**
 * Services of a snapshot that wait although nothing on record refuses them: a twin keeps them waiting, with the words on record. Sorted as in
 * the snapshot; empty outside of Google's cloud.
 */
export function unexplainedWaits(snapshot: ClusterSnapshot): readonly UnexplainedWait[] {
  if (snapshot.cloud.provider !== 'gcp') return [];
  const begin: CloudSnapshot = { ...NO_CLOUD, ...snapshot.cloud };
  return snapshot.list('Service').flatMap((service): readonly UnexplainedWait[] => {
    const dialect = dialectOf(service);
    if (dialect === undefined || !isWaiting(service)) return [];
    const words = refusalOnRecord(snapshot.eventsOf(service), dialect)?.words;
    const cloud = new SimulatedCloud(begin);
    const quota = words === undefined ? undefined : quotaOf(words, cloud.region);
    if (quota !== undefined) cloud.assumeFull(quota);
    if (refusalOf(service, dialect, cloud, Infinity) !== undefined) return [];
    return [{ about: `Service ${keyOf(service)}`, words, cause: begin.quotas === undefined ? 'unread' : 'fits' }];
  });
}
