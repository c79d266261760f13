/** Collects samples of CPU and memory from whatever reports them into one history. */
import type { PodMetrics } from '../model/kinds.ts';
import { cpuMillisExact, wholeUnitsOnce } from '../model/quantity.ts';
import type { ReadProblem } from '../model/unknown-json.ts';
import { readPrometheus, type UsageQuantity } from './prometheus.ts';
import type { ContainerUsage, UsageHistory, UsageSeries } from './usage.ts';

/** A problem with the file it came from. */
export interface UsageProblem extends ReadProblem {
  readonly source: string;
}

/** Samples kept per history: a week every five minutes of 10 000 containers, two quantities each. */
const SAMPLE_CAP = 40_000_000;
const PROBLEM_CAP = 1000;

/** Samples of one quantity while they come in. */
interface Draft {
  readonly times: number[];
  readonly values: number[];
  sorted: boolean;
}

interface ContainerDraft {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  cpu: Draft | undefined;
  memory: Draft | undefined;
}

/** Accepts samples in any order; of two samples at one moment the higher stays. */
export class UsageCollector {
  readonly #containers = new Map<string, ContainerDraft>();
  readonly #sources = new Set<string>();
  readonly #problems: UsageProblem[] = [];
  #samples = 0;

  /** One sample per container. Objects without a readable timestamp count as of `fallbackAt`, and not at all without it. */
  addPodMetrics(metrics: PodMetrics, source: string, fallbackAt?: number): void {
    const { name: pod, namespace = 'default' } = metrics.metadata;
    const parsed = Date.parse(metrics.timestamp ?? '');
    const at = Number.isNaN(parsed) ? fallbackAt : parsed;
    if (at === undefined) return this.#note(source, `${namespace}/${pod}`, 'no readable timestamp; left out');
    this.#sources.add('metrics-api');
    for (const { name: container, usage } of metrics.containers ?? []) {
      const draft = this.#draft(namespace, pod, container);
      const cpu = cpuMillisExact(usage?.['cpu'] ?? '');
      const memory = wholeUnitsOnce(usage?.['memory'] ?? '');
      if (cpu !== undefined) this.#sample((draft.cpu ??= newDraft()), at, cpu);
      if (memory !== undefined) this.#sample((draft.memory ??= newDraft()), at, memory);
    }
  }

  /**
   * The JSON answer of Prometheus' `query` or `query_range`; see `readPrometheus` for what is read. `quantity` says what the values
   * are where the metric's name does not: CPU in cores, memory in bytes. Returns whether any sample was taken.
   */
  addPrometheus(value: unknown, source: string, quantity?: UsageQuantity): boolean {
    const before = this.#samples;
    const found = readPrometheus(value, quantity, (series) => {
      const draft = this.#draft(series.namespace, series.pod, series.container);
      const samples = (draft[series.quantity] ??= newDraft());
      series.times.forEach((at, i) => this.#sample(samples, at, series.values[i] ?? 0));
    });
    for (const { place, message } of found) this.#note(source, place, message);
    if (this.#samples > before) this.#sources.add('prometheus');
    return this.#samples > before;
  }

  get problems(): readonly UsageProblem[] {
    const over = this.#samples - SAMPLE_CAP;
    if (over <= 0) return this.#problems;
    return [...this.#problems, { source: '', place: '', message: `${over} samples beyond ${SAMPLE_CAP} are left out` }];
  }

  /** Containers sorted by namespace, pod and name; series sorted by time. */
  build(): UsageHistory {
    const containers = [...this.#containers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, draft]) => finished(draft));
    return {
      sources: [...this.#sources].sort(),
      containers: containers.filter(({ cpu, memory }) => cpu !== undefined || memory !== undefined),
    };
  }

  #draft(namespace: string, pod: string, container: string): ContainerDraft {
    const key = `${namespace}/${pod}/${container}`;
    const known = this.#containers.get(key);
    if (known !== undefined) return known;
    const draft: ContainerDraft = { namespace, pod, container, cpu: undefined, memory: undefined };
    this.#containers.set(key, draft);
    return draft;
  }

  #sample(draft: Draft, at: number, value: number): void {
    this.#samples++;
    if (this.#samples > SAMPLE_CAP || !Number.isFinite(value) || value < 0) return;
    const last = draft.times.at(-1);
    if (last !== undefined && at <= last) draft.sorted = false;
    draft.times.push(at);
    draft.values.push(value);
  }

  #note(source: string, place: string, message: string): void {
    if (this.#problems.length < PROBLEM_CAP) this.#problems.push({ source, place, message });
  }
}

function newDraft(): Draft {
  return { times: [], values: [], sorted: true };
}

function finished({ cpu, memory, ...names }: ContainerDraft): ContainerUsage {
  return { ...names, cpu: series(cpu), memory: series(memory) };
}

function series(draft: Draft | undefined): UsageSeries | undefined {
  if (draft === undefined || draft.times.length === 0) return undefined;
  return draft.sorted ? { times: draft.times, values: draft.values } : inOrder(draft.times, draft.values);
}

/** Sorts by time; of equal times the highest value stays. */
function inOrder(times: readonly number[], values: readonly number[]): UsageSeries {
  const order = times.map((_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
  const sortedTimes: number[] = [];
  const sortedValues: number[] = [];
  for (const i of order) {
    const at = times[i] as number;
    const value = values[i] as number;
    const last = sortedTimes.length - 1;
    if (sortedTimes[last] !== at) {
      sortedTimes.push(at);
      sortedValues.push(value);
    } else if (value > (sortedValues[last] as number)) sortedValues[last] = value;
  }
  return { times: sortedTimes, values: sortedValues };
}
