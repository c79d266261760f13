/** Texts as words of a POSIX shell, whatever they hold: names in dumps are written by anybody. */

/** One word: as it is where that is safe, else quoted. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./][\w@%+=:,./-]*$/.test(text)) return text;
  if (CONTROL.test(text)) return `$'${[...text].map(escaped).join('')}'`;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Comment lines; nothing in the text ends the comment. */
export function shellComment(text: string): string {
  return text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => `# ${line.replace(ALL_CONTROL, '�')}`.trimEnd())
    .join('\n');
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const ALL_CONTROL = /\p{Cc}/gu;

function escaped(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  if (!CONTROL.test(character)) return character;
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
