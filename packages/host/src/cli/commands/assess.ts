/** `aia assess`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { ClusterSnapshot } from '@aia/cluster';
import type { Assessment } from '@aia/contract';
import {
  asMarkdown,
  asText,
  assess,
  ruleOf,
  RULES,
  severityRank,
  type Rule,
  type Severity,
  type Style,
} from '@aia/operations';
import { examplePath } from '../../examples.ts';
import { version } from '../../version.ts';
import { cancellation } from '../cancellation.ts';
import { EXIT, UsageError } from '../exit.ts';
import type { Format } from '../formats.ts';
import { createProgress, type Progress } from '../progress.ts';
import { liveOptions, type LiveArguments } from './live-options.ts';

/** Options as the command line gives them. */
export interface AssessArguments extends LiveArguments {
  readonly dump?: string;
  readonly example?: string;
  readonly format: readonly Format[];
  readonly out?: string;
  readonly failOn: Severity | 'never';
  readonly explain?: string;
  readonly probe?: readonly string[];
  readonly quiet?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Runs the command: observe, assess, report. */
export async function runAssess(options: AssessArguments): Promise<void> {
  if (options.explain !== undefined) return explain(options.explain);
  validate(options);
  const progress = createProgress(options.quiet === true);
  const cancel = cancellation();
  try {
    const snapshot = await observe(options, progress, cancel.signal);
    progress.show('diagnosing');
    const assessment = assess(snapshot, { version, ...(options.namespace && { namespaces: options.namespace }) });
    progress.done();
    report(assessment, options);
    process.exitCode = exitCode(assessment, options.failOn);
  } finally {
    progress.done();
    cancel.dispose();
  }
}

function validate(options: AssessArguments): void {
  const sources = [options.dump, options.example, options.context ?? options.kubeconfig].filter(
    (source) => source !== undefined,
  );
  if (sources.length > 1) throw new UsageError('give one of --dump, --example and --context');
  if (options.format.length > 1 && options.out === undefined) throw new UsageError('several formats need --out DIR');
}

async function observe(options: AssessArguments, progress: Progress, signal: AbortSignal): Promise<ClusterSnapshot> {
  if (options.dump !== undefined || options.example !== undefined) return observeDump(options, progress, signal);
  const { createLiveReader } = await import('../../live/live-reader.ts');
  return createLiveReader({ ...liveOptions(options, progress), includeOtherNamespaces: true }).observe(signal);
}

async function observeDump(
  options: AssessArguments,
  progress: Progress,
  signal: AbortSignal,
): Promise<ClusterSnapshot> {
  const { readDump } = await import('../../dump/read-dump.ts');
  const path = options.example === undefined ? (options.dump ?? '-') : exampleOrUsage(options.example);
  const snapshot = await readDump(path, {
    signal,
    onProgress: ({ readBytes, totalBytes, objects }) =>
      progress.show(
        `reading ${megabytes(readBytes)}${totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`} MB, ${objects} objects`,
      ),
    ...(options.example !== undefined && { source: { kind: 'example' as const, name: options.example } }),
  });
  return snapshot;
}

function exampleOrUsage(name: string): string {
  try {
    return examplePath(name);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function report(assessment: Assessment, options: AssessArguments): void {
  for (const format of options.format) {
    const content = render(assessment, format, options);
    if (options.out === undefined) process.stdout.write(content);
    else {
      mkdirSync(options.out, { recursive: true });
      const file = join(options.out, `assessment.${format === 'text' ? 'txt' : format}`);
      writeFileSync(file, content);
      process.stderr.write(`wrote ${file}\n`);
    }
  }
}

function render(assessment: Assessment, format: Format, options: AssessArguments): string {
  if (format === 'json') return `${JSON.stringify(assessment, null, 2)}\n`;
  if (format === 'md') return asMarkdown(assessment);
  const width = process.stdout.isTTY ? Math.min(140, process.stdout.columns || 100) : 100;
  const style = styleFor(options);
  return asText(assessment, { width, ...(style && { style }) });
}

/** Colours on a terminal only, and never against NO_COLOR, unless the caller insists. */
function styleFor(options: AssessArguments): Style | undefined {
  const terminal = process.stdout.isTTY && options.out === undefined && !process.env['NO_COLOR'];
  if (options.color === 'never' || (options.color === 'auto' && !terminal)) return undefined;
  const mark =
    (...names: Parameters<typeof styleText>[0][]) =>
    (text: string) =>
      names.reduce((marked, name) => styleText(name, marked, { validateStream: false }), text);
  return { strong: mark('bold'), dim: mark('dim'), bad: mark('red'), warn: mark('yellow'), good: mark('green') };
}

function exitCode(assessment: Assessment, failOn: Severity | 'never'): number {
  if (assessment.verdict.status === 'unknown') return EXIT.unreadable;
  if (failOn === 'never') return EXIT.ok;
  return assessment.findings.some(({ severity }) => severityRank(severity) <= severityRank(failOn))
    ? EXIT.found
    : EXIT.ok;
}

function explain(code: string): void {
  const rule = ruleOf(code);
  if (rule === undefined) throw new UsageError(`no finding code "${code}"; ${nearest(code)}`);
  process.stdout.write(`${explanation(rule)}\n`);
}

function explanation(rule: Rule): string {
  const aliases = Object.entries(rule.aliases).map(([tool, ids]) => `  ${tool}: ${ids.join(', ')}`);
  return [
    `${rule.code} (${rule.severity}): ${rule.title}`,
    '',
    rule.explanation,
    '',
    `What to do: ${rule.remediation.text}`,
    ...(rule.needs.length === 0 ? [] : ['', `Needs ${rule.needs.join(', ')}.`]),
    ...(aliases.length === 0 ? [] : ['', 'The same elsewhere:', ...aliases]),
  ].join('\n');
}

/** Codes that share a word with the one asked for, else all. */
function nearest(code: string): string {
  const words = code.split('-');
  const close = RULES.map((rule) => rule.code).filter((known) =>
    words.some((word) => word.length > 2 && known.includes(word)),
  );
  return close.length > 0
    ? `did you mean ${close.slice(0, 6).join(', ')}?`
    : `the codes are ${RULES.map((rule) => rule.code).join(', ')}`;
}
