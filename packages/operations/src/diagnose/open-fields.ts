/** Fields of objects that are read without types: nothing about them is certain, so each step is looked at first. */
import type { KubeObject } from '@aia/cluster';
import type { FoundCondition } from './conditions.ts';

/** The value at a path like `spec.service.name`; `undefined` where a step is missing or no object. */
export function fieldAt(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[step];
  }
  return found;
}

/** The same as text; `undefined` where it is none. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = fieldAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

/** The same as a number; `undefined` where it is none. */
export function numberAt(value: unknown, path: string): number | undefined {
  const found = fieldAt(value, path);
  return typeof found === 'number' ? found : undefined;
}

/** The same as a list; empty where it is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = fieldAt(value, path);
  return Array.isArray(found) ? found : [];
}

const OPTIONAL = ['reason', 'message', 'lastTransitionTime'] as const;

/** `status.conditions` of any object, or a list of conditions elsewhere; what has no type or status is left out. */
export function conditionsIn(object: KubeObject, path = 'status.conditions'): readonly FoundCondition[] {
  return listAt(object, path).flatMap((one, i): readonly FoundCondition[] => {
    const type = textAt(one, 'type');
    const status = textAt(one, 'status');
    if (type === undefined || status === undefined) return [];
    const known = OPTIONAL.map((field) => [field, textAt(one, field)] as const).filter(
      ([, text]) => text !== undefined,
    );
    return [{ type, status, ...Object.fromEntries(known), path: `${path}[${i}]` }];
  });
}
