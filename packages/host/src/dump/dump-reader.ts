/** A saved dump as a {@link ClusterReader}. */
import type { ClusterReader } from '@aia/cluster';
import { readDump, type DumpOptions } from './read-dump.ts';

/** Reader of the dump at a path, or of standard input for `-`, which can be read only once; see {@link readDump}. */
export function createDumpReader(path: string, options: Omit<DumpOptions, 'signal'> = {}): ClusterReader {
  return { observe: (signal) => readDump(path, { ...options, signal }) };
}
