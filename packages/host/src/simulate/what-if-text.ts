/** A what-if as text for a terminal. */
import { readableBytes } from '@aia/cluster';
import type { WhatIfReport } from '@aia/contract';
import { Page, PLAIN, type TextOptions } from '@aia/operations';
import { grouped, type Group } from './group-happenings.ts';

/** Lines of what happened that are shown. */
const MOST_LINES = 40;
const DEFAULT_WIDTH = 100;
const MINUTE_MS = 60_000;

/** What changes, what happens and when, before and after, root causes, and what it rests on. */
export function whatIfText(report: WhatIfReport, { width = DEFAULT_WIDTH, style = PLAIN }: TextOptions = {}): string {
  const page = new Page(style, width);
  tellHead(page, report);
  tellChanges(page, report);
  tellHappenings(page, report);
  tellNumbers(page, report);
  tellWorkloads(page, report);
  tellCauses(page, report);
  tellAssumptions(page, report);
  return page.toString();
}

function tellHead(page: Page, { cluster, startedAt, forMs, seed }: WhatIfReport): void {
  page.title(`What if: ${cluster.name}`);
  page.text(
    `A twin of the cluster as of ${new Date(startedAt).toISOString()}, ${durationText(forMs)} later (seed ${seed}). Nothing was changed anywhere else.`,
  );
}

function tellChanges(page: Page, { changes }: WhatIfReport): void {
  page.title('Changes');
  for (const { text, message, outcome } of changes) {
    const isDone = outcome === 'done';
    page.text(isDone ? message : `${text}: the cluster refuses it: ${message}`, {
      indent: 2,
      column: 4,
      label: isDone ? '+' : '!',
      ...(isDone ? {} : { mark: page.style.bad }),
    });
  }
}

function tellHappenings(page: Page, { happenings, anyway, startedAt }: WhatIfReport): void {
  page.title('What happens because of them');
  const groups = grouped(happenings);
  for (const group of groups.slice(0, MOST_LINES))
    page.text(groupText(group), { indent: 2, column: 14, label: `+${durationText(group.at - startedAt)}` });
  if (groups.length > MOST_LINES) page.text(`and ${groups.length - MOST_LINES} more`, { indent: 14 });
  if (groups.length === 0) page.text('nothing', { indent: 2 });
  if (anyway > 0)
    page.text(`${anyway} other things happen as they would have anyway.`, { indent: 2, mark: page.style.dim });
}

function groupText({ about, type, message, count, lastAt, at, entity }: Group): string {
  const span = lastAt - at >= 1000 ? `, the last after another ${durationText(lastAt - at)}` : '';
  if (type === 'event') return `${about}: ${message}${count > 1 ? ` (${count} of them${span})` : ''}`;
  if (type !== 'pod' || about === entity) return `${entity} ${message}`;
  if (count > 1 && lastAt - at > MINUTE_MS) return `${about}: a pod ${message}, ${count} times${span}`;
  return `${about}: ${count === 1 ? 'a pod' : `${count} pods`} ${count === 1 ? message : plural(message)}${span}`;
}

/** `is made` of several. */
function plural(message: string): string {
  return message.replace(/^is /, 'are ').replace(/^(fail|wait)s:/, '$1:');
}

interface Row {
  readonly name: string;
  readonly cells: readonly [before: string, after: string, unchanged: string];
  /** Not shown where nothing changes. */
  readonly isMinor?: boolean;
}

function tellNumbers(page: Page, report: WhatIfReport): void {
  const states = [report.before, report.after, report.unchanged] as const;
  const row = (name: string, of: (state: WhatIfReport['before']) => string, isMinor = false): Row => ({
    name,
    cells: [of(states[0]), of(states[1]), of(states[2])],
    isMinor,
  });
  const share = ({ requested, allocatable }: WhatIfReport['before']['cpuMillis'], text: (n: number) => string) =>
    `${text(requested)} of ${text(allocatable)}`;
  const rows = [
    row('pods ready', ({ pods }) => String(pods.ready)),
    row('pods on no node', ({ pods }) => String(pods.unscheduled)),
    row('pods failing', ({ pods }) => String(pods.failing)),
    row('pods starting', ({ pods }) => String(pods.starting), true),
    row('pods ending', ({ pods }) => String(pods.ending), true),
    row('pods completed', ({ pods }) => String(pods.completed), true),
    row('nodes ready', ({ nodes }) => `${nodes.ready} of ${nodes.total}`),
    row('CPU requested', ({ cpuMillis }) => share(cpuMillis, (n) => (n / 1000).toFixed(1)), true),
    row('memory requested', ({ memoryBytes }) => share(memoryBytes, readableBytes), true),
    row(
      'load balancers pending',
      ({ loadBalancers: { pending, withAddress } }) => `${pending} of ${pending + withAddress}`,
      true,
    ),
    ...quotaNames(report).map(([metric, region]) =>
      row(`quota ${region === 'global' ? 'global/' : ''}${metric}`, quotaText(metric, region), true),
    ),
    ...(report.before.cost === undefined ? [] : [row('estimated cost', ({ cost }) => costText(cost))]),
  ];
  page.title('Before and after');
  table(
    page,
    rows.filter(({ cells, isMinor }) => isMinor !== true || new Set(cells).size > 1),
  );
  tellUnpriced(page, report);
}

