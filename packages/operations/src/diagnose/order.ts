/** Values once each and sorted, so that reports are the same whatever the order of the input. */
export function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
