/** Reads a file of settings: YAML or JSON, checked against its schema, every fault with its line, its field, its value and what to write. */
import { editDistance } from '@aia/cluster';
import { check, type SchemaFault } from '@aia/contract';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type YAMLParseError } from 'yaml';
import { UsageError } from './exit.ts';
import { readInput } from './read-input.ts';

const LARGEST_BYTES = 4_000_000;
/** Faults beyond so many are counted, not told. */
const TOLD = 5;
const MOST_ALIASES = 100;

/** A fault found beyond the schema. */
export interface FieldFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * The content of a file. `faultsOf`: what is wrong with it beyond its schema.
 * @throws HostError for a file that cannot be read, UsageError for one that is not as it should be
 */
export function readCheckedYaml<T>(
  file: string,
  schema: Parameters<typeof check<T>>[0],
  faultsOf: (content: T) => readonly FieldFault[],
): T {
  const lines = new LineCounter();
  const text = readInput(file, LARGEST_BYTES);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  refuse(
    file,
    document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, message: syntaxFault(error, text) })),
  );
  if (document.contents === null) throw new UsageError(`${file}: the file is empty`);
  const checked = check(schema, valueOf(file, document));
  const told = ({ path, message }: FieldFault) => ({
    line: lineOf(document, path, lines),
    message: `${placeOf(path)}${message}`,
  });
  const faults: readonly SchemaFault[] = 'faults' in checked ? checked.faults : faultsOf(checked.value);
  refuse(
    file,
    faults.map(({ path, message, unknown }) => told({ path, message: `${message}${meant(unknown)}` })),
  );
  return (checked as { readonly value: T }).value;
}

/** The parser's own words tell a programmer what to do, where whoever wrote the file asks what is wrong with it. */
function syntaxFault({ code, message, pos }: YAMLParseError, text: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here, and only one is read';
  const [key = ''] = /^["']?[\w.-]{1,60}/.exec(text.slice(pos[0])) ?? [];
  return code === 'DUPLICATE_KEY' && key !== '' ? `${key} stands here a second time` : message;
}

interface Fault {
  readonly line: number;
  readonly message: string;
}

function refuse(file: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const told = faults.slice(0, TOLD).map(({ line, message }) => `${file}:${line}: ${message}`);
  const more = faults.length > TOLD ? [`and ${faults.length - TOLD} more`] : [];
  throw new UsageError([...told, ...more].join('; '));
}

/** Anchors that multiply beyond reason are a fault of the file. */
function valueOf(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

/** Line of the deepest part of the path that the file has; of a field, that of its name. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth--) {
    const within: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const pair = isMap(within)
      ? within.items.find(({ key }) => isScalar(key) && key.value === path[depth - 1])
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function placeOf(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}

/** `; did you mean "budgets"?`, or all there are. */
function meant(unknown: SchemaFault['unknown']): string {
  if (unknown === undefined) return '';
  const { asked, known } = unknown;
  if (known.includes(asked)) return '; write it without quotation marks';
  const near = known
    .map((name) => ({ name, distance: editDistance(asked.slice(0, 100).toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => `"${name}"`)
    .slice(0, 2);
  if (near.length > 0) return `; did you mean ${near.join(' or ')}?`;
  return known.length === 0 ? '' : `; there are ${known.join(', ')}`;
}
