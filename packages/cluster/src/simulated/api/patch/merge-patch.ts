/** JSON merge patches. Source: RFC 7386. */
import { isFields, type Fields, type MutableFields } from './json.ts';

/** `target` with the fields of `patch`; `null` takes a field away, and lists are replaced. */
export function mergePatched(target: unknown, patch: Fields): Fields {
  const result = new Map(isFields(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else if (value !== undefined) result.set(key, isFields(value) ? mergePatched(result.get(key), value) : value);
  }
  return Object.fromEntries(result);
}

/** The smallest patch that makes `to` of `from`. A field that is `null` in `to` cannot be told from one that is not there. */
export function mergePatchBetween(from: Fields, to: Fields): Fields {
  const patch: MutableFields = {};
  for (const key of Object.keys(from)) if (to[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    const before = from[key];
    if (value === undefined) continue;
    if (isFields(value) && isFields(before)) {
      const inner = mergePatchBetween(before, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (JSON.stringify(value) !== JSON.stringify(before)) patch[key] = value;
  }
  return patch;
}
