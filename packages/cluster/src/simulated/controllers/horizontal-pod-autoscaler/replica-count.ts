/**
 * How many replicas a metric asks for. All amounts are in thousandths.
 * Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details; `replica_calculator.go`
 */
import type { Pod } from '../../../model/kinds.ts';
import { isReady } from '../pod-state.ts';

/** A sample of one pod. `at` in epoch milliseconds. */
export interface PodSample {
  readonly value: number;
  readonly at: number;
  readonly windowMs: number;
}

/** How far usage may be from the target without a change of size. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/** A number of replicas with what was measured; a text says why there is none. */
export type Count = { readonly replicas: number; readonly usage: number; readonly utilization?: number } | string;

/** What counts are made from. */
export interface Counting {
  readonly pods: readonly Pod[];
  readonly current: number;
  readonly tolerance: Tolerance;
  readonly now: number;
}

/** Source: `--horizontal-pod-autoscaler-cpu-initialization-period` */
const INITIALIZATION_MS = 300_000;
/** Source: `--horizontal-pod-autoscaler-initial-readiness-delay` */
const READINESS_DELAY_MS = 30_000;

const NO_PODS = 'no pods returned by selector while calculating replica count';
const NO_METRICS = 'did not receive metrics for targeted pods (pods might be unready)';

type Samples = ReadonlyMap<string, PodSample>;
interface Usage {
  readonly ratio: number;
  readonly usage: number;
  readonly utilization?: number;
}

/** By the share of what the pods request; `requests` by pod name. */
export function countByUtilization(
  samples: Samples,
  requests: () => ReadonlyMap<string, number> | string,
  target: number,
  resource: string,
  counting: Counting,
): Count {
  let known: ReadonlyMap<string, number> = new Map();
  const start = () => {
    const found = requests();
    if (typeof found === 'string') return found;
    known = found;
    return undefined;
  };
  const measure = (values: ReadonlyMap<string, number>): Usage | string => {
    let [used, requested, count] = [0, 0, 0];
    for (const [name, value] of values) {
      const request = known.get(name);
      if (request === undefined) continue;
      used += value;
      requested += request;
      count++;
    }
    if (requested === 0) return 'no metrics returned matched known pods';
    const utilization = Math.trunc((used * 100) / requested);
    return { ratio: utilization / target, usage: Math.trunc(used / count), utilization };
  };
  const missing = (name: string) => Math.trunc(((known.get(name) ?? 0) * Math.max(100, target)) / 100);
  return count(samples, resource, counting, { start, measure, missing });
}

/** By the mean over the pods. */
export function countByAverage(samples: Samples, target: number, resource: string, counting: Counting): Count {
  const measure = (values: ReadonlyMap<string, number>): Usage => {
    const usage = Math.trunc([...values.values()].reduce((sum, value) => sum + value, 0) / values.size);
    return { ratio: usage / target, usage };
  };
  return count(samples, resource, counting, { start: () => undefined, measure, missing: () => target });
}

/** By one value for all pods together. */
export function countByValue(usage: number, target: number, { pods, current, tolerance }: Counting): Count {
  const ratio = usage / target;
  if (current === 0) return { replicas: Math.ceil(ratio), usage };
  if (isTolerated(ratio, tolerance)) return { replicas: current, usage };
  if (pods.length === 0) return `unable to calculate ready pods: ${NO_PODS}`;
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isReady(pod)).length;
  return { replicas: Math.ceil(ratio * ready), usage };
}

/** By one value that the replicas share; `replicas` as the status has them. */
export function countByShare(usage: number, target: number, replicas: number, tolerance: Tolerance): Count {
  const ratio = usage / (target * replicas);
  const isSame = isTolerated(ratio, tolerance);
  return { replicas: isSame ? replicas : Math.ceil(usage / target), usage: Math.ceil(usage / replicas) };
}

interface Measuring {
  start(): string | undefined;
  measure(values: ReadonlyMap<string, number>): Usage | string;
  /** What a pod without a sample is taken for when fewer replicas seem enough. */
  missing(name: string): number;
}

function count(samples: Samples, resource: string, counting: Counting, { start, measure, missing }: Measuring): Count {
  const { pods, current, tolerance } = counting;
  if (pods.length === 0) return NO_PODS;
  const groups = grouped(samples, resource, counting);
  if (groups.values.size === 0) return NO_METRICS;
  const problem = start();
  if (problem !== undefined) return problem;
  const first = measure(groups.values);
  if (typeof first === 'string') return first;
  const { ratio, ...measured } = first;
  const growsDespiteUnready = groups.unready.length > 0 && ratio > 1;
  if (!growsDespiteUnready && groups.missing.length === 0)
    return { ...measured, replicas: isTolerated(ratio, tolerance) ? current : Math.ceil(ratio * groups.ready) };
  const values = new Map(groups.values);
  if (ratio !== 1) for (const name of groups.missing) values.set(name, ratio < 1 ? missing(name) : 0);
  if (growsDespiteUnready) for (const name of groups.unready) values.set(name, 0);
  const second = measure(values);
  if (typeof second === 'string') return second;
  return { ...measured, replicas: reconsidered(ratio, second.ratio, values.size, counting) };
}

/** What is assumed of some pods must not turn the direction round. */
function reconsidered(before: number, after: number, pods: number, { current, tolerance }: Counting): number {
  if (isTolerated(after, tolerance) || (before < 1 && after > 1) || (before > 1 && after < 1)) return current;
  const replicas = Math.ceil(after * pods);
  return (after < 1 && replicas > current) || (after > 1 && replicas < current) ? current : replicas;
}

function isTolerated(ratio: number, { up, down }: Tolerance): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

/** Ready pods with samples count; pods that begin, and those without samples, are looked at apart; what goes or failed does not count. */
function grouped(samples: Samples, resource: string, { pods, now }: Counting) {
  const values = new Map([...samples].map(([name, { value }]) => [name, value]));
  const unready: string[] = [];
  const missing: string[] = [];
  let ready = 0;
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const phase = pod.status?.phase ?? 'Pending';
    const sample = samples.get(name);
    if (deletionTimestamp !== undefined || phase === 'Failed') values.delete(name);
    else if (phase === 'Pending' || (sample !== undefined && resource === 'cpu' && isBeginning(pod, sample, now))) {
      unready.push(name);
      values.delete(name);
    } else if (sample === undefined) missing.push(name);
    else ready++;
  }
  return { values, unready, missing, ready };
}

/** The CPU of a pod that begins says little of what it will need. */
function isBeginning({ status }: Pod, { at, windowMs }: PodSample, now: number): boolean {
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  if (condition === undefined || status?.startTime === undefined) return true;
  const startAt = Date.parse(status.startTime);
  const changedAt = Date.parse(condition.lastTransitionTime ?? status.startTime);
  const isUnready = condition.status === 'False';
  if (startAt + INITIALIZATION_MS > now) return isUnready || at < changedAt + windowMs;
  return isUnready && startAt + READINESS_DELAY_MS > changedAt;
}
