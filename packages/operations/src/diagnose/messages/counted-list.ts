/** Lists such as `3 Insufficient cpu, 2 node(s) had taint {a: b}, that the pod didn't tolerate`. */

/** One item; `count` is `undefined` where the text does not begin with a number. */
export interface CountedItem {
  readonly count: number | undefined;
  readonly text: string;
  /** A brace or quotation mark was opened and not closed: the text was cut. */
  readonly open: boolean;
}

/**
 * Splits where a comma and a space are followed by a count, outside braces and double quotation marks: texts of items hold
 * commas of their own. One pass.
 */
export function countedItems(list: string): readonly CountedItem[] {
  const items: CountedItem[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < list.length; i++) {
    const char = list[i];
    if (char === '"') quoted = !quoted;
    else if (char === '{' && !quoted) depth++;
    else if (char === '}' && !quoted) depth = Math.max(0, depth - 1);
    else if (char === ',' && !quoted && depth === 0 && beginsCount(list, i + 1)) {
      items.push(readItem(list.slice(start, i), false));
      start = i + 2;
    }
  }
  if (start < list.length) items.push(readItem(list.slice(start), quoted || depth > 0));
  return items;
}

/** Splits at `, ` outside braces, brackets and double quotation marks. One pass. */
export function listItems(list: string): readonly string[] {
  const items: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < list.length; i++) {
    const char = list[i];
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '{' || char === '[')) depth++;
    else if (!quoted && (char === '}' || char === ']')) depth = Math.max(0, depth - 1);
    else if (char === ',' && list[i + 1] === ' ' && !quoted && depth === 0) {
      items.push(list.slice(start, i));
      start = i + 2;
    }
  }
  if (start < list.length) items.push(list.slice(start));
  return items;
}

const COUNT = /^(\d{1,9}) /;

/** Whether a space, one to nine digits and a space stand here. */
function beginsCount(list: string, at: number): boolean {
  return list[at] === ' ' && COUNT.test(list.slice(at + 1, at + 12));
}

function readItem(text: string, open: boolean): CountedItem {
  const match = COUNT.exec(text);
  if (match === null) return { count: undefined, text, open };
  return { count: Number(match[1]), text: text.slice(match[0].length), open };
}
