/** JSON merge patches. Source: RFC 7386. */
import { isFields, type Fields } from './json.ts';

/** `target` with the fields of `patch`; `null` takes a field away, and lists are replaced. */
export function mergePatched(target: unknown, patch: Fields): Fields {
  const result = new Map(isFields(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else if (value !== undefined) result.set(key, isFields(value) ? mergePatched(result.get(key), value) : value);
  }
  return Object.fromEntries(result);
}
