/** Bounded concurrency. */

/**
 * Runs `work` on every item, at most `width` at a time, and gives the results in the order of the items. The first rejection
 * rejects the whole and starts nothing further.
 * @throws RangeError when `width` is not a positive integer
 */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  if (!Number.isInteger(width) || width < 1) throw new RangeError(`width must be a positive integer, not ${width}`);
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      const i = next++;
      try {
        results[i] = await work(items[i] as T, i);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
