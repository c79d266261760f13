/** JSON pointers into objects. Source: RFC 6901. */
import { pathText, type PathStep } from '../field-path.ts';

/** The pointer's place as conditions write it; items of lists by their name where they have one, since positions change more easily. */
export function pathOfPointer(pointer: string, object: unknown): string {
  const steps: PathStep[] = [];
  let at: unknown = object;
  for (const part of pointerParts(pointer)) {
    const isItem = Array.isArray(at);
    at = inside(at, part);
    steps.push(isItem ? itemStep(at, part) : part);
  }
  return pathText(steps);
}

function itemStep(item: unknown, index: string): PathStep {
  const name = inside(item, 'name');
  return typeof name === 'string' && /^[\w.-]+$/.test(name) ? { field: 'name', value: name } : Number(index);
}

/** The value at a JSON pointer; `undefined` where there is none. */
export function valueAtPointer(object: unknown, pointer: string): unknown {
  return pointerParts(pointer).reduce<unknown>(inside, object);
}

/** Fields and indexes of a pointer. */
function pointerParts(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function inside(value: unknown, part: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[part];
}
