/** Port: where snapshots come from. Adapters read a live cluster, a saved dump or a simulated cluster. */
import type { ClusterSnapshot } from './snapshot/snapshot.ts';

/**
 * Reads one cluster. Every adapter keeps the same promises, which one test suite checks:
 *
 * - It only reads, and the answer is immutable and redacted.
 * - What could not be read is named in `missing` or `problems`; the rest is answered.
 * - It rejects only when nothing can be said about the cluster at all (no such dump, no connection, no credentials), with
 *   the error class of the package that owns the adapter, and when cancelled.
 */
export interface ClusterReader {
  /**
   * Takes one picture of the cluster. May be called again; each call reads anew.
   * @param signal cancels the reading: the promise rejects soon after, and no connection or file stays open
   */
  observe(signal?: AbortSignal): Promise<ClusterSnapshot>;
}
