/** Reads YAML document by document, and a broken List item by item, so that what is broken does not cost the rest. */
import { parseDocument } from 'yaml';
import { kindOfPath, type Kind } from './path-hints.ts';
import { note, type Reading } from './reading.ts';

/** How often anchors may be repeated in one document before it counts as an attack on the memory. */
const MOST_ALIASES = 1000;

/** A part of a file, and the number of its first line, from 1. */
interface Part {
  readonly text: string;
  readonly line: number;
}

/** Reads every document of the text. */
export function readYaml(path: string, text: string, reading: Reading): void {
  const { yamlBytes } = reading.limits;
  if (text.length > yamlBytes)
    return note(reading, path, '', `larger than the ${yamlBytes} bytes of YAML that are read; save it as JSON`);
  const documents = [...yamlDocuments(text)];
  for (const [i, document] of documents.entries()) {
    reading.signal?.throwIfAborted();
    readDocument(path, documents.length > 1 ? `document ${i + 1}` : '', document, reading);
  }
}

function readDocument(path: string, place: string, document: Part, reading: Reading): void {
  const hint = kindOfPath(path);
  const parsed = parsePart(document);
  if ('value' in parsed) return take(path, place, parsed.value, hint, reading);
  const items = [...itemsOf(document)];
  if (items.length < 2)
    return note(
      reading,
      path,
      joined(place, parsed.place),
      `not YAML: ${parsed.message}${templateHint(document.text)}`,
    );
  const kind = kindOfList(document.text) ?? hint;
  for (const [i, part] of items.entries()) {
    const at = joined(place, `items[${i}]`);
    const item = parsePart(part);
    if ('value' in item) take(path, at, item.value, kind, reading);
    else note(reading, path, joined(at, item.place), `not YAML: ${item.message}`);
  }
}

/** An empty document, or one of comments alone, says nothing. */
function take(path: string, place: string, value: unknown, hint: Kind | undefined, reading: Reading): void {
  if (value !== null && value !== undefined) reading.ingest.value(value, path, place, hint);
}

type ParsedPart = { readonly value: unknown } | { readonly place: string; readonly message: string };

function parsePart({ text, line }: Part): ParsedPart {
  try {
    const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
    const [error] = document.errors;
    if (error === undefined) return { value: withMergedKeys(document.toJS({ maxAliasCount: MOST_ALIASES }), text) };
    const [start] = error.linePos ?? [];
    return { place: placeIn(line, start), message: sentence(error.message) };
  } catch (cause) {
    // Nesting without bottom ends in a RangeError, a bomb of aliases in a ReferenceError.
    return { place: placeIn(line, undefined), message: sentence((cause as Error).message) };
  }
}

/** The library's message without place and excerpt, which may be a secret; a full stack means nesting here. */
function sentence(message: string): string {
  if (message.startsWith('Maximum call stack')) return 'nested too deeply';
  return (message.split('\n', 1)[0] ?? '').replace(/ at line .*$/, '');
}

function placeIn(line: number, start: { readonly line: number; readonly col: number } | undefined): string {
  return start === undefined ? `line ${line}` : `line ${line + start.line - 1}, column ${start.col}`;
}

function joined(...places: readonly string[]): string {
  return places.filter((place) => place !== '').join(', ');
}

/** People point at a chart's folder as at its output. */
function templateHint(text: string): string {
  return /\{\{-?\s/.test(text) ? '; it looks like a Helm template, which must be rendered first (helm template)' : '';
}

/**
 * The documents of a stream that are not empty. `---` and `...` at the start of a line never stand inside a document, not even
 * in a text (YAML 1.2.2, 9.1.4).
 */
function* yamlDocuments(text: string): Iterable<Part> {
  const marks = /(?:^|\r?\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;
  let line = 1;
  let from = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    const mark = marks.exec(text);
    const part = text.slice(from, mark?.index);
    // Directives stand alone before their `---`.
    if (/^[ \t]*[^\s#%]/m.test(part)) yield { text: part, line };
    if (mark === null) return;
    line += count(text, '\n', from, marks.lastIndex);
    from = marks.lastIndex;
  }
}

/** The items of a `List` as kubectl writes it, or of a sequence: every line that begins an item at the items' own depth. */
function* itemsOf({ text, line }: Part): Iterable<Part> {
  const start = /(?:(?:^|\n)items:[ \t]*(?:#[^\n]*)?\r?\n|^(?:[ \t]*\r?\n)*)( *)- /.exec(text);
  if (start === null) return;
  const [{ length }, indent = ''] = start;
  const first = start.index + length - indent.length - 2;
  const end = /\n(?=[A-Za-z"'])/.exec(text.slice(first))?.index ?? text.length;
  const body = text.slice(first, first + end);
  let at = line + count(text, '\n', 0, first);
  for (const item of body.split(new RegExp(`\\n(?=${indent}- )`))) {
    yield { text: item.replace('- ', '  '), line: at };
    at += count(item, '\n', 0, item.length) + 1;
  }
}

/** `PodList` → `Pod`: items of a typed list name no kind. */
function kindOfList(text: string): Kind | undefined {
  const kind = /^kind: (\w+)List\s*$/m.exec(text)?.[1];
  const apiVersion = /^apiVersion: (\S+)\s*$/m.exec(text)?.[1];
  return kind === undefined || apiVersion === undefined ? undefined : { apiVersion, kind };
}

function count(text: string, character: string, from: number, to: number): number {
  let found = 0;
  for (let at = text.indexOf(character, from); at >= 0 && at < to; at = text.indexOf(character, at + 1)) found++;
  return found;
}

/**
 * Resolves `<<` keys (YAML 1.1, which Kubernetes reads). Anchored parts are one object wherever they are repeated, so each is
 * looked at once, and a bomb of merges costs no more than its text.
 */
function withMergedKeys(value: unknown, text: string): unknown {
  if (!text.includes('<<')) return value;
  const seen = new Set<object>();
  const merge = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    for (const child of Object.values(part)) merge(child);
    if (!Object.hasOwn(part, '<<')) return;
    const owner = part as Record<string, unknown>;
    const sources = [owner['<<']].flat();
    delete owner['<<'];
    for (const source of sources) if (typeof source === 'object' && source !== null) complete(owner, source);
  };
  merge(value);
  return value;
}

/** Own keys win over merged ones, earlier sources over later. */
function complete(owner: Record<string, unknown>, source: object): void {
  for (const [key, value] of Object.entries(source))
    if (!Object.hasOwn(owner, key))
      Object.defineProperty(owner, key, { value, enumerable: true, writable: true, configurable: true });
}
