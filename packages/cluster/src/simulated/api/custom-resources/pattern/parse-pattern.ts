/** Reads regular expressions of Go. Source: https://pkg.go.dev/regexp/syntax, whose words the refusals have. */
import { entryOf } from '../../../../model/unknown-json.ts';
import { letterClass, namedClass, PERL_CLASSES, propertyClass } from './letter-class.ts';

/** What a pattern is made of. */
export type PatternNode =
  | { readonly is: 'letter'; readonly fits: (letter: number) => boolean }
  | { readonly is: 'place'; readonly holds: (letters: readonly number[], at: number) => boolean }
  | { readonly is: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly is: 'choice'; readonly parts: readonly PatternNode[] }
  /** `most` is `undefined` for any number. */
  | { readonly is: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number | undefined };

/** Thrown for what is no pattern. */
export class PatternError extends Error {
  constructor(why: string, where: string) {
    super(`error parsing regexp: ${why}: \`${where}\``);
  }
}

/** Of nested repetitions together, as Go bounds them. */
const MOST_REPEATS = 1000;
const MOST_LEVELS = 1000;

/** @throws PatternError */
export function parsePattern(source: string): PatternNode {
  const reader = new PatternReader(source);
  const node = reader.choice({ i: false, m: false, s: false }, 0);
  if (!reader.isAtEnd) throw new PatternError('unexpected )', source);
  return node;
}

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

const letter = (body: string, { i }: Flags): PatternNode => ({ is: 'letter', fits: letterClass(body, i) });
const place = (holds: (letters: readonly number[], at: number) => boolean): PatternNode => ({ is: 'place', holds });
/** A letter as a class has it. */
const literal = (text: string) => `\\u{${(text.codePointAt(0) ?? 0).toString(16)}}`;

const NEWLINE = 10;
const BEGINNING = place((_, at) => at === 0);
const ENDING = place((letters, at) => at === letters.length);
const LINE_START = place((letters, at) => at === 0 || letters[at - 1] === NEWLINE);
const LINE_END = place((letters, at) => at === letters.length || letters[at] === NEWLINE);
const isWord = letterClass(PERL_CLASSES['w'] as string, false);
const isEdge = (letters: readonly number[], at: number) =>
  isWord(letters[at - 1] ?? NEWLINE) !== isWord(letters[at] ?? NEWLINE);
const PLACES: Readonly<Record<string, PatternNode>> = {
  A: BEGINNING,
  z: ENDING,
  b: place(isEdge),
  B: place((letters, at) => !isEdge(letters, at)),
};
const CONTROLS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', t: '\t', n: '\n', r: '\r', v: '\v' };

