/**
 * Completion indexes as a Job's status writes them: `1,3-5,7`.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/#JobStatus
 */

/** The indexes below `completions`; parts that are no numbers are skipped. */
export function parseIndexes(text: string | undefined, completions: number): ReadonlySet<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? '').split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) continue;
    const last = Math.min(Number(match[2] ?? match[1]), completions - 1);
    for (let index = Number(match[1]); index <= last; index++) indexes.add(index);
  }
  return indexes;
}

/** Ascending; three and more in a row as a range. */
export function indexesText(indexes: Iterable<number>): string {
  const parts: string[] = [];
  let [first, last] = [-1, -1];
  const close = () => {
    if (first < 0) return;
    if (last === first) parts.push(String(first));
    else parts.push(`${first}${last === first + 1 ? ',' : '-'}${last}`);
  };
  for (const index of [...indexes].sort((a, b) => a - b)) {
    if (index === last + 1 && first >= 0) {
      last = index;
      continue;
    }
    close();
    [first, last] = [index, index];
  }
  close();
  return parts.join(',');
}

/** The lowest indexes below `completions` that are in none of the sets. */
export function firstMissing(count: number, completions: number, taken: readonly ReadonlySet<number>[]): number[] {
  const missing: number[] = [];
  for (let index = 0; index < completions && missing.length < count; index++)
    if (!taken.some((set) => set.has(index))) missing.push(index);
  return missing;
}
