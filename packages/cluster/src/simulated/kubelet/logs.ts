/** What containers logged. Source: https://kubernetes.io/docs/concepts/cluster-administration/logging/; `validateContainerLogStatus` */
import type { ContainerStatus, Pod } from '../../model/kinds.ts';
import { badRequest } from '../api/api-error.ts';
import type { LogOptions } from './node-agents.ts';
import { previousEnd } from './pod-status.ts';
import type { ContainerRuntime, Ended, Kubelet, PodRuntime, Run } from './pod-runtime.ts';

interface Line {
  readonly at: number;
  readonly text: string;
}

/**
 * The log of one container as text.
 * @throws ApiError 400 where there is none, in the words of a kubelet
 */
export function logOf(kubelet: Kubelet, pod: PodRuntime, name: string, options: LogOptions = {}): string {
  const container = pod.containers.find(({ spec }) => spec.name === name);
  if (container === undefined) throw badRequest(`container ${name} is not valid for pod ${pod.object.metadata.name}`);
  const lines = chosenLines(kubelet, pod, container, options);
  const { now } = kubelet.clock;
  const since = options.sinceAt ?? (options.sinceSeconds === undefined ? -Infinity : now - options.sinceSeconds * 1000);
  const recent = lines.filter(({ at }) => at >= since);
  const { tailLines, timestamps = false, limitBytes } = options;
  const last = tailLines === undefined ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
  const text = last.map((line) => `${timestamps ? `${nanoTimestamp(line.at)} ` : ''}${line.text}\n`).join('');
  return limitBytes === undefined ? text : firstBytes(text, limitBytes);
}

function chosenLines(kubelet: Kubelet, pod: PodRuntime, container: ContainerRuntime, { previous = false }: LogOptions) {
  const { run, ended } = container;
  const title = `container "${container.spec.name}" in pod "${pod.object.metadata.name}"`;
  if (previous) {
    const before = previousEnd(pod, container);
    if (before === undefined || before.startedAt === 0) throw badRequest(`previous terminated ${title} not found`);
    return linesOf(kubelet, pod, container, before, true);
  }
  if (run !== undefined) return linesOf(kubelet, pod, container, run, false);
  if (ended !== undefined) return linesOf(kubelet, pod, container, ended, false);
  const reason = statusOf(pod.object, container)?.state?.waiting?.reason;
  throw badRequest(
    reason === undefined
      ? `${title} is waiting to start - no logs yet`
      : `${title} is waiting to start: ${why(reason)}`,
  );
}

function why(reason: string): string {
  if (reason === 'ErrImagePull') return "image can't be pulled";
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
}

function statusOf({ status }: Pod, { spec }: ContainerRuntime): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    ({ name }) => name === spec.name,
  );
}

/** Lines of a start a millisecond apart, those of an end at the end. Containers that were recorded with their log have that. */
function linesOf(
  kubelet: Kubelet,
  pod: PodRuntime,
  { spec }: ContainerRuntime,
  process: Run | Ended,
  previous: boolean,
): readonly Line[] {
  const { log = [], lastWords = [] } = process.behaviour ?? {};
  const recorded = log.length > 0 || lastWords.length > 0 ? undefined : recordedLog(kubelet, pod, spec.name, previous);
  if (recorded !== undefined) return recorded.map((text) => ({ at: process.startedAt, text }));
  const first = log.map((text, i) => ({ at: process.startedAt + i, text }));
  if (!('finishedAt' in process)) return first;
  return [...first, ...lastWords.map((text) => ({ at: process.finishedAt, text }))];
}

function recordedLog(
  { surroundings }: Kubelet,
  { object: { metadata } }: PodRuntime,
  container: string,
  previous: boolean,
) {
  const found = surroundings.logs.find(
    (log) =>
      log.namespace === metadata.namespace &&
      log.pod === metadata.name &&
      log.container === container &&
      log.previous === previous,
  );
  return found?.lines;
}

function nanoTimestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000000Z`;
}

/** Cut where a character is whole. */
function firstBytes(text: string, limit: number): string {
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= limit ? text : new TextDecoder().decode(bytes.subarray(0, limit)).replace(/\uFFFD$/, '');
}
