/** Usage history from Prometheus' HTTP API (`/api/v1/query_range`), in pieces that neither side chokes on. */
import { readFile } from 'node:fs/promises';
import type { MissingInput, UsageQuantity } from '@aia/cluster';
import type { ApiClient, ApiResult } from './api-client.ts';
import { USAGE_METRICS, usageQueries, type UsageScope } from './usage-queries.ts';

/** Where the history is. Tokens come from a file or the environment, never from the command line, which others can read. */
export interface PrometheusOptions {
  /** Base URL; also Thanos, Mimir or Google's managed Prometheus behind their compatible API. */
  readonly url: string;
  readonly tokenFile?: string | undefined;
  /** Name of the environment variable. */
  readonly tokenEnv?: string | undefined;
  /** Labels that every series must have, see `UsageScope`. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Default 8 days, in milliseconds. */
  readonly spanMs?: number | undefined;
  /** Default 30 minutes, in milliseconds. */
  readonly stepMs?: number | undefined;
}

/** Takes an answer of `query_range`; whether it held any sample. */
export type TakeAnswer = (answer: unknown, quantity: UsageQuantity) => boolean;

const SPAN_MS = 8 * 86_400_000;
const STEP_MS = 1_800_000;
/** One request covers a day at first, and no more points of a series than Prometheus gives (its limit is 11 000). */
const PIECE_MS = 86_400_000;
const PIECE_POINTS = 10_000;
/** Halving a piece that is too much ends here. */
const SMALLEST_PIECE_MS = 3_600_000;

