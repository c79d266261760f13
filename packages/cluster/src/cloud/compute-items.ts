/** The ways in which gcloud and the Compute and Container REST APIs wrap several things of one kind. */
import { inside, isRecord, typeName, type Json, type Reading } from '../model/unknown-json.ts';

/**
 * Objects in any of the shapes: `[…]` (gcloud list), `{ items: […] }` (REST list), `{ items: { scope: { collection: […] } } }`
 * (aggregated list), `{ collection: […] }`, or one object alone. What is no object is reported.
 */
export function itemsOf(value: unknown, collection: string, reading: Reading): readonly (readonly [Json, string])[] {
  const found: (readonly [Json, string])[] = [];
  const addAll = (items: readonly unknown[], place: string): void => {
    items.forEach((item, i) => {
      if (isRecord(item)) found.push([item, `${place}[${i}]`]);
      else reading.note(`${place}[${i}]`, `expected an object, found ${typeName(item)}`);
    });
  };
  if (Array.isArray(value)) addAll(value, '');
  else if (!isRecord(value)) reading.note('', `expected an object or a list, found ${typeName(value)}`);
  else if (Array.isArray(value['items'])) addAll(value['items'], 'items');
  else if (isRecord(value['items'])) {
    for (const [scope, part] of Object.entries(value['items'])) {
      if (isRecord(part))
        addAll(reading.list(part, collection, inside('items', scope)), `items.${scope}.${collection}`);
    }
  } else if (Array.isArray(value[collection])) addAll(value[collection], collection);
  else if (typeof value['kind'] !== 'string' || !/list$/i.test(value['kind'])) found.push([value, '']);
  return found;
}
