/** Sets of letters, written as the inner of a class of JavaScript's expressions with the flag `v`. */
import { entryOf } from '../../../../model/unknown-json.ts';

/** Behind a backslash; in Go they are ASCII. */
export const PERL_CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  s: '\\t\\n\\f\\r\\u{20}',
  w: '0-9A-Za-z_',
};

/** `[:name:]`. */
const NAMED_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\u{0}-\\u{7f}',
  blank: '\\t\\u{20}',
  cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  digit: '0-9',
  graph: '\\u{21}-\\u{7e}',
  lower: 'a-z',
  print: '\\u{20}-\\u{7e}',
  punct: '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}',
  space: '\\t\\n\\v\\f\\r\\u{20}',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** The class that Go has under a name, a general category or a script. */
export function propertyClass(name: string): string | undefined {
  return [`\\p{${name}}`, `\\p{Script=${name}}`].find(isClass);
}

export function namedClass(name: string): string | undefined {
  return entryOf(NAMED_CLASSES, name);
}

function isClass(body: string): boolean {
  try {
    return new RegExp(`[${body}]`, 'v').unicodeSets;
  } catch {
    return false;
  }
}

const ASCII = 128;

/** Whether a letter, by its number, is in a class; small and capital letters are alike where `isFolded`. */
export function letterClass(body: string, isFolded: boolean): (letter: number) => boolean {
  const expression = new RegExp(`^[${body}]$`, isFolded ? 'vi' : 'v');
  const asked = (code: number) => expression.test(String.fromCodePoint(code));
  const ascii = Array.from({ length: ASCII }, (_, code) => asked(code));
  return (code) => ascii[code] ?? asked(code);
}
