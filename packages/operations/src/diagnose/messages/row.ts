/**
 * Rows of the parsers' tables. A row is one way in which some versions word one meaning; rows are tried in order, so the
 * telling ones stand first. No row is bound to the version of the cluster at hand: a message may come from a kubelet two
 * minors older, from a runtime, or from an aggregated event.
 */

/** One wording. Patterns hold bounded quantifiers only, so that hostile text costs time linear in its length. */
export interface Row<Cause extends string> {
  /** Who writes it since and until when: Kubernetes minors (`1.14–1.23`, `1.24–`), `all`, or the component's name. */
  readonly versions: string;
  readonly cause: Cause;
  readonly pattern: RegExp;
}

/** The first row that knows a text, with its match. */
export function firstMatch<R extends { readonly pattern: RegExp }>(
  rows: readonly R[],
  text: string,
): { readonly row: R; readonly match: RegExpExecArray } | undefined {
  for (const row of rows) {
    const match = row.pattern.exec(text);
    if (match !== null) return { row, match };
  }
  return undefined;
}

/** The named groups that took part in a match, as optional fields; empty ones are left out. */
export function groupsOf<K extends string>(
  match: RegExpExecArray,
  ...names: readonly K[]
): { readonly [P in K]?: string } {
  const found: { [P in K]?: string } = {};
  for (const name of names) {
    const value = match.groups?.[name];
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}
