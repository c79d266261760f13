/** Reads the file of suppressions: YAML or JSON, checked against its schema, every fault with its line. */
import { suppressionsSchema } from '@aia/contract';
import { suppressionFault, type Suppression } from '@aia/operations';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { UsageError } from './exit.ts';
import { readInput } from './read-input.ts';

const LARGEST_BYTES = 4_000_000;
const DAY_MS = 86_400_000;
/** Faults beyond so many are counted, not told. */
const TOLD = 5;
const MOST_ALIASES = 100;

/**
 * The suppressions of a file, in its order.
 * @throws HostError for a file that cannot be read, UsageError for one that is no file of suppressions
 */
export function readSuppressions(file: string): readonly Suppression[] {
  const lines = new LineCounter();
  const document = parseDocument(readInput(file, LARGEST_BYTES), { lineCounter: lines, prettyErrors: false });
  refuse(
    file,
    document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message })),
  );
  const parsed = suppressionsSchema.safeParse(valueOf(file, document));
  const at = (path: readonly PropertyKey[]) => lineOf(document, path, lines);
  const issues = parsed.error?.issues ?? [];
  refuse(
    file,
    issues.map(({ path, message }) => ({ line: at(path), message: `${placeOf(path)}${message}` })),
  );
  const entries = parsed.data?.suppressions ?? [];
  refuse(
    file,
    entries.flatMap((entry, i) => {
      const message = suppressionFault(entry);
      return message === undefined ? [] : [{ line: at(['suppressions', i]), message }];
    }),
  );
  return entries.map(({ expires, ...rest }) => ({ ...rest, expiresAt: momentOf(expires) }));
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

/** Line of the deepest part of the path that the file has. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function placeOf(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}

/** A day counts to its end. */
function momentOf(expires: string): number {
  const at = Date.parse(expires);
  return expires.length === '2026-12-31'.length ? at + DAY_MS : at;
}
