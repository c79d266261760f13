/** Reads files of manifests: YAML documents or JSON, Lists taken apart. */
import type { KubeObject } from '@aia/cluster';
import { LineCounter, parseAllDocuments } from 'yaml';
import { UsageError } from './exit.ts';
import { readInput } from './read-input.ts';

const LARGEST_BYTES = 10_000_000;
const MOST_ALIASES = 100;

/**
 * The objects of a file, in its order.
 * @throws HostError for a file that cannot be read, UsageError for one that holds no manifests
 */
export function readManifests(file: string): readonly KubeObject[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(readInput(file, LARGEST_BYTES), { lineCounter: lines, prettyErrors: false });
  const objects = [...documents].flatMap((document, i) => {
    const [error] = document.errors;
    if (error !== undefined) throw new UsageError(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
    const where = `${file}: document ${i + 1}`;
    try {
      return objectsOf(document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown, where);
    } catch (cause) {
      if (cause instanceof UsageError) throw cause;
      throw new UsageError(`${where}: ${(cause as Error).message}`);
    }
  });
  if (objects.length === 0) throw new UsageError(`${file}: it holds no manifest`);
  return objects;
}

function objectsOf(value: unknown, where: string): readonly KubeObject[] {
  if (value === null || value === undefined) return [];
  const { apiVersion, kind, metadata, items } = value as Partial<KubeObject> & { readonly items?: unknown };
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items))
    return items.flatMap((item, i) => objectsOf(item, `${where}, items[${i}]`));
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string')
    throw new UsageError(`${where}: a manifest has apiVersion, kind and metadata.name`);
  return [value as KubeObject];
}
