/** Paths to fields as conditions and evidence write them: `spec.ports[0].port`, `metadata.annotations["example.com/a"]`. */

/** The path of a JSON pointer (RFC 6901) in an object; list indexes are told by what the pointer leads through. */
export function pathOfPointer(pointer: string, object: unknown): string {
  let path = '';
  let at: unknown = object;
  for (const part of pointerParts(pointer)) {
    path += Array.isArray(at)
      ? `[${part}]`
      : isPlain(part)
        ? `${path === '' ? '' : '.'}${part}`
        : `["${quoted(part)}"]`;
    at = inside(at, part);
  }
  return path;
}

/** The value at a JSON pointer; `undefined` where there is none. */
export function valueAtPointer(object: unknown, pointer: string): unknown {
  return pointerParts(pointer).reduce<unknown>(inside, object);
}

/** The value at a path as {@link pathOfPointer} writes it; `undefined` where there is none. @throws RangeError for a text that is no path */
export function valueAtPath(object: unknown, path: string): unknown {
  return pathParts(path).reduce<unknown>(inside, object);
}

function pointerParts(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const PART = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

function pathParts(path: string): readonly string[] {
  const parts: string[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < path.length) {
    const at = PART.lastIndex;
    const match = PART.exec(path);
    if (match === null) throw new RangeError(`path "${path}": cannot be read from character ${at + 1} on`);
    parts.push(match[1] ?? match[2] ?? (match[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  return parts;
}

function isPlain(part: string): boolean {
  return /^[A-Za-z_$][\w$-]*$/.test(part);
}

function quoted(part: string): string {
  return part.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

function inside(value: unknown, part: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[part];
}
