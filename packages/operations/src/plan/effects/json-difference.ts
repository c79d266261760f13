/** From one JSON value to another as a JSON patch. Source: RFC 6902. */
import type { Patch } from '@aia/contract';

type Operation = Extract<Patch, { type: 'json' }>['operations'][number];

/**
 * Operations that make `to` of `from`. Lists of one length change item by item, others as a whole. Fields that are `undefined` are absent.
 */
export function jsonDifference(from: unknown, to: unknown, path = ''): readonly Operation[] {
  if (Object.is(from, to)) return [];
  if (isFields(from) && isFields(to)) return ofFields(from, to, path);
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length)
    return from.flatMap((one, i) => jsonDifference(one, (to as readonly unknown[])[i], `${path}/${i}`));
  return sameText(from, to) ? [] : [{ op: 'replace', path, value: to }];
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ofFields(from: Fields, to: Fields, path: string): readonly Operation[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.flatMap((name): readonly Operation[] => {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [before, after] = [from[name], to[name]];
    if (after === undefined) return before === undefined ? [] : [{ op: 'remove', path: at }];
    return before === undefined ? [{ op: 'add', path: at, value: after }] : jsonDifference(before, after, at);
  });
}

function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
