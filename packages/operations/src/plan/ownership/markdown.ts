/** Texts of a cluster in Markdown: they stand there as text, never as markup. */

/** Text without line breaks and other control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** Text that Markdown shows as it is. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>#|~@]/g, '\\$&');
}

/** A code block whose fence is longer than any in it. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