class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Up to the end or a closing parenthesis. */
  choice(outer: Flags, depth: number): PatternNode {
    if (depth > MOST_LEVELS) throw new PatternError('expression nests too deeply', this.#source);
    let flags = outer;
    const choices: PatternNode[][] = [[]];
    while (!this.isAtEnd && !this.#source.startsWith(')', this.#at)) {
      const parts = choices.at(-1) as PatternNode[];
      if (this.#takes('|')) choices.push([]);
      else if (this.#takes('(')) {
        const inner = this.#groupFlags(flags);
        if (inner.isSet) flags = inner.flags;
        else {
          parts.push(this.choice(inner.flags, depth + 1));
          if (!this.#takes(')')) throw new PatternError('missing closing )', this.#source);
        }
      } else if (!this.#repeat(parts)) parts.push(...this.#atom(flags));
    }
    const [only, ...others] = choices.map((parts): PatternNode => ({ is: 'sequence', parts }));
    return others.length === 0 ? (only as PatternNode) : { is: 'choice', parts: [only as PatternNode, ...others] };
  }

  /** What stands behind a parenthesis; `isSet` where it is no group but says how to read on. */
  #groupFlags(flags: Flags): { readonly flags: Flags; readonly isSet: boolean } {
    if (!this.#source.startsWith('?', this.#at)) return { flags, isSet: false };
    if (this.#match(/\?P?<\w+>/y) !== undefined) return { flags, isSet: false };
    const [text, on = '', off, end] = this.#match(/\?([imsU]*)(?:-([imsU]+))?([:)])/y) ?? [];
    if (text === undefined)
      throw new PatternError('invalid or unsupported Perl syntax', `(${this.#source.slice(this.#at, this.#at + 2)}`);
    const given = (name: keyof Flags) => (off?.includes(name) === true ? false : on.includes(name) || flags[name]);
    return { flags: { i: given('i'), m: given('m'), s: given('s') }, isSet: end === ')' };
  }

  /** Repeats the last of the parts, where a sign says so. */
  #repeat(parts: PatternNode[]): boolean {
    const [text, sign, low, comma, high] = this.#match(/(?:([*+?])|\{(\d{1,9})(,)?(\d{1,9})?\})\??/y) ?? [];
    if (text === undefined) return false;
    const least = sign === undefined ? Number(low) : sign === '+' ? 1 : 0;
    const bound = high === undefined ? (comma === undefined ? least : undefined) : Number(high);
    const most = sign === undefined ? bound : sign === '?' ? 1 : undefined;
    const part = parts.pop();
    if (part === undefined) throw new PatternError('missing argument to repetition operator', text);
    const node: PatternNode = { is: 'repeat', part, least, most };
    if (least > (most ?? least) || repeats(node) > MOST_REPEATS) throw new PatternError('invalid repeat count', text);
    const nested = this.#match(/(?:[*+?]|\{\d+,?\d*\})\??/y)?.[0];
    if (nested !== undefined) throw new PatternError('invalid nested repetition operator', `${text}${nested}`);
    parts.push(node);
    return true;
  }

  #atom(flags: Flags): readonly PatternNode[] {
    if (this.#takes('^')) return [flags.m ? LINE_START : BEGINNING];
    if (this.#takes('$')) return [flags.m ? LINE_END : ENDING];
    if (this.#takes('.')) return [letter(flags.s ? '\\u{0}-\\u{10ffff}' : '^\\n', flags)];
    if (this.#takes('[')) return [letter(this.#class(), flags)];
    const quoted = this.#match(/\\Q([\s\S]*?)(?:\\E|$)/y)?.[1];
    if (quoted !== undefined) return Array.from(quoted, (one) => letter(literal(one), flags));
    const edge = this.#match(/\\([AzbB])/y)?.[1];
    if (edge !== undefined) return [PLACES[edge] as PatternNode];
    return [letter(this.#source.startsWith('\\', this.#at) ? this.#escape() : literal(this.#letter()), flags)];
  }

  /** The inner of `[…]`. */
  #class(): string {
    const start = this.#at - 1;
    const isNot = this.#takes('^');
    const items: string[] = [];
    while (items.length === 0 || !this.#source.startsWith(']', this.#at)) {
      if (this.isAtEnd) throw new PatternError('missing closing ]', this.#source.slice(start));
      items.push(this.#classItem());
    }
    this.#at++;
    return `${isNot ? '^' : ''}${items.join('')}`;
  }

  #classItem(): string {
    const from = this.#at;
    const [named, not = '', name = ''] = this.#match(/\[:(\^?)(\w+):\]/y) ?? [];
    if (named !== undefined) {
      const body = namedClass(name);
      if (body === undefined) throw new PatternError('invalid character class range', named);
      return `[${not}${body}]`;
    }
    const low = this.#classLetter();
    const isRange = low.startsWith('\\u') && /^-[^\]]/.test(this.#source.slice(this.#at, this.#at + 2));
    if (!isRange) return low;
    this.#at++;
    const high = this.#classLetter();
    if (!high.startsWith('\\u') || codeOf(low) > codeOf(high))
      throw new PatternError('invalid character class range', this.#source.slice(from, this.#at));
    return `${low}-${high}`;
  }

  #classLetter(): string {
    return this.#source.startsWith('\\', this.#at) ? this.#escape() : literal(this.#letter());
  }

  /** Behind a backslash: one letter as {@link literal} writes it, or a class of them. */
  #escape(): string {
    const from = this.#at++;
    if (this.isAtEnd) throw new PatternError('trailing backslash at end of expression', '');
    const property = this.#match(/([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/y);
    if (property !== undefined) {
      const [text = '', sign, not = '', long, short] = property;
      const body = propertyClass(long ?? short ?? '');
      if (body === undefined) throw new PatternError('invalid character class range', `\\${text}`);
      return `[${(sign === 'P') === (not === '') ? '^' : ''}${body}]`;
    }
    const code = this.#match(/x(?:\{([\da-fA-F]{1,6})\}|([\da-fA-F]{2}))/y);
    const hex = code?.[1] ?? code?.[2];
    if (hex !== undefined && Number.parseInt(hex, 16) <= 0x10ffff) return `\\u{${hex.toLowerCase()}}`;
    const octal = this.#match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y)?.[0];
    if (octal !== undefined) return `\\u{${Number.parseInt(octal, 8).toString(16)}}`;
    const one = this.#letter();
    const perl = entryOf(PERL_CLASSES, one.toLowerCase());
    if (perl !== undefined) return `[${one === one.toLowerCase() ? '' : '^'}${perl}]`;
    const control = entryOf(CONTROLS, one);
    if (control !== undefined) return literal(control);
    if (/^[!-/:-@[-`{-~ ]$/.test(one)) return literal(one);
    throw new PatternError('invalid escape sequence', this.#source.slice(from, this.#at));
  }

  #letter(): string {
    const one = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += one.length;
    return one;
  }

  #takes(sign: string): boolean {
    if (!this.#source.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  /** What a sticky expression finds here. */
  #match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }
}

/** How often the innermost part may stand there, as far as numbers say. */
function repeats(node: PatternNode): number {
  if (node.is === 'repeat') return Math.max(1, node.most ?? node.least) * repeats(node.part);
  return node.is === 'sequence' || node.is === 'choice'
    ? node.parts.reduce((most, part) => Math.max(most, repeats(part)), 1)
    : 1;
}

function codeOf(written: string): number {
  return Number.parseInt(written.slice(3, -1), 16);
}
