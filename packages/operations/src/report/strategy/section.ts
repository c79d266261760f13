/** What a strategy document is made of, whatever it is written as: sections with blocks. Texts are plain; writers escape them. */

import { clipped } from '../layout.ts';

/** How something is to be read at a glance. */
export type Tone = 'good' | 'warn' | 'bad' | 'dim';

/** A cell of a table. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

/** A file beside the document. */
export interface StrategyFile {
  /** Relative, with `/`; nothing in it leads out of its folder. */
  readonly path: string;
  readonly content: string;
}

/** Where a block is shown. */
interface Shown {
  /** For those who work with the document, not for a terminal: evidence, files, ledgers. Default false. */
  readonly isDetail?: boolean;
  /** What it is folded under; by default the titles of what is folded. */
  readonly fold?: string;
}

/** One block. */
export type Block = Shown &
  (
    | { readonly kind: 'paragraph'; readonly text: string; readonly tone?: Tone; readonly isStrong?: boolean }
    | { readonly kind: 'bullets'; readonly title?: string; readonly items: readonly string[] }
    | { readonly kind: 'tasks'; readonly items: readonly string[] }
    /** Names and what is said of them. */
    | { readonly kind: 'fields'; readonly rows: readonly (readonly [name: string, text: string])[] }
    | {
        readonly kind: 'table';
        readonly head: readonly string[];
        readonly rows: readonly (readonly (string | Cell)[])[];
      }
    | {
        readonly kind: 'code';
        readonly title?: string;
        /** `sh`, `yaml`, `json`. */
        readonly language: string;
        readonly code: string;
        /** Path under which `--out` writes it; absent for what is to be read only. */
        readonly file?: string;
      }
    /** Files that `--out` writes and that nobody needs to see to understand the document. */
    | { readonly kind: 'files'; readonly title: string; readonly files: readonly StrategyFile[] }
  );

/** One section; parts are sections below it. */
export interface Section {
  /** Stable, as in `executive-summary`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly parts?: readonly Section[];
}

/** A paragraph. */
export function paragraph(text: string, tone?: Tone): Block {
  return { kind: 'paragraph', text, ...(tone && { tone }) };
}

/** The sentence that a section is about. */
export function strong(text: string, tone?: Tone): Block {
  return { kind: 'paragraph', text, isStrong: true, ...(tone && { tone }) };
}

/** Bullets, none for an empty list. */
export function bullets(title: string, items: readonly string[]): readonly Block[] {
  return items.length === 0 ? [] : [{ kind: 'bullets', ...(title !== '' && { title }), items }];
}

/** A table, or the sentence that says why there is none. */
export function tableOr(
  otherwise: string,
  head: readonly string[],
  rows: readonly (readonly (string | Cell)[])[],
): Block {
  return rows.length === 0 ? paragraph(otherwise) : { kind: 'table', head, rows };
}

/** Names and texts; empty texts are left out. */
export function fields(...rows: readonly (readonly [name: string, text: string])[]): Block {
  return { kind: 'fields', rows: rows.filter(([, text]) => text !== '') };
}

/** The same, for those who work with the document alone. */
export function detail<B extends Block>(block: B): B {
  return { ...block, isDetail: true };
}

/** Text of a cell. */
export function cellText(cell: string | Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** Blocks in runs: those for everybody, and details that fold together. */
export function runsOf(blocks: readonly Block[]): readonly { readonly isDetail: boolean; readonly blocks: Block[] }[] {
  const runs: { isDetail: boolean; blocks: Block[] }[] = [];
  for (const block of blocks) {
    const isDetail = block.isDetail === true;
    const last = runs.at(-1);
    if (last?.isDetail === isDetail) last.blocks.push(block);
    else runs.push({ isDetail, blocks: [block] });
  }
  return runs;
}

/** What is folded, by the titles of its blocks. */
export function summaryOf(blocks: readonly Block[]): string {
  const [first] = blocks;
  if (first?.fold !== undefined) return first.fold;
  const titles = blocks.flatMap((block) => {
    if (block.kind === 'bullets' || block.kind === 'files') return block.title ?? [];
    if (block.kind === 'code') return block.file ?? block.title ?? [];
    if (block.kind === 'fields') return block.rows.map(([name]) => name);
    return [];
  });
  return titles.length === 0 ? 'More' : clipped(titles.join(' · '), 160);
}

/** So many rows that say the same say it once. */
const LEAST_ALIKE = 3;

/** A section whose tables say once what all rows of a column say; columns that say nothing are gone. The first column stays. */
export function withLeanTables(section: Section): Section {
  return {
    ...section,
    blocks: section.blocks.flatMap((block) => (block.kind === 'table' ? leanTable(block) : [block])),
    ...(section.parts && { parts: section.parts.map(withLeanTables) }),
  };
}

function leanTable(table: Extract<Block, { kind: 'table' }>): readonly Block[] {
  const { head, rows } = table;
  const texts = head.map((_, i) => new Set(rows.map((row) => cellText(row[i] ?? ''))));
  const isAlike = (i: number) => i > 0 && rows.length >= LEAST_ALIKE && texts[i]?.size === 1;
  if (!head.some((_, i) => isAlike(i))) return [table];
  const said = head.flatMap((title, i) => {
    const [text = ''] = texts[i] ?? [];
    return !isAlike(i) || text === '' || text === '–' ? [] : [`${title}: ${text}`];
  });
  const kept = <T>(cells: readonly T[]) => cells.filter((_, i) => !isAlike(i));
  const lean: Block = { ...table, head: kept(head), rows: rows.map(kept) };
  const { isDetail, fold } = table;
  const once = {
    ...paragraph(`Alike in all. ${said.map(sentenceOf).join(' ')}`),
    ...(isDetail && { isDetail }),
    ...(fold !== undefined && { fold }),
  };
  if (lean.head.length === 1) {
    const list: Block = {
      kind: 'bullets',
      items: rows.map((row) => cellText(row[0] ?? '')),
      ...(isDetail && { isDetail }),
    };
    return [...(said.length === 0 ? [] : [once]), list];
  }
  return said.length === 0 ? [lean] : [once, lean];
}

function sentenceOf(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
