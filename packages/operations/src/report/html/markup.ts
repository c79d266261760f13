/** Markup that is safe by construction: what is not markup already is text, cleaned and escaped. */
import { clean } from '../layout.ts';

/** Text that is markup; only {@link markup} and {@link verbatim} make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text, a number, markup, several of them, or nothing. */
export type Content = string | number | Markup | undefined | readonly Content[];

/** Template for elements: values become text, also inside quoted attributes. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => part + written(contents[i])).join(''));
}

/** Our own markup, taken as it is; never for texts of others. */
export function verbatim(text: string): Markup {
  return new Markup(text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function written(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(written).join('');
  return escaped(String(content));
}

/** Spaces at the ends stay, since they part words from the markup beside them. */
function escaped(text: string): string {
  const [, start = '', end = ''] = /^( ?)[^]*?( ?)$/.exec(text) ?? [];
  const inner = clean(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  return inner === '' ? start : start + inner + end;
}
