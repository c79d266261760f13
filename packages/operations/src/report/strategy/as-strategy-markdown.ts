/** A strategy as Markdown (GitHub's flavour), for repositories, tickets and wikis. */
import type { Strategy } from '@aia/contract';
import { escaped, fenced, markdownTable } from '../markdown.ts';
import { cellText, type Block, type Section } from './section.ts';
import { strategySections, strategyTitle } from './sections.ts';

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
    ...blocks.map(blockText).filter((text) => text !== ''),
    ...parts.flatMap((part) => sectionLines(part, level + 1)),
  ];
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
      return titled(codeTitle(block), fenced(block.code, block.language));
  }
}

function codeTitle({ title = '', file }: Extract<Block, { kind: 'code' }>): string {
  const place = file === undefined ? '' : `file ${file}`;
  return [title, place].filter((text) => text !== '').join(', ');
}

function titled(title: string | undefined, text: string): string {
  return title === undefined || title === '' ? text : `**${escaped(title)}**\n\n${text}`;
}
