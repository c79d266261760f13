/** `aia plan`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Strategy } from '@aia/contract';
import {
  asFirstScreen,
  asStrategyHtml,
  asStrategyMarkdown,
  asStrategyText,
  compareStrategies,
  gitOpsFiles,
  strategise,
  strategyFiles,
  type Policy,
  type TextOptions,
} from '@aia/operations';
import { version } from '../../version.ts';
import { cancellation } from '../cancellation.ts';
import { checkSource } from '../cluster-source.ts';
import { EXIT, UsageError } from '../exit.ts';
import { checkOverlayFolder, writeOverlays } from '../overlay-folder.ts';
import { createProgress } from '../progress.ts';
import { STRATEGY_ENDINGS, type StrategyFormat } from '../strategy-formats.ts';
import { colours, terminal, wantsColour, widthOf } from '../terminal.ts';
import { writing } from '../write-output.ts';
import { observed, suppressionsOf, type JudgedArguments } from './observed.ts';

/** Options as the command line gives them. */
export interface PlanArguments extends JudgedArguments {
  readonly policy?: string;
  readonly format: readonly StrategyFormat[];
  readonly out?: string;
  readonly diff?: string;
  readonly gitops?: string;
  readonly seed: string;
  readonly quiet?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Runs the command: observe, assess, plan, rehearse, tell. */
export async function runPlan(options: PlanArguments): Promise<void> {
  validate(options);
  const suppressions = await suppressionsOf(options);
  const policy = await policyOf(options);
  const before = await earlier(options);
  if (options.out !== undefined) writing(options.out, (out) => mkdirSync(out, { recursive: true }));
  const progress = createProgress(options.quiet === true);
  const cancel = cancellation();
  try {
    const snapshot = await observed(options, progress, cancel.signal);
    await cancel.settle();
    const now = strategise(snapshot, {
      version,
      seed: options.seed,
      onProgress: (text) => progress.show(text),
      ...(policy && { policy }),
      ...(suppressions && { suppressions }),
      ...(options.namespace && { namespaces: options.namespace }),
    });
    const strategy = before === undefined ? now : { ...now, comparison: comparisonWith(before, now, options) };
    progress.done();
    await tell(strategy, options);
    process.exitCode = exitCode(strategy);
  } finally {
    progress.done();
    cancel.dispose();
  }
}

function validate(options: PlanArguments): void {
  checkSource(options);
  if (options.format.length > 1 && options.out === undefined) throw new UsageError('several formats need --out DIR');
  if (options.format.includes('pdf') && options.out === undefined) throw new UsageError('pdf needs --out DIR');
  if (options.out === '') throw new UsageError('--out needs a directory');
  if (options.gitops === '') throw new UsageError('--gitops needs a directory');
  if (options.gitops !== undefined) checkOverlayFolder(options.gitops);
}

async function policyOf({ policy }: PlanArguments): Promise<Policy | undefined> {
  if (policy === undefined) return undefined;
  const { readPolicy } = await import('../read-policy.ts');
  return readPolicy(policy);
}

async function earlier({ diff }: PlanArguments): Promise<Strategy | undefined> {
  if (diff === undefined) return undefined;
  const { readStrategy } = await import('../read-strategy.ts');
  return readStrategy(diff);
}

function comparisonWith(before: Strategy, now: Strategy, { diff = '' }: PlanArguments) {
  const [then, since] = [before.assessment.cluster.observedAt, now.assessment.cluster.observedAt];
  if (then > since && since > 0)
    throw new UsageError(`${diff} is of a later moment than this cluster; --diff needs an earlier strategy`);
  return compareStrategies(before, now);
}

type Renderer = (strategy: Strategy, options: PlanArguments) => string | Promise<Uint8Array>;

const RENDERERS: Readonly<Record<StrategyFormat, Renderer>> = {
  text: (strategy, options) => asStrategyText(strategy, textOptions(options, options.out !== undefined)),
  md: asStrategyMarkdown,
  html: asStrategyHtml,
  json: (strategy) => `${JSON.stringify(strategy, null, 2)}\n`,
  pdf: async (strategy) => {
    const { printPdf } = await import('../print-pdf.ts');
    return printPdf(asStrategyHtml(strategy));
  },
};

/** Without a directory the document goes to standard output; with one, its first screen and what was written. */
async function tell(strategy: Strategy, options: PlanArguments): Promise<void> {
  const { out, gitops, quiet } = options;
  const documents: string[] = [];
  for (const format of options.format) {
    const content = await RENDERERS[format](strategy, options);
    if (out === undefined) process.stdout.write(content);
    else documents.push(write(join(out, `strategy.${STRATEGY_ENDINGS[format]}`), content));
  }
  const files = out === undefined ? [] : strategyFiles(strategy);
  for (const { path, content } of files) write(join(out ?? '', path), content);
  const overlays = gitops === undefined ? [] : gitOpsFiles(strategy);
  if (gitops !== undefined) writeOverlays(gitops, overlays);
  if (quiet === true) return;
  if (out !== undefined) process.stdout.write(asFirstScreen(strategy, textOptions(options, false)));
  const written = [
    ...(out === undefined ? [] : [`${documents.join(', ')} and ${files.length} files that they name`]),
    ...(gitops === undefined ? [] : [`${overlays.length} files in ${gitops}`]),
  ];
  if (written.length > 0)
    (out === undefined ? process.stderr : process.stdout).write(`\nWrote ${written.join('; ')}\n`);
}

/** Writes it, and gives its path back. */
function write(file: string, content: string | Uint8Array): string {
  writing(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  });
  return file;
}

function textOptions({ color }: PlanArguments, toFile: boolean): TextOptions {
  const place = terminal(toFile);
  return { width: widthOf(place), ...(wantsColour(color, place) && { style: colours() }) };
}

function exitCode({ plan: { outcome, goals }, rehearsal }: Strategy): number {
  if (outcome === 'not-enough-known') return EXIT.unreadable;
  if (outcome === 'refused') return EXIT.found;
  const isOpen = goals.some(({ isMust, state }) => isMust && (state === 'open' || state === 'partly'));
  return isOpen || (rehearsal?.remaining.length ?? 0) > 0 ? EXIT.found : EXIT.ok;
}
