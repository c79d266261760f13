/** GET requests that survive what API servers and networks do: throttling, restarts, dropped connections, slowness. */
import { HostError } from '../host-error.ts';
import { isPassing, nextDelayMs, retryAfterMs, type RetryLimits } from './retry.ts';
import type { TimeSource } from './time-source.ts';
import { BodyTooLarge, type ApiAnswer, type ApiTransport } from './transport.ts';

/** What became of a request after all tries. */
export type ApiResult =
  | { readonly kind: 'ok'; readonly value: unknown; readonly text: string }
  /** A refusal that trying again does not change; `reason` is fit for `MissingInput.reason`. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly value: unknown }
  /** A full page does not fit; ask for a smaller one. */
  | { readonly kind: 'too-large'; readonly reason: string }
  | FailedRequest;

/** The bounds of trying again were reached. */
export interface FailedRequest {
  readonly kind: 'failed';
  readonly reason: string;
  readonly cause: unknown;
  /** Of the last answer, where there was one. */
  readonly status?: number;
  /** What answered was an API server nevertheless. */
  readonly alive?: boolean;
}

export interface ApiClientOptions {
  readonly transport: ApiTransport;
  readonly time: TimeSource;
  readonly limits: RetryLimits;
  /** Longest time for one try, body included, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Cancels everything. */
  readonly signal: AbortSignal | undefined;
}

export interface GetOptions {
  /** Default `application/json`. */
  readonly accept?: string;
  /** Fewer tries where an early answer is worth more. */
  readonly attempts?: number;
  /** Text bodies (logs) are not parsed. Default `json`. */
  readonly as?: 'json' | 'text';
}

/** One try's outcome: final, or worth another try. */
type Try = { readonly result: ApiResult; readonly again?: { readonly askedMs: number | undefined } };

/** After so many requests in a row that no API server answered, it is taken to be gone and each further one gets one try. */
const PATIENCE = 4;

export class ApiClient {
  readonly #options: ApiClientOptions;
  #failuresInRow = 0;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** @throws HostError `cancelled`, and what the credentials throw */
  async get(path: string, options: GetOptions = {}): Promise<ApiResult> {
    const result = await this.#tryAgain(path, options);
    this.#failuresInRow = result.kind === 'failed' && result.alive !== true ? this.#failuresInRow + 1 : 0;
    return result;
  }

  async #tryAgain(path: string, options: GetOptions): Promise<ApiResult> {
    const { time, limits } = this.#options;
    const attempts = this.#failuresInRow >= PATIENCE ? 1 : Math.min(limits.attempts, options.attempts ?? Infinity);
    const startedAt = time.now();
    for (let attempt = 1; ; attempt++) {
      const { result, again } = await this.#try(path, options);
      if (again === undefined) return result;
      const delayMs = nextDelayMs(attempt, startedAt, again.askedMs, { ...limits, attempts }, time);
      if (delayMs === undefined) return withTries(result, attempt);
      await this.#sleep(delayMs);
    }
  }

  async #try(path: string, options: GetOptions): Promise<Try> {
    const { transport, timeoutMs, maxBodyBytes, signal, time } = this.#options;
    this.#checkCancelled();
    const deadline = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      const answer = await transport.get({
        path,
        accept: options.accept ?? 'application/json',
        signal: either,
        maxBodyBytes,
      });
      return judge(answer, options.as ?? 'json', time.now());
    } catch (error) {
      this.#checkCancelled();
      if (error instanceof HostError) throw error;
      if (error instanceof BodyTooLarge) return { result: { kind: 'too-large', reason: error.message } };
      const reason = deadline.aborted ? `timed out after ${timeoutMs} ms` : connectionText(error);
      const result: ApiResult = { kind: 'failed', reason, cause: error };
      return isLasting(error) ? { result } : { result, again: { askedMs: undefined } };
    }
  }

  async #sleep(delayMs: number): Promise<void> {
    try {
      await this.#options.time.sleep(delayMs, this.#options.signal);
    } finally {
      this.#checkCancelled();
    }
  }

  #checkCancelled(): void {
    const { signal } = this.#options;
    if (signal?.aborted === true)
      throw new HostError('cancelled', 'Reading the cluster was cancelled.', { retry: 'later', cause: signal.reason });
  }
}

function judge(answer: ApiAnswer, as: 'json' | 'text', now: number): Try {
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) return parsed(answer, as);
  const value = parseJson(body);
  const reason = refusalText(status, value, body);
  if (!isPassing(status)) return { result: { kind: 'refused', status, reason, value } };
  return {
    result: { kind: 'failed', reason, cause: undefined, status, alive: status === 429 || isStatus(value) },
    again: { askedMs: retryAfterMs(headers['retry-after'], now) },
  };
}

/** Broken servers and gateways answer for one resource at a time; a `Status` shows that the API server itself is there. */
function isStatus(value: unknown): boolean {
  return (value as { kind?: unknown } | null | undefined)?.kind === 'Status';
}

/** A body cut short without an error of the connection (some proxies do that) is worth another try; a page for people is not. */
function parsed({ body, headers }: ApiAnswer, as: 'json' | 'text'): Try {
  if (as === 'text') return { result: { kind: 'ok', value: undefined, text: body } };
  const value = parseJson(body);
  if (value !== undefined) return { result: { kind: 'ok', value, text: body } };
  const type = /^[^;\s]{1,60}/.exec(headers['content-type'] ?? '')?.[0] ?? '';
  const isPage = /^\s*<(?:!doctype|html)/i.test(body);
  if (isPage || (type !== '' && !/json|octet-stream|text\/plain/.test(type))) {
    const reason = `the answer is ${type === '' ? 'a web page' : type}, not JSON; a proxy or login page stands in between`;
    return { result: { kind: 'failed', reason, cause: undefined } };
  }
  return {
    result: { kind: 'failed', reason: 'the answer is not JSON, or was cut short', cause: undefined },
    again: { askedMs: undefined },
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Servers explain themselves in JSON; anything else (a proxy's page) is quoted briefly. */
function refusalText(status: number, value: unknown, body: string): string {
  // Kubernetes says `message`, Prometheus `error`.
  const { message: told, error } = (value ?? {}) as { message?: unknown; error?: unknown };
  const message = told ?? error;
  const detail = typeof message === 'string' ? message : body.replace(/\s+/g, ' ').trim();
  const word =
    status === 401 ? 'unauthorized' : status === 403 ? 'forbidden' : status === 429 ? 'throttled' : `HTTP ${status}`;
  return detail === '' ? word : `${word}: ${detail.slice(0, 300)}`;
}

/** What the connection said: the deepest cause that names itself. */
export function connectionText(error: unknown): string {
  let text = String(error);
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    const code = codeOf(at);
    const message = at.message === '' && at instanceof AggregateError ? String(at.errors[0]) : at.message;
    text = code === '' || message.includes(code) ? message : `${message} (${code})`;
    at = at.cause;
  }
  return text.slice(0, 300);
}

/** Wrong certificates and addresses do not get better by waiting. */
function isLasting(error: unknown): boolean {
  const lasting =
    /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ENOTFOUND$|ERR_INVALID_URL$|UND_ERR_INVALID_ARG$)/;
  return codesOf(error).some((code) => lasting.test(code));
}

/** Codes of an error and what caused it, outermost first. */
export function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  for (let at = error; at instanceof Error && codes.length < 5; at = at.cause) codes.push(codeOf(at));
  return codes;
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function withTries(result: ApiResult, attempts: number): ApiResult {
  return result.kind === 'failed' && attempts > 1
    ? { ...result, reason: `${result.reason} (${attempts} tries)` }
    : result;
}
