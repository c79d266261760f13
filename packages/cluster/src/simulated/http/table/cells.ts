/** Cells that several kinds have. */
import type { Container } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { Labels, LabelSelector } from '../../../model/selector.ts';
import { since } from './duration.ts';

export const NONE = '<none>';
export const UNSET = '<unset>';
export const UNKNOWN = '<unknown>';

export function age({ metadata }: KubeObject, now: number): string {
  return since(metadata.creationTimestamp, now);
}

/** `a=1,b=2`. */
export function labelsCell(labels: Labels | undefined): string {
  return orNone(
    Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
  );
}

/** A selector as `kubectl get -l` would take it; empty text for one that is not there, `<none>` for one that selects everything. */
export function selectorCell(selector: LabelSelector | undefined): string {
  const parts = [
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`] as const),
    ...(selector?.matchExpressions ?? []).map(
      ({ key, operator, values = [] }) => [key, requirement(key, operator, values)] as const,
    ),
  ];
  return orNone(
    parts
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, text]) => text)
      .join(','),
  );
}

function requirement(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${values.toSorted().join(',')})`;
}

/** Names and images of containers. */
export function containerCells(containers: readonly Container[] | undefined): readonly [string, string] {
  const all = containers ?? [];
  return [all.map(({ name }) => name).join(','), all.map(({ image = '' }) => image).join(',')];
}

export function orNone(text: string | undefined): string {
  return text === undefined || text === '' ? NONE : text;
}

/** The first few, and how many more there are. */
export function someOf(all: readonly string[], most: number, separator = ','): string {
  const shown = all.slice(0, most).join(separator);
  return all.length > most ? `${shown} + ${all.length - most} more...` : shown;
}

/** `True`, `False`, `<unset>`. */
export function truthCell(value: boolean | undefined | null): string {
  if (value === undefined || value === null) return UNSET;
  return value ? 'True' : 'False';
}

/** `RWO,ROX`. */
export function accessModesCell(modes: readonly string[] | undefined): string {
  const known = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
  const short = ['RWO', 'ROX', 'RWX', 'RWOP'];
  return known.flatMap((mode, at) => (modes?.includes(mode) === true ? [short[at] as string] : [])).join(',');
}
