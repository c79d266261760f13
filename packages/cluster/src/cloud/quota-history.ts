/**
 * Usage of quotas over time: time series of Cloud Monitoring (`serviceruntime.googleapis.com/quota/allocation/usage` and
 * `…/quota/limit`, REST and gcloud), the same through Prometheus' HTTP API, and dates in the names of repeated listings.
 * Source: https://cloud.google.com/monitoring/alerts/using-quota-metrics
 */
import { finiteNumber, inside, isRecord, Reading, type Json, type Parsed } from '../model/unknown-json.ts';
import { itemsOf } from './compute-items.ts';
import { regionOfZone, urlName } from './resource-url.ts';

/** One reading of a quota. */
export interface QuotaSample {
  readonly metric: string;
  readonly region: string;
  readonly of: 'usage' | 'limit';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

/** Names that Cloud Monitoring writes otherwise than the Compute API. */
const RENAMED: Readonly<Record<string, string>> = {
  ssd_total_storage: 'SSD_TOTAL_GB',
  disks_total_storage: 'DISKS_TOTAL_GB',
  local_ssd_total_storage: 'LOCAL_SSD_TOTAL_GB',
  hdb_total_storage: 'HDB_TOTAL_GB',
};

/** Whether a JSON value holds time series of quotas. */
export function isQuotaHistory(value: Json): boolean {
  if (Array.isArray(value['timeSeries'])) return value['timeSeries'].some((one) => isRecord(one) && isTimeSeries(one));
  if (isTimeSeries(value)) return true;
  return prometheusSeries(value).some((one) => quotaMetric(labelsOf(one)) !== '');
}

/** All readings, in the order of the input; series of something else are passed over. */
export function parseQuotaHistory(value: unknown): Parsed<readonly QuotaSample[]> {
  const reading = new Reading();
  const series = isRecord(value) ? prometheusSeries(value) : [];
  if (series.length > 0) {
    const samples = series.flatMap((one, i) => fromPrometheus(one, `data.result[${i}]`, reading));
    return { value: samples, problems: reading.problems };
  }
  const items = [...itemsOf(value, 'timeSeries', reading)];
  const samples = items.flatMap(([item, place]) => fromMonitoring(item, place, reading));
  return { value: samples, problems: reading.problems };
}

const DATE =
  /(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?([0-2]\d|3[01])(?:[T_-]?([01]\d|2[0-3])[:-]?([0-5]\d)(?:[:-]?([0-5]\d))?Z?)?(?!\d)/g;

/** The last date, or moment, in a path, UTC: listings that were taken again and again are told apart by it. */
export function dateInPath(path: string): number | undefined {
  const last = [...path.slice(-512).matchAll(DATE)].at(-1);
  if (last === undefined) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = last;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

function isTimeSeries(value: Json): boolean {
  const { metric, points } = value;
  return (
    isRecord(metric) &&
    typeof metric['type'] === 'string' &&
    meaningOf(metric['type']) !== undefined &&
    Array.isArray(points)
  );
}

/** The series of an answer of Prometheus' HTTP API, or of its `data` alone. */
function prometheusSeries(value: Json): readonly Json[] {
  const data = isRecord(value['data']) ? value['data'] : value;
  const { resultType, result } = data;
  return typeof resultType === 'string' && Array.isArray(result) ? result.filter(isRecord) : [];
}

function labelsOf(series: Json): Json {
  return isRecord(series['metric']) ? series['metric'] : {};
}

/** `compute.googleapis.com/n2_cpus` → `N2_CPUS`; `''` for other services. */
function quotaMetric(labels: Json): string {
  const metric = labels['quota_metric'];
  if (typeof metric !== 'string' || !metric.startsWith('compute.googleapis.com/')) return '';
  const name = urlName(metric);
  return Object.hasOwn(RENAMED, name) ? (RENAMED[name] ?? '') : name.toUpperCase();
}

function meaningOf(name: string): QuotaSample['of'] | undefined {
  if (/quota[/_:]allocation[/_]usage$/.test(name)) return 'usage';
  return /quota[/_:]limit$/.test(name) ? 'limit' : undefined;
}

function placeOf(labels: Json): string {
  const location = labels['location'];
  return typeof location === 'string' && location !== '' ? regionOfZone(location) : 'global';
}

function fromPrometheus(series: Json, place: string, reading: Reading): readonly QuotaSample[] {
  const labels = labelsOf(series);
  const metric = quotaMetric(labels);
  const name = labels['__name__'];
  const of = typeof name === 'string' && name !== '' ? meaningOf(name) : 'usage';
  if (metric === '' || of === undefined) return [];
  const pairs = Array.isArray(series['values']) ? series['values'] : [series['value']];
  return samplesOf(pairs, { metric, region: placeOf(labels), of }, inside(place, 'values'), reading, (pair) => {
    const [seconds, value] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    return [(finiteNumber(seconds) ?? Number.NaN) * 1000, finiteNumber(value)];
  });
}

function fromMonitoring(item: Json, place: string, reading: Reading): readonly QuotaSample[] {
  const metric = reading.record(item, 'metric', place);
  const at = inside(place, 'metric');
  const resource = reading.record(reading.record(item, 'resource', place), 'labels', inside(place, 'resource'));
  const labels = { ...resource, ...reading.record(metric, 'labels', at) };
  const of = meaningOf(reading.text(metric, 'type', at));
  const name = quotaMetric(labels);
  if (of === undefined || name === '') return [];
  const points = reading.list(item, 'points', place);
  return samplesOf(points, { metric: name, region: placeOf(labels), of }, inside(place, 'points'), reading, (point) => {
    const { interval, value } = isRecord(point) ? point : {};
    const end = isRecord(interval) ? interval['endTime'] : undefined;
    const { int64Value, doubleValue } = isRecord(value) ? value : {};
    return [typeof end === 'string' ? Date.parse(end) : Number.NaN, finiteNumber(int64Value ?? doubleValue)];
  });
}

function samplesOf(
  points: readonly unknown[],
  what: Omit<QuotaSample, 'at' | 'value'>,
  place: string,
  reading: Reading,
  read: (point: unknown) => readonly [at: number, value: number | undefined],
): readonly QuotaSample[] {
  const samples = points.flatMap((point): readonly QuotaSample[] => {
    const [at, value] = read(point);
    return value === undefined || !Number.isFinite(at) ? [] : [{ ...what, at: Math.round(at), value }];
  });
  if (samples.length < points.length)
    reading.note(place, `${points.length - samples.length} samples without time or number; left out`);
  return samples;
}
