/** Paths to fields of objects, as conditions and evidence write them: `spec.template.spec.containers[0].image`. */

/** A field's name, an index from 0, or the item of a list with this field: `[name=web]`. */
export type PathStep = string | number | { readonly field: string; readonly value: string };

const STEP = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[([^=\]"]+)=([^\]]*)\]/y;

/**
 * Steps of a path. Names with dots or brackets stand in brackets and quotes: `metadata.annotations["example.com/team"]`; items of lists are
 * found by index or by a field: `containers[name=web]`.
 * @throws RangeError where the text is no path, naming what it stops at
 */
export function parsePath(path: string): readonly PathStep[] {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    const found = STEP.exec(path);
    if (found === null) throw new RangeError(`path "${path}": no field begins at "${path.slice(at)}"`);
    const [, name, index, quoted, field, value = ''] = found;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, '$1'));
    else steps.push({ field: field ?? '', value });
  }
  if (steps.length === 0) throw new RangeError('path: it is empty');
  return steps;
}

const PLAIN = /^[^.[\]"]+$/;

/** The text of steps; what {@link parsePath} reads. */
export function pathText(steps: readonly PathStep[]): string {
  return steps
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      if (typeof step === 'object') return `[${step.field}=${step.value}]`;
      if (PLAIN.test(step)) return i === 0 ? step : `.${step}`;
      return `["${step.replace(/["\\]/g, '\\$&')}"]`;
    })
    .join('');
}

/** The value at a path; `undefined` where a step is missing. */
export function valueAt(object: unknown, path: string | readonly PathStep[]): unknown {
  let found: unknown = object;
  for (const step of typeof path === 'string' ? parsePath(path) : path) {
    if (Array.isArray(found)) found = itemOf(found, step);
    else if (typeof found !== 'object' || found === null || typeof step !== 'string' || !Object.hasOwn(found, step))
      return undefined;
    else found = (found as Readonly<Record<string, unknown>>)[step];
  }
  return found ?? undefined;
}

function itemOf(list: readonly unknown[], step: PathStep): unknown {
  if (typeof step === 'number') return list[step];
  if (typeof step === 'string') return undefined;
  return list.find(
    (item) =>
      typeof item === 'object' &&
      item !== null &&
      Object.hasOwn(item, step.field) &&
      String((item as Readonly<Record<string, unknown>>)[step.field]) === step.value,
  );
}
