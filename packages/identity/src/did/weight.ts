/** Bounds of memory: what a text takes once it is parsed depends on what is written in it. */

/** Of what an empty object takes, with its place in a list. */
const BYTES_OF_VALUE = 100;

/** About how many bytes a text of JSON takes, with the values that are parsed of it. Signs within strings count like those between values. */
export function weightOf(text: string): number {
  let separators = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COMMA || code === BRACKET || code === BRACE) separators++;
  }
  return text.length + BYTES_OF_VALUE * separators;
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];
