/** Usage history from Prometheus' HTTP API (`/api/v1/query_range`), in pieces that neither side chokes on. */
import { readFile } from 'node:fs/promises';
import type { MissingInput } from '@aia/cluster';
import type { ApiClient } from './api-client.ts';

/** Where the history is. Tokens come from a file or the environment, never from the command line, which others can read. */
export interface PrometheusOptions {
  /** Base URL; also Thanos, Mimir or Google's managed Prometheus behind their compatible API. */
  readonly url: string;
  readonly tokenFile?: string | undefined;
  /** Name of the environment variable. */
  readonly tokenEnv?: string | undefined;
  /** Default 8 days, in milliseconds. */
  readonly spanMs?: number | undefined;
  /** Default 30 minutes, in milliseconds. */
  readonly stepMs?: number | undefined;
}

/** One quantity's answers over the span, in time order, as Prometheus sent them. */
export interface PrometheusResult {
  readonly quantity: 'cpu' | 'memory';
  readonly query: string;
  /** Bodies of `query_range`. */
  readonly answers: readonly unknown[];
}

const SPAN_MS = 8 * 86_400_000;
const STEP_MS = 1_800_000;
/** One request covers a day at first. */
const CHUNK_MS = 86_400_000;
/** Halving a piece that is too much ends here. */
const SMALLEST_CHUNK_MS = 3_600_000;

/**
 * `max` over replicas of one series: highly available Prometheus pairs and federation show each container twice. CPU is the
 * mean over the step in cores; memory the highest working set within the step in bytes, because peaks are what kills.
 */
export function usageQueries(stepMs: number): Readonly<Record<PrometheusResult['quantity'], string>> {
  const window = `${Math.round(stepMs / 1000)}s`;
  const by = 'max by (namespace, pod, container)';
  const containers = 'container!="",container!="POD"';
  return {
    cpu: `${by} (rate(container_cpu_usage_seconds_total{${containers}}[${window}]))`,
    memory: `${by} (max_over_time(container_memory_working_set_bytes{${containers}}[${window}]))`,
  };
}

/** @throws TypeError when the variable or file gives no token */
export async function readToken(
  options: PrometheusOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (options.tokenFile !== undefined)
    return nonEmpty(await textOf(options.tokenFile), `token file ${options.tokenFile}`);
  if (options.tokenEnv !== undefined)
    return nonEmpty((env[options.tokenEnv] ?? '').trim(), `environment variable ${options.tokenEnv}`);
  return undefined;
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new TypeError(`token file ${file} cannot be read`, { cause });
  }
}

function nonEmpty(token: string, place: string): string {
  if (token === '' || /\s/.test(token)) throw new TypeError(`${place} holds no bearer token`);
  return token;
}

/** Reads the span that ends at `endAt` (epoch milliseconds, rounded down to a step so that readings within one agree). */
export async function readPrometheus(
  client: ApiClient,
  options: PrometheusOptions,
  endAt: number,
  onChunk: (done: number, total: number) => void,
): Promise<{ readonly results: readonly PrometheusResult[]; readonly missing: MissingInput | undefined }> {
  const stepMs = options.stepMs ?? STEP_MS;
  const lastAt = Math.floor(endAt / stepMs) * stepMs;
  const firstAt = lastAt - (options.spanMs ?? SPAN_MS);
  const total = 2 * Math.ceil((lastAt - firstAt + stepMs) / CHUNK_MS);
  const results: PrometheusResult[] = [];
  let done = 0;
  for (const [quantity, query] of Object.entries(usageQueries(stepMs)) as [PrometheusResult['quantity'], string][]) {
    const { answers, reason } = await readRange(client, { query, firstAt, lastAt, stepMs }, () =>
      onChunk(Math.min(++done, total), total),
    );
    if (answers.length > 0) results.push({ quantity, query, answers });
    if (reason !== undefined) return { results, missing: missingHistory(reason) };
  }
  return { results, missing: undefined };
}

interface Range {
  readonly query: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly stepMs: number;
}

async function readRange(
  client: ApiClient,
  range: Range,
  onChunk: () => void,
): Promise<{ answers: unknown[]; reason: string | undefined }> {
  const { query, firstAt, lastAt, stepMs } = range;
  const answers: unknown[] = [];
  let chunkMs = CHUNK_MS;
  for (let fromAt = firstAt; fromAt <= lastAt;) {
    const toAt = Math.min(lastAt, fromAt + Math.max(0, Math.floor(chunkMs / stepMs) - 1) * stepMs);
    const parameters = new URLSearchParams({
      query,
      start: String(fromAt / 1000),
      end: String(toAt / 1000),
      step: String(stepMs / 1000),
    });
    const result = await client.get(`/api/v1/query_range?${parameters}`, { attempts: 3 });
    if (result.kind === 'ok') {
      if ((result.value as { status?: unknown } | null)?.status !== 'success')
        return { answers, reason: 'the answer is not one of Prometheus' };
      answers.push(result.value);
      onChunk();
      fromAt = toAt + stepMs;
    } else if (tooMuch(result) && chunkMs > Math.max(SMALLEST_CHUNK_MS, stepMs)) chunkMs /= 2;
    else return { answers, reason: result.reason };
  }
  return { answers, reason: undefined };
}

/** Limits on samples answer 422, on time 503 or silence. */
function tooMuch(result: { readonly kind: string; readonly status?: number }): boolean {
  return result.kind === 'too-large' || result.kind === 'failed' || result.status === 422;
}

function missingHistory(reason: string): MissingInput {
  return {
    input: 'usage-history',
    reason: `Prometheus: ${reason}`,
    consequence: 'how much CPU and memory containers need over days is not known',
  };
}
