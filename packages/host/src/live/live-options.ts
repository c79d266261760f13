/** What a caller may choose when reading a live cluster. */
import { checkedUrl, checkTokenUrl } from './fetch-transport.ts';
import type { KubeConfigOptions } from './kube-config.ts';
import { checkQuery, type PrometheusOptions } from './prometheus.ts';
import { LOG_OPTIONS, type LogOptions } from './read-logs.ts';
import { RETRY_LIMITS, type RetryLimits } from './retry.ts';
import { SYSTEM_TIME, type TimeSource } from './time-source.ts';

/** How far the reading has come. */
export interface Progress {
  readonly phase: 'connect' | 'discover' | 'list' | 'usage' | 'logs' | 'done';
  /** What is being read, for example `apps/Deployment`; empty where the phase says it all. */
  readonly kind: string;
  /** Steps of the phase done, and how many there are; 0 where not known. */
  readonly done: number;
  readonly total: number;
  /** Objects read so far. */
  readonly objects: number;
}

/** How to reach a live cluster and what to read of it. */
export interface LiveOptions extends KubeConfigOptions {
  /** Namespaces to read; cluster-scoped objects are read all the same. Default: all. */
  readonly namespaces?: readonly string[] | undefined;
  /**
   * With `namespaces`: read the others as well, as far as the credentials allow, because they say what nodes and quotas have left.
   * Default false.
   */
  readonly includeOtherNamespaces?: boolean | undefined;
  /** Default false. */
  readonly includeSecretKeys?: boolean | undefined;
  /** Default false. */
  readonly includeTlsSecrets?: boolean | undefined;
  /** Read logs of crash-looping containers; `false` for none. Default: 20 lines of at most 20 containers. */
  readonly logs?: Partial<LogOptions> | boolean | undefined;
  /** Usage history; none when absent. */
  readonly prometheus?: PrometheusOptions | undefined;
  /** Lists at a time. Default 4. */
  readonly concurrency?: number | undefined;
  /** Longest time for one request, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryLimits> | undefined;
  /** Called often; must be quick. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly time?: TimeSource | undefined;
}

/** {@link LiveOptions} with the defaults filled in. */
export interface LiveSettings extends LiveOptions {
  readonly includeSecretKeys: boolean;
  readonly includeTlsSecrets: boolean;
  readonly logs: LogOptions | false;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly retry: RetryLimits;
  readonly onProgress: (progress: Progress) => void;
  readonly time: TimeSource;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws RangeError for numbers out of bounds, TypeError for a namespace or a URL that cannot be one, or that a token must not go to */
export function liveSettings(options: LiveOptions): LiveSettings {
  const { logs = true } = options;
  const settings: LiveSettings = {
    ...options,
    includeSecretKeys: options.includeSecretKeys ?? false,
    includeTlsSecrets: options.includeTlsSecrets ?? false,
    logs: logs === false ? false : { ...LOG_OPTIONS, ...(logs === true ? {} : logs) },
    concurrency: options.concurrency ?? 4,
    timeoutMs: options.timeoutMs ?? 30_000,
    retry: { ...RETRY_LIMITS, ...options.retry },
    onProgress: options.onProgress ?? (() => {}),
    time: options.time ?? SYSTEM_TIME,
    env: options.env ?? process.env,
  };
  within('concurrency', settings.concurrency, 1, 64);
  within('timeoutMs', settings.timeoutMs, 1, 3_600_000);
  within('retry.attempts', settings.retry.attempts, 1, 100);
  if (settings.logs !== false) {
    within('logs.lines', settings.logs.lines, 1, 10_000);
    within('logs.containers', settings.logs.containers, 0, 1000);
  }
  if (options.prometheus !== undefined) {
    const { url, tokenFile, tokenEnv } = options.prometheus;
    checkedUrl(url);
    if (tokenFile !== undefined || tokenEnv !== undefined) checkTokenUrl(url);
    checkQuery(options.prometheus);
  }
  for (const namespace of options.namespaces ?? []) {
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
      throw new TypeError(`namespaces: ${JSON.stringify(namespace)} is no name of a namespace`);
  }
  return settings;
}

function within(field: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`${field} must be an integer from ${least} to ${most}, not ${value}`);
}
