/** `aia assess`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
} from '@aia/operations';
import { version } from '../../version.ts';
import { cancellation } from '../cancellation.ts';
import { checkSource } from '../cluster-source.ts';
import { EXIT, UsageError } from '../exit.ts';
import { offending } from '../fail-on.ts';
import { ENDINGS, type Format } from '../formats.ts';
import { createProgress } from '../progress.ts';
import { colours, terminal, wantsColour, widthOf } from '../terminal.ts';
import { writing } from '../write-output.ts';
import { observed, suppressionsOf, type JudgedArguments } from './observed.ts';

/** Options as the command line gives them. */
export interface AssessArguments extends JudgedArguments {
  readonly format: readonly Format[];
  readonly out?: string;
  readonly failOn: Severity | 'never';
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
    const snapshot = await observed(options, progress, cancel.signal);
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

function validate(options: AssessArguments): void {
  checkSource(options);
  if (options.format.length > 1 && options.out === undefined) throw new UsageError('several formats need --out DIR');
  if (options.out === '') throw new UsageError('--out needs a directory');
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
