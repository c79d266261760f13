/** Where commands that judge a cluster read it from: a dump, an example, or a live cluster. */
import type { ClusterReader } from '@aia/cluster';
import { examplePath } from '../examples.ts';
import { asUsage, liveOptions, type LiveArguments } from './commands/live-options.ts';
import { UsageError } from './exit.ts';
import type { Progress } from './progress.ts';

/** Options that say where. */
export interface SourceArguments extends LiveArguments {
  readonly dump?: string;
  readonly example?: string;
}

/** Options that only a live cluster can answer. */
const LIVE_ONLY = {
  prometheus: '--prometheus',
  prometheusLabel: '--prometheus-label',
  includeSecretKeys: '--include-secret-keys',
  includeTlsSecrets: '--include-tls-secrets',
} as const;

/** @throws UsageError where several sources are given, or options that the source cannot answer */
export function checkSource(options: SourceArguments): void {
  const sources = [options.dump, options.example, options.context ?? options.kubeconfig].filter(
    (source) => source !== undefined,
  );
  if (sources.length > 1) throw new UsageError('give one of --dump, --example and --context or --kubeconfig');
  if (options.dump === '') throw new UsageError('--dump needs a path, or - for standard input');
  if (options.dump === undefined && options.example === undefined) return;
  for (const [name, flag] of Object.entries(LIVE_ONLY)) {
    if (options[name as keyof typeof LIVE_ONLY] !== undefined)
      throw new UsageError(`${flag} is for live clusters; a dump or an example is read as it is`);
  }
}

/** The reader for it; what each adapter needs is loaded only for it. @throws UsageError for what the options name wrongly */
export async function readerOf(options: SourceArguments, progress: Progress): Promise<ClusterReader> {
  const { dump = '-', example } = options;
  if (options.dump === undefined && example === undefined) {
    const { createLiveReader } = await import('../live/live-reader.ts');
    const live = { ...liveOptions(options, progress), includeOtherNamespaces: true };
    return asUsage(() => createLiveReader(live));
  }
  const { createDumpReader } = await import('../dump/dump-reader.ts');
  return createDumpReader(example === undefined ? dump : asUsage(() => examplePath(example)), {
    onProgress: ({ readBytes, totalBytes, objects }) =>
      progress.show(
        `reading ${megabytes(readBytes)}${totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`} MB, ${objects} objects`,
      ),
    ...(example !== undefined && { source: { kind: 'example' as const, name: example } }),
  });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
