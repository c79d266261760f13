/** Paths as findings write them, as JSON pointers. Source: RFC 6901. */

/** `spec.rules[0].http.paths[1].backend` → `/spec/rules/0/http/paths/1/backend`. */
export function pointerOf(path: string): string {
  return path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((step) => `/${escapedStep(step)}`)
    .join('');
}

/** A name as a step of a pointer. */
export function escapedStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
