/** Order of texts. */

/** By code units, the same in every locale: negative, 0 or positive, for `sort`. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
