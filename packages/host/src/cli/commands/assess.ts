/** `aia assess`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterReader, ClusterSnapshot } from '@aia/cluster';
import type { Assessment } from '@aia/contract';
import {
  asCsv,
  asHtml,
  asJunit,
  asMarkdown,
  asSarif,
  asText,
  assess,
  compare,
  type Severity,
  type TextOptions,
  type Suppression,
} from '@aia/operations';
import { examplePath } from '../../examples.ts';
import { HostError } from '../../host-error.ts';
import { version } from '../../version.ts';
import { cancellation } from '../cancellation.ts';
import { EXIT, UsageError } from '../exit.ts';
import { offending } from '../fail-on.ts';
import { ENDINGS, type Format } from '../formats.ts';
import { createProgress, type Progress } from '../progress.ts';
import { colours, terminal, wantsColour, widthOf } from '../terminal.ts';
import { asUsage, liveOptions, type LiveArguments } from './live-options.ts';

/** Options as the command line gives them. */
export interface AssessArguments extends LiveArguments {
  readonly dump?: string;
  readonly example?: string;
  readonly format: readonly Format[];
  readonly out?: string;
  readonly failOn: Severity | 'never';
  readonly suppressions?: string;
  readonly since?: string;
  readonly explain?: string;
  readonly quiet?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Runs the command: observe, assess, report. */
export async function runAssess(options: AssessArguments): Promise<void> {
  const explained = options.explain === undefined ? undefined : await import('./explain.ts');
  if (options.explain !== undefined && explained?.asksForCause(options.explain) === false) {
    process.stdout.write(explained.explanation(options.explain));
    return;
  }
  validate(options);
  const suppressions = await suppressionsOf(options);
  const before = await baselineOf(options);
  if (options.out !== undefined) writing(options.out, (out) => mkdirSync(out, { recursive: true }));
  const progress = createProgress(options.quiet === true);
  const cancel = cancellation();
  try {
    const reader = await readerOf(options, progress);
    const snapshot = await probed(await reader.observe(cancel.signal), options, progress, cancel.signal);
    cancel.signal.throwIfAborted();
    progress.show('diagnosing');
    const now = assess(snapshot, {
      version,
      ...(options.namespace && { namespaces: options.namespace }),
      ...(suppressions && { suppressions }),
    });
    const assessment = before === undefined ? now : { ...now, comparison: comparisonWith(before, now, options) };
    progress.done();
    if (options.explain !== undefined && explained !== undefined) {
      const format = options.format.includes('json') ? 'json' : 'text';
      process.stdout.write(explained.walk(assessment, options.explain, format, textOptions(options)));
      return;
    }
    report(assessment, options);
    process.exitCode = exitCode(assessment, options.failOn);
  } finally {
    progress.done();
    cancel.dispose();
  }
}

/** Read before the cluster is, since a misspelt file should not cost the wait; the schemas are loaded only then. */
async function suppressionsOf({ suppressions }: AssessArguments): Promise<readonly Suppression[] | undefined> {
  if (suppressions === undefined) return undefined;
  const { readSuppressions } = await import('../read-suppressions.ts');
  return readSuppressions(suppressions);
}

async function baselineOf({ since }: AssessArguments): Promise<Assessment | undefined> {
  if (since === undefined) return undefined;
  const { readBaseline } = await import('../read-baseline.ts');
  return readBaseline(since);
}

function comparisonWith(before: Assessment, now: Assessment, { since = '' }: AssessArguments) {
  const comparison = compare(before, now);
  if (before.cluster.observedAt > now.cluster.observedAt && now.cluster.observedAt > 0)
    throw new UsageError(`${since} was observed after this cluster; --since needs an earlier report`);
  return comparison;
}

/** Options that only a live cluster can answer. */
const LIVE_ONLY = {
  prometheus: '--prometheus',
  prometheusLabel: '--prometheus-label',
  includeSecretKeys: '--include-secret-keys',
  includeTlsSecrets: '--include-tls-secrets',
} as const;

function validate(options: AssessArguments): void {
  const sources = [options.dump, options.example, options.context ?? options.kubeconfig].filter(
    (source) => source !== undefined,
  );
  if (sources.length > 1) throw new UsageError('give one of --dump, --example and --context or --kubeconfig');
  if (options.dump === '') throw new UsageError('--dump needs a path, or - for standard input');
  if (options.format.length > 1 && options.out === undefined) throw new UsageError('several formats need --out DIR');
  if (options.out === '') throw new UsageError('--out needs a directory');
  if (options.dump === undefined && options.example === undefined) return;
  for (const [name, flag] of Object.entries(LIVE_ONLY)) {
    if (options[name as keyof typeof LIVE_ONLY] !== undefined)
      throw new UsageError(`${flag} is for live clusters; a dump or an example is read as it is`);
  }
}

/** Where the cluster is read from, by the options; what each adapter needs is loaded only for it. */
async function readerOf(options: AssessArguments, progress: Progress): Promise<ClusterReader> {
  const { dump = '-', example } = options;
  if (options.dump === undefined && example === undefined) {
    const { createLiveReader } = await import('../../live/live-reader.ts');
    const live = { ...liveOptions(options, progress), includeOtherNamespaces: true };
    return asUsage(() => createLiveReader(live));
  }
  const { createDumpReader } = await import('../../dump/dump-reader.ts');
  return createDumpReader(example === undefined ? dump : asUsage(() => examplePath(example)), {
    onProgress: ({ readBytes, totalBytes, objects }) =>
      progress.show(
        `reading ${megabytes(readBytes)}${totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`} MB, ${objects} objects`,
      ),
    ...(example !== undefined && { source: { kind: 'example' as const, name: example } }),
  });
}

async function probed(
  snapshot: ClusterSnapshot,
  { probe = [], probeEndpoints: asksExposed, probeLoopback: allowLoopback, namespace: namespaces }: AssessArguments,
  progress: Progress,
  signal: AbortSignal,
): Promise<ClusterSnapshot> {
  let seen = snapshot;
  if (probe.length > 0) {
    const { probeEndpoints, withProbes } = await import('../../probes/probe-endpoints.ts');
    progress.show(`asking ${probe.length} endpoints for their certificates`);
    seen = withProbes(seen, await probeEndpoints(probe, { signal }));
  }
  if (asksExposed !== true) return seen;
  const { probeExposed, withExposed } = await import('../../probes/probe-exposed.ts');
  progress.show('asking the endpoints that the cluster exposes');
  return withExposed(seen, await probeExposed(seen, { allowLoopback, namespaces, signal }));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function report(assessment: Assessment, options: AssessArguments): void {
  const { out } = options;
  for (const format of options.format) {
    const content = RENDERERS[format](assessment, options);
    if (out === undefined) process.stdout.write(content);
    else {
      const file = join(out, `assessment.${ENDINGS[format]}`);
      writing(file, () => writeFileSync(file, content));
      if (options.quiet !== true) process.stderr.write(`wrote ${file}\n`);
    }
  }
}

function writing(path: string, write: (path: string) => void): void {
  try {
    write(path);
  } catch (cause) {
    throw new HostError('output-failed', `${path} cannot be written: ${(cause as Error).message}`, {
      data: { path },
      cause,
    });
  }
}

const RENDERERS: Readonly<Record<Format, (assessment: Assessment, options: AssessArguments) => string>> = {
  text: textFor,
  json: (assessment) => `${JSON.stringify(assessment, null, 2)}\n`,
  md: asMarkdown,
  html: asHtml,
  sarif: asSarif,
  junit: junitFor,
  csv: asCsv,
};

/** Fails what the run fails for; where it fails for nothing, what `medium` would. */
function junitFor(assessment: Assessment, { failOn }: AssessArguments): string {
  const failing = new Set(offending(assessment, failOn === 'never' ? 'medium' : failOn));
  return asJunit(assessment, { isFailure: (finding) => failing.has(finding) });
}

function textFor(assessment: Assessment, options: AssessArguments): string {
  return asText(assessment, textOptions(options));
}

function textOptions({ color, out }: AssessArguments): TextOptions {
  const place = terminal(out !== undefined);
  return { width: widthOf(place), ...(wantsColour(color, place) && { style: colours() }) };
}

function exitCode(assessment: Assessment, failOn: Severity | 'never'): number {
  if (assessment.verdict.status === 'unknown') return EXIT.unreadable;
  if (failOn === 'never') return EXIT.ok;
  return offending(assessment, failOn).length > 0 ? EXIT.found : EXIT.ok;
}
