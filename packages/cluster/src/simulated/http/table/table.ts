/**
 * Lists and objects as tables, which is how kubectl prints them.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
import type { KubeObject } from '../../../model/kube-object.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../api/built-in-types.ts';
import { qualifiedPlural, type ResourceType } from '../../api/resource-type.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { ACCESS_TABLES } from './access-tables.ts';
import { age } from './cells.ts';
import { CLUSTER_TABLES } from './cluster-tables.ts';
import { printer, type TablePrinter } from './column.ts';
import { customTable } from './custom-table.ts';
import { NETWORK_TABLES } from './network-tables.ts';
import { STORAGE_TABLES } from './storage-tables.ts';
import { WORKLOAD_TABLES } from './workload-tables.ts';

const BUILT_IN: Readonly<Record<string, TablePrinter>> = {
  ...WORKLOAD_TABLES,
  ...NETWORK_TABLES,
  ...STORAGE_TABLES,
  ...CLUSTER_TABLES,
  ...ACCESS_TABLES,
};
const NAME_AND_AGE = printer('Name, Age', (object, now) => [object.metadata.name, age(object, now)]);

/** What rows carry of their objects. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** How to make tables. */
export interface TableOptions {
  readonly includeObject: IncludeObject;
  /** Epoch milliseconds; ages count from here. */
  readonly now: number;
  /** Of watches only the first event says the columns. */
  readonly withoutColumns?: boolean;
}

/** The printer for a type; custom resources are shown as their definition says. */
export function printerOf(type: ResourceType, store: ObjectStore): TablePrinter {
  const known = BUILT_IN[`${type.group}/${type.kind}`];
  if (known !== undefined) return known;
  const definition = store.get(CUSTOM_RESOURCE_DEFINITIONS, '', qualifiedPlural(type));
  return definition === undefined ? NAME_AND_AGE : customTable(definition, type.version);
}

/** `metav1.Table`. `metadata` is that of the list, or the revision of the object. */
export function tableOf(
  { columns, cells, conditions }: TablePrinter,
  objects: readonly KubeObject[],
  metadata: Readonly<Record<string, unknown>>,
  { includeObject, now, withoutColumns = false }: TableOptions,
) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withoutColumns ? null : columns,
    rows: objects.map((object) => {
      const found = conditions?.(object) ?? [];
      const shown = includeObject === 'Object' ? object : partialObject(object);
      return {
        cells: cells(object, now),
        ...(found.length > 0 && { conditions: found }),
        ...(includeObject !== 'None' && { object: shown }),
      };
    }),
  };
}

/** Only what all objects have. */
export function partialObject({ metadata }: KubeObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
