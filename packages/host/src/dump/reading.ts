/** What reading a dump's files needs besides the files. */
import type { Budget } from './archive-files.ts';
import type { Ingest } from './ingest.ts';
import type { DumpLimits } from './limits.ts';

/** The state that all files of one dump have in common. */
export interface Reading {
  readonly ingest: Ingest;
  readonly limits: DumpLimits;
  readonly budget: Budget;
  readonly signal: AbortSignal | undefined;
  /** Called with bytes as they are read. */
  readonly onBytes: (count: number) => void;
  /** Path on disk of the file that is being read, for zips, which need to jump about in it. */
  readonly diskPath: string | undefined;
  /** Whether the bytes come out of a gzip: the tar in it counts as one archive with it, another gzip does not. */
  readonly inGzip: boolean;
}

/** Notes what is wrong with a file; `place` may be empty. */
export function note(
  { ingest }: Reading,
  source: string,
  place: string,
  message: string,
  severity: 'error' | 'warning' = 'error',
): void {
  ingest.builder.problem({ source, place, message, severity });
}
