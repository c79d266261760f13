/**
 * Lines of a report for a terminal: cleaned, wrapped by the columns they take, marked last. Every text passes `clean`, so nothing
 * that a cluster wrote can steer the terminal.
 */

/** How words are marked; every function returns its text, possibly wrapped in escape codes. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly good: (text: string) => string;
}

/** Marks one line of a wrapped text. */
export type Mark = (line: string) => string;

const same: Mark = (line) => line;

/** No marks at all, for files and pipes. */
export const PLAIN: Style = Object.freeze({ strong: same, dim: same, bad: same, warn: same, good: same });

/** Where a text stands. Columns count from 0; a label stands at `indent`, the text at `column`. */
export interface Place {
  readonly indent?: number;
  readonly column?: number;
  readonly label?: string;
  readonly mark?: Mark;
  /** Default: dim. */
  readonly labelMark?: Mark;
}

/** Collects lines of at most `width` columns. */
export class Page {
  readonly style: Style;
  readonly width: number;
  readonly #lines: string[] = [];

  constructor(style: Style, width: number) {
    this.style = style;
    this.width = width;
  }

  blank(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  title(text: string): void {
    this.blank();
    this.text(text, { mark: this.style.strong });
  }

  /** Wrapped text, hanging at its column. */
  text(
    text: string,
    { indent = 0, label = '', column = indent, mark = same, labelMark = this.style.dim }: Place = {},
  ): void {
    const lead = ' '.repeat(indent) + (label === '' ? '' : labelMark(clean(label)));
    const gap = ' '.repeat(Math.max(0, column - indent - displayWidth(clean(label))));
    wrap(text, this.width - column).forEach((line, i) => {
      const start = i === 0 ? lead + gap : ' '.repeat(column);
      this.#lines.push((start + mark(line)).trimEnd());
    });
  }

  /** A line whose columns were laid out already; it is cut rather than wrapped. */
  columns(line: string, indent: number, mark: Mark = same): void {
    this.#lines.push(mark(fittingStart(`${' '.repeat(indent)}${harmless(line)}`, this.width).trimEnd()));
  }

  /** A shell command that can be pasted although it is wrapped: lines end with a backslash, and a cut word goes on at column 0. */
  command(command: string, indent: number): void {
    let line = ' '.repeat(indent);
    const flush = (end: string) => {
      this.#lines.push(this.style.strong(line + end));
      line = ' '.repeat(indent);
    };
    for (const word of clean(command).split(/ +/)) {
      const gap = line.trim() === '' ? '' : ' ';
      if (gap !== '' && displayWidth(line) + 1 + displayWidth(word) > this.width - 2) flush(' \\');
      let rest = (line.trim() === '' ? '' : ' ') + word;
      while (displayWidth(line) + displayWidth(rest) > this.width - 2) {
        const part = fittingStart(rest, this.width - 2 - displayWidth(line));
        line += part;
        rest = rest.slice(part.length);
        flush('\\');
        line = '';
      }
      line += rest;
    }
    this.#lines.push(this.style.strong(line));
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** Control, format and separator characters, broken halves of characters and what is none become one space. */
export function clean(text: string): string {
  return harmless(text).trim();
}

function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{NChar}]+/gu, ' ');
}

/**
 * Text of others, cleaned, at most `longest` characters. The middle is left out rather than the end: an error says where at its
 * beginning and what at its end.
 */
export function clipped(text: string, longest: number): string {
  const characters = [...clean(text)];
  if (characters.length <= longest) return characters.join('');
  const head = Math.floor((longest - 3) / 3);
  const start = characters.slice(0, head).join('');
  const end = characters.slice(-(longest - 3 - head)).join('');
  return `${start.replace(/(?<=.{8}) \S{0,40}$/u, '')} … ${end.replace(/^\S{0,40} (?=.{8})/u, '')}`;
}

/** Columns that a terminal gives a text: two for wide characters (Unicode Standard Annex 11) and emoji, none for marks. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  // The variation selector widens the narrow symbol before it into an emoji.
  if (character === '\ufe0f') return 1;
  if (MARKS.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

const MARKS = /^[\p{Mn}\p{Me}]$/u;
const WIDE =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u2e80-\u303e\u3041-\u33ff\ua000-\ua4cf\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]$/u;

/** Lines of at most `width` columns; words longer than a line are cut, and a number keeps its `%`. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of clean(text)
    .split(/ +(?!%| )/)
    .flatMap((one) => pieces(one, width))) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word in pieces that fit, cut behind a `/`, `.`, `,`, `:` or `-` where one stands in the second half of the line. */
function pieces(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word];
  const found: string[] = [];
  let piece = '';
  let used = 0;
  let joint = 0;
  for (const character of word) {
    if (piece !== '' && used + columnsOf(character) > width) {
      const cut = joint * 2 >= width ? joint : piece.length;
      found.push(piece.slice(0, cut));
      piece = piece.slice(cut);
      used = displayWidth(piece);
      joint = 0;
    }
    piece += character;
    used += columnsOf(character);
    if ('/.,:-'.includes(character)) joint = piece.length;
  }
  return [...found, piece];
}

/** At least one character, so that cutting always comes to an end. */
function fittingStart(text: string, width: number): string {
  let start = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (start !== '' && used > width) break;
    start += character;
  }
  return start;
}
