/** A strategy as Markdown (GitHub's flavour), for repositories, tickets and wikis. */
import type { Strategy } from '@aia/contract';
import { escaped, fenced, markdownTable } from '../markdown.ts';
import { cellText, runsOf, summaryOf, type Block, type Section } from './section.ts';
import { strategySections, strategyTitle } from './sections.ts';

/** Longer files stand beside the document, not in it. */
const MOST_LINES = 40;

/** Renders the document; ends with a newline. Texts of the cluster stand in it as text, never as markup. */
export function asStrategyMarkdown(strategy: Strategy): string {
  const { title, subtitle } = strategyTitle(strategy);
  const head = [`# ${escaped(title)}`, escaped(subtitle)];
  const sections = strategySections(strategy).flatMap((section) => sectionLines(section, 2));
  return `${[...head, ...sections].join('\n\n')}\n`;
}

function sectionLines({ title, blocks, parts = [] }: Section, level: number): readonly string[] {
  const heading = level <= 6 ? `${'#'.repeat(level)} ${escaped(title)}` : `**${escaped(title)}**`;
  return [
    heading,
    ...runsOf(blocks)
      .flatMap(({ isDetail, blocks: own }) => (isDetail ? folded(own) : own.map(blockText)))
      .filter((text) => text !== ''),
    ...parts.flatMap((part) => sectionLines(part, level + 1)),
  ];
}

/** What GitHub shows when asked for; its summary stands as text. */
function folded(blocks: readonly Block[]): readonly string[] {
  return [`<details><summary>${escaped(summaryOf(blocks))}</summary>`, ...blocks.map(blockText), '</details>'];
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.isStrong === true ? `**${escaped(block.text)}**` : escaped(block.text);
    case 'bullets':
      return titled(block.title, block.items.map((item) => `- ${escaped(item)}`).join('\n'));
    case 'tasks':
      return block.items.map((item) => `- [ ] ${escaped(item)}`).join('\n');
    case 'fields':
      return block.rows.map(([name, text]) => `- **${escaped(name)}**: ${escaped(text)}`).join('\n');
    case 'table':
      return markdownTable(
        block.head,
        block.rows.map((row) => row.map(cellText)),
      );
    case 'code':
      return block.file !== undefined && linesOf(block.code) > MOST_LINES
        ? escaped(`${codeTitle(block)} (${linesOf(block.code)} lines; --out writes it)`)
        : titled(codeTitle(block), fenced(block.code, block.language));
    case 'files':
      return escaped(`${block.title}: ${block.files.map(({ path }) => path).join(', ')}`);
  }
}

function linesOf(code: string): number {
  return code.trimEnd().split('\n').length;
}

function codeTitle({ title = '', file }: Extract<Block, { kind: 'code' }>): string {
  const place = file === undefined ? '' : `file ${file}`;
  return [title, place].filter((text) => text !== '').join(', ');
}

function titled(title: string | undefined, text: string): string {
  return title === undefined || title === '' ? text : `**${escaped(title)}**\n\n${text}`;
}
