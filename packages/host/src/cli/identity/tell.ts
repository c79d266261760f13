/** What a command says. */
import { singleLine } from '../exit.ts';

/** JSON, or lines of text in which nothing steers a terminal. */
export function told(format: 'text' | 'json', value: unknown, lines: () => readonly string[]): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  return lines()
    .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${singleLine(line)}\n`)
    .join('');
}
