/**
 * Answers of Prometheus' HTTP API that hold container usage.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/ ("Expression query result formats")
 */
import {
  finiteNumber,
  inside,
  isRecord,
  Reading,
  typeName,
  type Json,
  type ReadProblem,
} from '../model/unknown-json.ts';

/** What a usage series measures. */
export type UsageQuantity = 'cpu' | 'memory';

/** One series in this product's units: millicores or bytes; times in epoch milliseconds, in the order of the answer. */
export interface PrometheusSeries {
  readonly quantity: UsageQuantity;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** What the values of a series are. A bare counter (seconds of CPU so far) is turned into a rate. */
type Meaning = UsageQuantity | 'cpu-counter';

/** Past this, a time is not epoch seconds. */
const LATEST_SECONDS = 1e11;

/**
 * Reads `{ status, data: { resultType: 'matrix' | 'vector', result: […] } }` or its `data` alone and hands every series on.
 * Values are cores or bytes. `container_cpu_usage_seconds_total` as a metric's name is the bare counter (rates lose their
 * name); recording rules with `cpu_usage_seconds_total` and `rate` in their name are rates in cores; names with
 * `memory_working_set_bytes` are memory; without a name `quantity` decides. Series without pod, of the whole pod
 * (`container` absent or empty) and of the pause container are passed over, as are stale, NaN, infinite and negative samples.
 */
export function readPrometheus(
  value: unknown,
  quantity: UsageQuantity | undefined,
  take: (series: PrometheusSeries) => void,
): readonly ReadProblem[] {
  const reading = new Reading();
  const answer = isRecord(value) ? value : {};
  if (answer['status'] === 'error') {
    reading.note('', `Prometheus answered with an error: ${reading.text(answer, 'error', '').slice(0, 300)}`);
    return reading.problems;
  }
  const place = isRecord(answer['data']) ? 'data' : '';
  const found = place === '' ? answer : reading.record(answer, 'data', '');
  const type = found['resultType'];
  if (type !== 'matrix' && type !== 'vector') {
    reading.note(
      inside(place, 'resultType'),
      `expected matrix or vector, found ${typeof type === 'string' ? type.slice(0, 40) : typeName(type)}`,
    );
    return reading.problems;
  }
  reading.records(found, 'result', place, (series, at) => {
    const read = readSeries(series, at, quantity, reading);
    if (read !== undefined && read.times.length > 0) take(read);
    return undefined;
  });
  return reading.problems;
}

/** Whether a JSON value is such an answer, for readers that meet files of unknown content. */
export function isPrometheusAnswer(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const found = isRecord(value['data']) ? value['data'] : value;
  return typeof found['resultType'] === 'string' && 'result' in found;
}

function readSeries(
  series: Json,
  place: string,
  quantity: UsageQuantity | undefined,
  reading: Reading,
): PrometheusSeries | undefined {
  const at = inside(place, 'metric');
  const labels = reading.record(series, 'metric', place);
  const pod = reading.text(labels, 'pod', at) || reading.text(labels, 'pod_name', at);
  const container = reading.text(labels, 'container', at) || reading.text(labels, 'container_name', at);
  if (pod === '' || container === '' || container === 'POD') return undefined;
  // cAdvisor can report each CPU beside their sum.
  const cpu = reading.text(labels, 'cpu', at);
  if (cpu !== '' && cpu !== 'total') return undefined;
  const meaning = meaningOf(reading.text(labels, '__name__', at)) ?? quantity;
  if (meaning === undefined) {
    reading.note(at, 'neither the metric nor the reader says whether this is CPU or memory; left out');
    return undefined;
  }
  const [times, values] = readSamples(series, place, reading);
  const names = { namespace: reading.text(labels, 'namespace', at) || 'default', pod, container };
  if (meaning === 'cpu-counter') return { quantity: 'cpu', ...names, ...rates(times, values) };
  return {
    quantity: meaning,
    ...names,
    times,
    values: meaning === 'cpu' ? values.map((cores) => cores * 1000) : values,
  };
}

function meaningOf(name: string): Meaning | undefined {
  if (name === 'container_cpu_usage_seconds_total') return 'cpu-counter';
  if (name.includes('memory_working_set_bytes')) return 'memory';
  return name.includes('cpu_usage_seconds_total') && name.includes('rate') ? 'cpu' : undefined;
}

/** `values` of a matrix or `value` of a vector; each sample is `[seconds, "text"]`. */
function readSamples(series: Json, place: string, reading: Reading): readonly [number[], number[]] {
  const times: number[] = [];
  const values: number[] = [];
  const pairs =
    series['values'] === undefined && Array.isArray(series['value'])
      ? [series['value']]
      : reading.list(series, 'values', place);
  let unreadable = 0;
  for (const pair of pairs) {
    const [time, text] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    const seconds = finiteNumber(time);
    const value = finiteNumber(text);
    if (seconds === undefined || seconds < 0 || seconds > LATEST_SECONDS || (value === undefined && !notANumber(text)))
      unreadable++;
    else if (value !== undefined && value >= 0) {
      times.push(Math.round(seconds * 1000));
      values.push(value);
    }
  }
  if (unreadable > 0)
    reading.note(inside(place, 'values'), `${unreadable} samples are not [seconds, "number"]; left out`);
  return [times, values];
}

/** Prometheus' texts for values that are no number: gaps and staleness, not mistakes. */
function notANumber(text: unknown): boolean {
  return text === 'NaN' || text === '+Inf' || text === '-Inf' || text === 'Inf';
}

/** Millicores between neighbouring samples of a counter in seconds; a fall is a restart and gives no sample. */
function rates(
  times: readonly number[],
  values: readonly number[],
): { readonly times: number[]; readonly values: number[] } {
  const order = times.map((_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
  const rateTimes: number[] = [];
  const rateValues: number[] = [];
  for (let n = 1; n < order.length; n++) {
    const from = order[n - 1] as number;
    const to = order[n] as number;
    const elapsedMs = (times[to] as number) - (times[from] as number);
    const seconds = (values[to] as number) - (values[from] as number);
    if (elapsedMs <= 0 || seconds < 0) continue;
    rateTimes.push(times[to] as number);
    rateValues.push((seconds * 1e6) / elapsedMs);
  }
  return { times: rateTimes, values: rateValues };
}
