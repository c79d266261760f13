/** From command-line options to what the live reader takes. */
import { accessSync, constants } from 'node:fs';
import type { LiveOptions, Progress as LiveProgress } from '../../live/live-options.ts';
import type { Endpoint } from '../../probes/endpoint.ts';
import { UsageError } from '../exit.ts';
import type { Progress } from '../progress.ts';

/** The options that `assess` and `collect` share. */
export interface LiveArguments {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: readonly string[];
  readonly prometheus?: string;
  readonly prometheusTokenFile?: string;
  readonly prometheusLabel?: Readonly<Record<string, string>>;
  readonly includeSecretKeys?: boolean;
  readonly includeTlsSecrets?: boolean;
  readonly probe?: readonly Endpoint[];
  readonly probeEndpoints?: boolean;
  readonly probeLoopback?: boolean;
}

/** Options of the live reader, with progress told in words. */
export function liveOptions(options: LiveArguments, progress: Progress): LiveOptions {
  if (options.prometheusTokenFile !== undefined && options.prometheus === undefined)
    throw new UsageError('--prometheus-token-file needs --prometheus URL');
  if (options.prometheusTokenFile !== undefined) readable(options.prometheusTokenFile);
  return {
    context: options.context,
    kubeconfig: options.kubeconfig,
    namespaces: options.namespace,
    includeSecretKeys: options.includeSecretKeys,
    includeTlsSecrets: options.includeTlsSecrets,
    prometheus:
      options.prometheus === undefined
        ? undefined
        : { url: options.prometheus, tokenFile: options.prometheusTokenFile, labels: options.prometheusLabel },
    onProgress: (step) => progress.show(progressText(step)),
  };
}

function readable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new UsageError(`--prometheus-token-file cannot be read: ${(error as Error).message}`);
  }
}

function progressText({ phase, kind, done, total, objects }: LiveProgress): string {
  const WORDS = {
    connect: 'connecting',
    discover: 'asking what there is',
    list: 'reading',
    usage: 'reading usage history',
    logs: 'reading logs of crash loops',
    done: 'read',
  };
  const count = total > 0 ? ` ${done}/${total}` : '';
  return `${WORDS[phase]}${count}${kind === '' ? '' : ` ${kind}`}${objects > 0 ? `, ${objects} objects` : ''}`;
}

/**
 * Runs what checks such options. What it refuses was wrong on the command line.
 * @throws UsageError instead of the TypeError or RangeError
 */
export function asUsage<R>(check: () => R): R {
  try {
    return check();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
