/** What a command says. */
import type { Attempt, FoundDocument } from '@aia/identity';
import { singleLine } from '../exit.ts';

/** JSON, or lines of text in which nothing steers a terminal. */
export function told(format: 'text' | 'json', value: unknown, lines: () => readonly string[]): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  return lines()
    .map((line) => `${/^ */.exec(line)?.[0] ?? ''}${singleLine(line)}\n`)
    .join('');
}

/** Who gave a document, and how old the answer is. */
export function answeredText({ rung, ageMs, isStale }: FoundDocument): string {
  if (rung === 'self') return 'self: the DID is its key';
  const age = ageMs === undefined ? 'never confirmed by its origin' : `confirmed ${Math.round(ageMs / 1000)} s ago`;
  return `${rung}, ${age}${isStale ? ', which is stale' : ''}`;
}

/** Who was asked, and what came of it. */
export function askedText({ rung, outcome, reason, cause }: Attempt): string {
  return `${rung} ${reason ?? outcome}${cause === undefined ? '' : `: ${cause}`}`;
}
