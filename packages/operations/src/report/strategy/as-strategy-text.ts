/** A strategy for a terminal: what matters on the first screen, then the sections, without what only files are for. */
import type { Strategy } from '@aia/contract';
import type { TextOptions } from '../as-text.ts';
import { displayWidth, Page, PLAIN, type Mark, type Style } from '../layout.ts';
import { firstScreen } from './first-screen.ts';
import { cellText, type Block, type Cell, type Section, type Tone } from './section.ts';
import { strategySections } from './sections.ts';

/** The last column of a table needs so many columns of the terminal; unless all of it is shorter; with less room each row becomes a few lines. */
const LAST_COLUMN = 30;
/** Longer cells make no column. */
const WIDEST_CELL = 34;
/** But where there are two columns only. */
const WIDEST_OF_TWO = 48;
/** Sections that the first screen has told. */
const TOLD: ReadonlySet<string> = new Set(['executive-summary', 'dashboard']);

/** Renders what matters at once, for those who have the document in files; ends with a newline. */
export function asFirstScreen(strategy: Strategy, options: TextOptions = {}): string {
  const page = new Page(options.style ?? PLAIN, Math.max(40, options.width ?? 100));
  firstScreen(page, strategy, 'in the files');
  return page.toString();
}

/** Renders the document; ends with a newline. No line is wider than asked for. */
export function asStrategyText(strategy: Strategy, options: TextOptions = {}): string {
  const page = new Page(options.style ?? PLAIN, Math.max(40, options.width ?? 100));
  firstScreen(page, strategy, 'below');
  for (const section of strategySections(strategy)) if (!TOLD.has(section.id)) writeSection(page, section, 0);
  page.blank();
  page.text(
    'Evidence, files and test scripts stand in Markdown and HTML (--format md,html); --out DIR writes the files that commands name.',
    {
      mark: page.style.dim,
    },
  );
  return page.toString();
}

function writeSection(page: Page, { title, blocks, parts = [] }: Section, depth: number): void {
  if (depth === 0) page.title(title.toUpperCase());
  else page.title(title);
  for (const block of blocks) if (block.isDetail !== true) writeBlock(page, block);
  for (const part of parts) writeSection(page, part, depth + 1);
}

function writeBlock(page: Page, block: Block): void {
  switch (block.kind) {
    case 'paragraph':
      return page.text(block.text, { indent: 2, mark: toneMark(page.style, block.tone) });
    case 'bullets':
      if (block.title !== undefined) page.text(block.title, { indent: 2, mark: page.style.strong });
      return block.items.forEach((item) => page.text(item, { indent: 2, column: 4, label: '·' }));
    case 'tasks':
      return block.items.forEach((item) => page.text(item, { indent: 2, column: 6, label: '[ ]' }));
    case 'fields': {
      const column = 4 + Math.min(22, Math.max(0, ...block.rows.map(([name]) => displayWidth(name))));
      return block.rows.forEach(([name, text]) =>
        displayWidth(name) + 4 > column
          ? page.text(`${name}: ${text}`, { indent: 2 })
          : page.text(text, { indent: 2, column, label: name }),
      );
    }
    case 'table':
      return writeTable(page, block.head, block.rows);
    case 'files':
      return page.text(`${block.title}: ${block.files.map(({ path }) => path).join(', ')}`, { indent: 2 });
    case 'code':
      if (block.title !== undefined && block.title !== '')
        page.text(block.title, { indent: 2, mark: page.style.strong });
      return writeCode(page, block.code, block.language);
  }
}

/** Shell commands can be pasted; other code is cut at the edge. */
function writeCode(page: Page, code: string, language: string): void {
  for (const line of code.replace(/\n+$/, '').split('\n'))
    if (language === 'sh' && !line.startsWith('#')) page.command(line, 4);
    else if (language === 'sh') page.text(line, { indent: 4 });
    else page.columns(line, 4);
}

function toneMark({ good, warn, bad, dim }: Style, tone: Tone | undefined): Mark {
  return tone === undefined ? (line) => line : { good, warn, bad, dim }[tone];
}

type Rows = Extract<Block, { kind: 'table' }>['rows'];

function writeTable(page: Page, head: readonly string[], rows: Rows): void {
  const widths = head
    .slice(0, -1)
    .map((title, i) => Math.max(displayWidth(title), ...rows.map((row) => displayWidth(cellText(row[i] ?? '')))));
  const lastAt = widths.reduce((sum, width) => sum + width + 2, 2);
  const longest = Math.max(...[head, ...rows].map((row) => displayWidth(cellText(row.at(-1) ?? ''))));
  const widest = head.length === 2 ? WIDEST_OF_TWO : WIDEST_CELL;
  if (widths.some((width) => width > widest) || page.width - lastAt < Math.min(LAST_COLUMN, longest))
    return writeRows(page, head, rows);
  const line = (cells: readonly string[]) =>
    widths
      .map((width, i) => (cells[i] ?? '') + ' '.repeat(Math.max(0, width - displayWidth(cells[i] ?? ''))))
      .join('  ');
  page.text(head.at(-1) ?? '', { indent: 2, column: lastAt, label: line(head), mark: page.style.dim });
  for (const row of rows) {
    const cells = row.map(cellText);
    const tone = row.find((cell): cell is Cell => typeof cell !== 'string')?.tone;
    page.text(cells.at(-1) ?? '', {
      indent: 2,
      column: lastAt,
      label: line(cells),
      labelMark: toneMark(page.style, tone),
    });
  }
}

/** Each row as its first cell, the others below by their titles. */
function writeRows(page: Page, head: readonly string[], rows: Rows): void {
  for (const row of rows) {
    const [first = '', ...others] = row;
    page.text(cellText(first), { indent: 2, column: 4, label: '·', mark: page.style.strong });
    const told = others.flatMap((cell, i) => {
      const text = cellText(cell);
      return text === '' || text === '–' ? [] : [`${lowered(head[i + 1] ?? '')}: ${text.replace(/\.$/, '')}`];
    });
    if (told.length > 0) page.text(told.join('; '), { indent: 4 });
  }
}

/** `Behind it` as `behind it`; names such as `KPI` stay. */
function lowered(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