type Cost = WhatIfReport['before']['cost'];

function costText(cost: Cost): string {
  return cost === undefined ? '' : `${Math.round(cost.monthly).toLocaleString('en-US')} ${cost.currency}/month`;
}

/** What no figure may be read without. */
function tellUnpriced(page: Page, { after: { cost } }: WhatIfReport): void {
  if (cost === undefined) return;
  const left = cost.unpriced.map(({ about }) => about).filter((about) => about !== 'traffic');
  const also = left.length === 0 ? '' : `; without a price here: ${left.join(', ')}`;
  page.text(`List prices as of ${cost.asOf}; discounts, credits and traffic are not included${also}.`, {
    ...{ indent: 2, mark: page.style.dim },
  });
}

function quotaNames({ before }: WhatIfReport): readonly (readonly [string, string])[] {
  return (before.quotas ?? []).map(({ metric, region }) => [metric, region]);
}

function quotaText(metric: string, region: string) {
  return ({ quotas = [] }: WhatIfReport['before']): string => {
    const quota = quotas.find((one) => one.metric === metric && one.region === region);
    return quota === undefined ? '' : `${rounded(quota.usage)} of ${rounded(quota.limit)}`;
  };
}

function rounded(amount: number): string {
  return String(Math.round(amount * 10) / 10);
}

const HEADINGS = ['before', 'after', 'unchanged'] as const;

/** What would have come without the changes stands there only where it is not as before. */
function table(page: Page, rows: readonly Row[]): void {
  const told = rows.map(({ cells: [before, after, unchanged] }) => [
    before,
    after,
    unchanged === before ? '' : unchanged,
  ]);
  const headings = told.some(([, , unchanged]) => unchanged !== '') ? HEADINGS : HEADINGS.slice(0, 2);
  const name = Math.max(...rows.map((row) => row.name.length)) + 2;
  const widths = headings.map(
    (heading, i) => Math.max(heading.length, ...told.map((cells) => (cells[i] ?? '').length)) + 2,
  );
  const line = (cells: readonly string[]) => widths.map((width, i) => (cells[i] ?? '').padStart(width)).join('');
  page.columns(' '.repeat(name) + line(headings), 2, page.style.dim);
  rows.forEach(({ name: title, cells }, i) =>
    page.columns(
      title.padEnd(name) + line(told[i] ?? []),
      2,
      cells[1] === cells[2] ? (text) => text : page.style.strong,
    ),
  );
}

function tellWorkloads(page: Page, { workloads }: WhatIfReport): void {
  if (workloads.length === 0) return;
  page.title('Workloads that fare otherwise (ready of wanted)');
  for (const { entity, before, after, unchanged } of workloads) {
    const then = after === '' ? 'gone' : after;
    const without = unchanged === before ? '' : `, ${unchanged} without the changes`;
    page.text(`${entity}: ${before === '' ? 'new' : before} → ${then}${without}`, { indent: 2, column: 4 });
  }
}

function tellCauses(page: Page, { causes }: WhatIfReport): void {
  page.title('Root causes');
  const { style } = page;
  for (const { title } of causes.gone) page.text(title, { indent: 2, column: 8, label: 'gone', labelMark: style.good });
  for (const { title } of causes.new) page.text(title, { indent: 2, column: 8, label: 'new', labelMark: style.bad });
  for (const { title } of causes.left) page.text(title, { indent: 2, column: 8, label: 'left' });
  if (causes.gone.length + causes.new.length + causes.left.length === 0) page.text('none', { indent: 2 });
}

function tellAssumptions(page: Page, { assumptions, confidence }: WhatIfReport): void {
  page.title(`What it rests on (confidence ${Math.round(confidence * 100)} %)`);
  for (const { about, message, effect } of assumptions)
    page.text(`${about}: ${message}; ${effect}`, { indent: 2, column: 4 });
  if (assumptions.length === 0) page.text('nothing had to be assumed', { indent: 2 });
}

/** `2h05m`, `4m07s`, `12s`. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  if (hours > 0) return minutes === 0 ? `${hours}h` : `${hours}h${two(minutes)}m`;
  if (minutes > 0) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${two(seconds % 60)}s`;
  return `${seconds}s`;
}
