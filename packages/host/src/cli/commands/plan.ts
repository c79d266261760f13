/** `aia plan`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Strategy } from '@aia/contract';
import {
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
  text: (strategy, options) => asStrategyText(strategy, textOptions(options)),
  md: asStrategyMarkdown,
  html: asStrategyHtml,
  json: (strategy) => `${JSON.stringify(strategy, null, 2)}\n`,
  pdf: async (strategy) => {
    const { printPdf } = await import('../print-pdf.ts');
    return printPdf(asStrategyHtml(strategy));
  },
};

async function tell(strategy: Strategy, options: PlanArguments): Promise<void> {
  const { out, gitops } = options;
  for (const format of options.format) {
    const content = await RENDERERS[format](strategy, options);
    if (out === undefined) process.stdout.write(content);
    else write(join(out, `strategy.${STRATEGY_ENDINGS[format]}`), content, options);
  }
  if (out !== undefined)
    for (const { path, content } of strategyFiles(strategy)) write(join(out, path), content, options);
  if (gitops !== undefined)
    for (const { path, content } of gitOpsFiles(strategy)) write(join(gitops, path), content, options);
}

function write(file: string, content: string | Uint8Array, { quiet }: PlanArguments): void {
  writing(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  });
  if (quiet !== true) process.stderr.write(`wrote ${file}\n`);
}

function textOptions({ color, out }: PlanArguments): TextOptions {
  const place = terminal(out !== undefined);
  return { width: widthOf(place), ...(wantsColour(color, place) && { style: colours() }) };
}

function exitCode({ plan: { outcome, goals } }: Strategy): number {
  if (outcome === 'not-enough-known') return EXIT.unreadable;
  if (outcome === 'refused') return EXIT.found;
  const isOpen = goals.some(({ isMust, state }) => isMust && (state === 'open' || state === 'partly'));
  return isOpen ? EXIT.found : EXIT.ok;
}
