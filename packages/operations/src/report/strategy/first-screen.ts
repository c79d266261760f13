/** The first screen of a strategy on a terminal: outcome, figures, phases with their commands, probability, what stays open. */
import type { Action, Strategy } from '@aia/contract';
import { shellComment } from '../../plan/effects/shell.ts';
import { counted } from '../counted.ts';
import { displayWidth, type Page } from '../layout.ts';
import { figureRows, outcomeSentence, outcomeTone } from './outcome-text.ts';
import { durationReading } from './forecast-text.ts';
import { openTexts } from './sections/executive-summary.ts';
import { strategyTitle } from './sections.ts';
import { viewOf, type StrategyView } from './strategy-view.ts';
import { LIGHT_TONES, sentence, spanText } from './wording.ts';

/** Commands of a phase that are shown here. */
const COMMANDS = 3;
/** Open goals that are named. */
const OPEN = 5;

/** Writes it; `rest`: where what is left out here is to be found, as in `below`. */
export function firstScreen(page: Page, strategy: Strategy, rest: string): void {
  const view = viewOf(strategy);
  const { style } = page;
  const mark = style[outcomeTone(strategy)];
  page.text(outcomeSentence(strategy), { mark: (line) => mark(style.strong(line)) });
  page.text(forecastLine(strategy), { mark: style.strong });
  page.text(strategyTitle(strategy).subtitle, { mark: style.dim });
  lights(page, strategy);
  figures(page, strategy);
  phases(page, view, rest);
  open(page, view, rest);
}

function forecastLine({ plan, forecast, rehearsal }: Strategy): string {
  if (plan.outcome !== 'plan') return 'No action is proposed.';
  const trust =
    rehearsal === undefined ? '' : ` The twin is to be trusted to ${Math.round(rehearsal.confidence * 100)} %.`;
  if (forecast === undefined) return `Success and duration were not forecast.${trust}`;
  return `Success at the first attempt of all that is needed: ${forecast.success.text}; ${durationReading(forecast)}.${trust}`;
}

function lights(page: Page, { lights: all }: Strategy): void {
  if (all.length === 0) return;
  page.blank();
  const column = 4 + Math.max(...all.map(({ name }) => displayWidth(name)));
  for (const { name, colour, word } of all) {
    const mark = page.style[LIGHT_TONES[colour]];
    if (column * 2 > page.width) page.text(`${name}: ${colour}, ${word}`, { indent: 2, mark });
    else page.text(`${colour}: ${word}`, { indent: 2, column, label: name, mark });
  }
}

function figures(page: Page, { rehearsal }: Strategy): void {
  if (rehearsal === undefined) return;
  const { before, unchanged, after } = rehearsal;
  const moments = unchanged === undefined ? [before, after] : [before, unchanged, after];
  const head = ['', 'before', ...(unchanged === undefined ? [] : ['if left alone']), 'after the plan'];
  const rows = figureRows(moments);
  page.blank();
  const widths = head.map((title, i) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - displayWidth(cell))).join('  ');
  if (widths.reduce((sum, width) => sum + width + 2, 0) > page.width) {
    for (const [name = '', ...cells] of rows) page.text(`${name}: ${cells.join(' → ')}`, { indent: 2 });
    return;
  }
  page.columns(line(head), 2, page.style.dim);
  for (const row of rows) page.columns(line(row), 2);
}

function phases(page: Page, { strategy, actions }: StrategyView, rest: string): void {
  for (const { number, name, priority, purpose, window } of strategy.plan.phases) {
    const own = actions.filter(({ phase }) => phase.number === number);
    const dates = strategy.schedule?.phases.find((phase) => phase.number === number);
    page.title(`Phase ${number}: ${name}`);
    const facts = [
      priority,
      counted(own.length, 'action'),
      ...(dates === undefined ? [] : [`about ${spanText(dates.workMs)}`]),
      ...(window === undefined ? [] : [`waits for its window: ${window}`]),
    ];
    page.text(`${facts.join(', ')}.${purpose === '' ? '' : ` ${sentence(purpose)}`}`, { indent: 2 });
    const commands = own.flatMap(({ action }) => commandsOf(action));
    for (const command of commands.slice(0, COMMANDS))
      if (command.startsWith('#')) page.text(command, { indent: 4 });
      else page.command(command.split('\n')[0] ?? '', 4);
    if (commands.length > COMMANDS)
      page.text(`… and ${counted(commands.length - COMMANDS, 'more command')} ${rest}`, {
        indent: 4,
        mark: page.style.dim,
      });
  }
}

/** What somebody runs; of what would be undone in the cluster, where it is changed instead. */
function commandsOf({ steps, delivery, ownership, title }: Action): readonly string[] {
  if (delivery !== 'source') return steps.map(({ command }) => command);
  const { name = 'what reconciles it', source } = ownership ?? {};
  return [shellComment(`${title}: in ${source ?? 'its source'}, since ${name} would undo it in the cluster.`)];
}

function open(page: Page, view: StrategyView, rest: string): void {
  const all = openTexts(view);
  if (all.length === 0) return;
  page.title(`Left open: ${all.length}`);
  for (const text of all.slice(0, OPEN)) page.text(text, { indent: 2, column: 4, label: '·', mark: page.style.warn });
  if (all.length > OPEN) page.text(`… and ${all.length - OPEN} more ${rest}`, { indent: 4, mark: page.style.dim });
}
