/** Columns of tables and what fills them. Source: `pkg/printers/internalversion/printers.go`. */
import type { KubeObject } from '../../../model/kube-object.ts';

export type Cell = string | number | boolean | null;

/** `metav1.TableColumnDefinition`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Other than 0 only in wide output. */
  readonly priority: number;
}

/** `metav1.TableRowCondition`. */
export interface RowCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** How objects of one kind are shown. */
export interface TablePrinter {
  readonly columns: readonly Column[];
  /** `now` in epoch milliseconds. */
  cells(object: KubeObject, now: number): readonly Cell[];
  conditions?(object: KubeObject): readonly RowCondition[];
}

/** Columns from a line such as `Name, Desired:integer, Age, +Images`; `+` marks what only wide output shows. */
export function columns(line: string): readonly Column[] {
  return line.split(', ').map((text) => {
    const isWide = text.startsWith('+');
    const [name = '', type = 'string'] = text.slice(isWide ? 1 : 0).split(':');
    return { name, type, format: name === 'Name' ? 'name' : '', description: '', priority: isWide ? 1 : 0 };
  });
}

/** A printer for objects of a known shape. */
export function printer<T extends KubeObject>(
  line: string,
  cells: (object: T, now: number) => readonly Cell[],
  conditions?: (object: T) => readonly RowCondition[],
): TablePrinter {
  const known = { columns: columns(line), cells: cells as TablePrinter['cells'] };
  return conditions === undefined
    ? known
    : { ...known, conditions: conditions as NonNullable<TablePrinter['conditions']> };
}
