/** What the place that text goes to can show. */
import { styleText } from 'node:util';
import type { Style } from '@aia/operations';

/** Where text goes, and what the environment asks for. */
export interface Terminal {
  /** Whether a terminal shows it. */
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Standard output, or a file. */
export function terminal(toFile: boolean): Terminal {
  const { isTTY, columns } = process.stdout;
  return { isTTY: isTTY && !toFile, columns, env: process.env };
}

/** Whether to colour: what the caller says, else FORCE_COLOR, else NO_COLOR, else whether a terminal shows it. */
export function wantsColour(when: 'auto' | 'always' | 'never', { isTTY, env }: Terminal): boolean {
  if (when !== 'auto') return when === 'always';
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

const WIDEST = 140;

/** Columns of the text: those of the terminal up to 140, else COLUMNS where it is a number, else 100. */
export function widthOf({ isTTY, columns, env }: Terminal): number {
  if (isTTY && columns) return Math.min(WIDEST, columns);
  const asked = Number(env['COLUMNS']);
  return Number.isInteger(asked) && asked > 0 ? Math.min(WIDEST, asked) : 100;
}

/** Marks as escape codes. */
export function colours(): Style {
  const mark = (name: Parameters<typeof styleText>[0]) => (text: string) =>
    text === '' ? text : styleText(name, text, { validateStream: false });
  return { strong: mark('bold'), dim: mark('dim'), bad: mark('red'), warn: mark('yellow'), good: mark('green') };
}
