/** The last words of containers that keep crashing. */
import {
  crashingContainers,
  type ClusterSnapshot,
  type ContainerLog,
  type CrashingContainer,
  type MissingInput,
} from '@aia/cluster';
import type { ApiClient } from './api-client.ts';
import { inParallel } from './in-parallel.ts';

export interface LogOptions {
  /** Lines per container. Default 20. */
  readonly lines: number;
  /** Containers at most; one per workload and container name comes first. Default 20. */
  readonly containers: number;
}

export const LOG_OPTIONS: LogOptions = { lines: 20, containers: 20 };

/** A line longer than this is cut; with `lines` it bounds the size of an answer, which the server is told. */
const LINE_BYTES = 2000;

/** Reads logs of the instance that ended last, or of the running one where that is gone; `redact` masks secrets in a text. */
export async function readLogs(
  client: ApiClient,
  snapshot: Pick<ClusterSnapshot, 'list'>,
  options: LogOptions,
  redact: (text: string) => string,
  concurrency: number,
): Promise<{ readonly logs: readonly ContainerLog[]; readonly missing: MissingInput | undefined }> {
  const targets = crashingContainers(snapshot.list('Pod'), options.containers);
  let refusal: string | undefined;
  const logs = await inParallel(targets, concurrency, async (target) => {
    if (refusal !== undefined) return undefined;
    const answer = (await readOne(client, target, true, options)) ?? (await readOne(client, target, false, options));
    if (typeof answer === 'string') refusal ??= answer;
    // As a whole, because a private key goes over many lines.
    return typeof answer === 'object' ? { ...answer, lines: redact(answer.lines.join('\n')).split('\n') } : undefined;
  });
  const consequence = 'what crashing containers printed last is not known';
  return {
    logs: logs.filter((log) => log !== undefined),
    missing: refusal === undefined ? undefined : { input: 'logs', reason: refusal, consequence },
  };
}

/** A log, the reason why logs may not be read, or `undefined` when this one is not there. */
async function readOne(
  client: ApiClient,
  target: CrashingContainer,
  previous: boolean,
  { lines }: LogOptions,
): Promise<ContainerLog | string | undefined> {
  const { namespace, pod, container } = target;
  const query = new URLSearchParams({
    container,
    previous: String(previous),
    tailLines: String(lines),
    limitBytes: String(lines * LINE_BYTES),
  });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${query}`;
  const answer = await client.get(path, { as: 'text', accept: '*/*', attempts: 2 });
  if (answer.kind === 'refused' && (answer.status === 403 || answer.status === 401)) return answer.reason;
  if (answer.kind !== 'ok') return undefined;
  const kept = answer.text.split('\n').filter((line) => line.trim() !== '');
  if (kept.length === 0) return undefined;
  return { namespace, pod, container, previous, lines: kept.slice(-lines).map((line) => line.slice(0, LINE_BYTES)) };
}