/** @throws RangeError for a step under a second, or a span shorter than a step or longer than a year; TypeError for a label's name */
export function checkQuery({ spanMs = SPAN_MS, stepMs = STEP_MS, labels = {} }: PrometheusOptions): void {
  if (!Number.isInteger(stepMs) || stepMs < 1000)
    throw new RangeError(`prometheus.stepMs must be at least 1000, not ${stepMs}`);
  if (!Number.isInteger(spanMs) || spanMs < stepMs || spanMs > 366 * 86_400_000)
    throw new RangeError(`prometheus.spanMs must be from one step to a year, not ${spanMs}`);
  for (const name of Object.keys(labels)) {
    if (!/^[a-zA-Z_]\w*$/.test(name))
      throw new TypeError(`prometheus.labels: ${JSON.stringify(name)} is no name of a label`);
  }
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

interface Range {
  readonly quantity: UsageQuantity;
  readonly query: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly stepMs: number;
}

/** How reading a range ended: whether it held samples, from when on it was read, and why no further. */
interface RangeEnd {
  readonly hasSamples: boolean;
  readonly readFromAt: number;
  readonly reason: string | undefined;
}

/**
 * Reads the span that ends at `endAt` (epoch milliseconds, rounded down to a step so that readings within one agree), newest
 * first, so that a Prometheus that gives up leaves the days that matter most. Gives what is missing of it.
 */
export async function readPrometheus(
  client: ApiClient,
  options: PrometheusOptions & Pick<UsageScope, 'namespaces'>,
  endAt: number,
  take: TakeAnswer,
  onPiece: (done: number, total: number) => void,
): Promise<MissingInput | undefined> {
  const { stepMs = STEP_MS, spanMs = SPAN_MS } = options;
  const lastAt = Math.floor(endAt / stepMs) * stepMs;
  const span = { stepMs, lastAt, firstAt: lastAt - spanMs };
  const total = 2 * Math.ceil((spanMs + stepMs) / pieceMsOf(stepMs));
  let done = 0;
  const onRead = () => onPiece(Math.min(++done, total), total);
  for (const [quantity, queries] of Object.entries(usageQueries(stepMs, options)) as [
    UsageQuantity,
    readonly string[],
  ][]) {
    const end = await readQuantity(client, { ...span, quantity }, queries, take, onRead);
    if (end.reason !== undefined) return missingHistory(`${end.reason}${lengthOf(end, lastAt)}`);
    if (!end.hasSamples)
      return missingHistory(`it has no samples of ${USAGE_METRICS[quantity]} in the last ${daysOf(spanMs)}`);
  }
  return undefined;
}

/** The newest piece shows which of the queries this Prometheus can answer. */
async function readQuantity(
  client: ApiClient,
  span: Omit<Range, 'query'>,
  queries: readonly string[],
  take: TakeAnswer,
  onRead: () => void,
): Promise<RangeEnd> {
  const newestAt = Math.max(span.firstAt, span.lastAt - pieceMsOf(span.stepMs) + span.stepMs);
  let newest: RangeEnd | undefined;
  let chosen = queries[0] ?? '';
  for (const query of queries) {
    newest = await readRange(client, { ...span, query, firstAt: newestAt }, take, onRead);
    if (newest.reason !== undefined) return newest;
    if (newest.hasSamples) {
      chosen = query;
      break;
    }
  }
  if (newestAt <= span.firstAt && newest !== undefined) return newest;
  const older = await readRange(client, { ...span, query: chosen, lastAt: newestAt - span.stepMs }, take, onRead);
  return { ...older, hasSamples: older.hasSamples || newest?.hasSamples === true };
}

async function readRange(client: ApiClient, range: Range, take: TakeAnswer, onRead: () => void): Promise<RangeEnd> {
  const { quantity, firstAt, stepMs } = range;
  let pieceMs = pieceMsOf(stepMs);
  let hasSamples = false;
  for (let toAt = range.lastAt; toAt >= firstAt;) {
    const fromAt = Math.max(firstAt, toAt - Math.max(0, Math.floor(pieceMs / stepMs) - 1) * stepMs);
    const result = await client.get(pathOf(range, fromAt, toAt), { attempts: 3 });
    if (result.kind === 'ok') {
      const { status } = (result.value ?? {}) as { status?: unknown };
      if (status !== 'success')
        return { hasSamples, readFromAt: toAt + stepMs, reason: 'the answer is not one of Prometheus' };
      hasSamples = take(result.value, quantity) || hasSamples;
      onRead();
      toAt = fromAt - stepMs;
    } else if (tooMuch(result) && pieceMs > Math.max(SMALLEST_PIECE_MS, stepMs)) pieceMs /= 2;
    else return { hasSamples, readFromAt: toAt + stepMs, reason: result.reason };
  }
  return { hasSamples, readFromAt: firstAt, reason: undefined };
}

function pathOf({ query, stepMs }: Range, fromAt: number, toAt: number): string {
  const [start, end, step] = [fromAt, toAt, stepMs].map((ms) => String(ms / 1000)) as [string, string, string];
  return `/api/v1/query_range?${new URLSearchParams({ query, start, end, step })}`;
}

function pieceMsOf(stepMs: number): number {
  return Math.max(stepMs, Math.min(PIECE_MS, PIECE_POINTS * stepMs));
}

/** Limits on samples and sizes answer 422 or 413, on time 503, 504 or nothing. */
function tooMuch(result: Exclude<ApiResult, { kind: 'ok' }>): boolean {
  if (result.kind === 'too-large') return true;
  if (result.status !== undefined) return [413, 422, 503, 504].includes(result.status);
  return result.kind === 'failed' && (result.cause as { name?: unknown } | undefined)?.name === 'TimeoutError';
}

function lengthOf({ readFromAt }: RangeEnd, lastAt: number): string {
  return readFromAt > lastAt ? '' : `; only the last ${daysOf(lastAt - readFromAt)} were read`;
}

function daysOf(ms: number): string {
  return `${Number((ms / 86_400_000).toFixed(1))} days`;
}

function missingHistory(reason: string): MissingInput {
  return {
    input: 'usage-history',
    reason: `Prometheus: ${reason}`,
    consequence: 'how much CPU and memory containers need over days is not known, or not for all of them',
  };
}
