/** Markdown (GitHub's flavour) in which texts of others stand as text, never as markup. */
import { clean } from './layout.ts';

/**
 * Text as text: on one line, without markup, tags, entities, links, images, mathematics, mentions or references to issues of its
 * own (GitHub Flavored Markdown, sections 2.4 and 6). Underscores inside a word mark nothing and stay readable.
 */
export function escaped(text: string): string {
  return (
    clean(text)
      .replace(/[\\`*[\]<>|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)/gu, '\\$&')
      // Before the entities below, whose `#` is no reference to an issue.
      .replace(/(?<=@|#|GH-)(?=\w)/g, '<!-- -->')
      .replace(/:(?=\/\/)/g, '&#58;')
      .replace(/(?<=\bwww)\./gi, '&#46;')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      .replace(/^[-+=#]/, '\\$&')
  );
}

/** A table; the head is ours, the cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(escaped)))].join('\n');
}

/** A fenced block that its content cannot end: the fence is longer than any run of backticks in it (section 4.5). */
export function fenced(code: string, language: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${code.replace(/\r\n?/g, '\n').replace(/\n+$/, '')}\n${fence}`;
}
