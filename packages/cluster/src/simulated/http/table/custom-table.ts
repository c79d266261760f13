/**
 * Columns that a CustomResourceDefinition names by paths into its objects.
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#additional-printer-columns
 */
import type { KubeObject } from '../../../model/kube-object.ts';
import { isRecord, type Json } from '../../../model/unknown-json.ts';
import { age } from './cells.ts';
import { columns, type Cell, type Column, type TablePrinter } from './column.ts';
import { since } from './duration.ts';

/** `additionalPrinterColumns[]`. */
interface CustomColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

const NAME = columns('Name');

/** The printer for one version of a definition; with no columns of its own it shows the age. */
export function customTable(definition: KubeObject | undefined, version: string): TablePrinter {
  const own = columnsOf(definition, version);
  if (own.length === 0)
    return { columns: columns('Name, Age'), cells: (object, now) => [object.metadata.name, age(object, now)] };
  const paths = own.map(({ jsonPath }) => parsePath(jsonPath));
  return {
    columns: [...NAME, ...own.map(columnOf)],
    cells: (object, now) => [
      object.metadata.name,
      ...own.map((column, at) => cellOf(valuesAt(object, paths[at] ?? []), column, now)),
    ],
  };
}

function columnsOf(definition: KubeObject | undefined, version: string): readonly CustomColumn[] {
  const spec = (definition as (KubeObject & { readonly spec?: Json }) | undefined)?.spec;
  const versions = Array.isArray(spec?.['versions']) ? (spec['versions'] as unknown[]) : [];
  const found = versions.find((one) => isRecord(one) && one['name'] === version);
  const given = isRecord(found) ? found['additionalPrinterColumns'] : undefined;
  return Array.isArray(given) ? (given as unknown[]).filter(isColumn) : [];
}

function isColumn(value: unknown): value is CustomColumn {
  return (
    isRecord(value) &&
    typeof value['name'] === 'string' &&
    typeof value['type'] === 'string' &&
    typeof value['jsonPath'] === 'string'
  );
}

function columnOf({ name, type, format = '', description = '', priority = 0 }: CustomColumn): Column {
  const known = `Custom resource definition column (in JSONPath format)`;
  return { name, type, format, description: description === '' ? known : description, priority };
}

type Part = string | number | '*' | { readonly field: string; readonly equals: string };

/** Fields, indices, `[*]` and filters by equality: what definitions use. */
function parsePath(path: string): readonly Part[] {
  const pattern =
    /\['([^']*)'\]|\["([^"]*)"\]|\[\?\(@\.([\w-]+)\s*==\s*["']([^"']*)["']\)\]|\[(\d+)\]|\[\*\]|\.((?:\\.|[^.[\\])+)/g;
  return [...path.slice(0, 1000).matchAll(pattern)].map(([whole, single, double, field, equals, index, plain]) => {
    if (field !== undefined) return { field, equals: equals ?? '' };
    if (index !== undefined) return Number(index);
    return whole === '[*]' ? '*' : (single ?? double ?? (plain ?? '').replace(/\\(.)/g, '$1'));
  });
}

function valuesAt(object: unknown, parts: readonly Part[]): readonly unknown[] {
  return parts.reduce<readonly unknown[]>((values, part) => values.flatMap((value) => partOf(value, part)), [object]);
}

function partOf(value: unknown, part: Part): readonly unknown[] {
  if (part === '*') return Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? Object.values(value) : [];
  if (typeof part === 'object')
    return Array.isArray(value) ? value.filter((one) => isRecord(one) && String(one[part.field]) === part.equals) : [];
  if (typeof part === 'number') return Array.isArray(value) && part < value.length ? [value[part]] : [];
  return isRecord(value) && Object.hasOwn(value, part) ? [value[part]] : [];
}

function cellOf(values: readonly unknown[], { type }: CustomColumn, now: number): Cell {
  const [value] = values;
  if (values.length === 0 || value === undefined || value === null) return type === 'date' ? '<unknown>' : '';
  if (type === 'date') return since(String(value), now);
  if (type === 'string') return values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(',');
  if (type === 'integer') return Number.isFinite(Number(value)) ? Math.trunc(Number(value)) : null;
  if (type === 'number') return Number.isFinite(Number(value)) ? Number(value) : null;
  return typeof value === 'boolean' ? value : null;
}
