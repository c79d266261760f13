/** How much is believed, for how long, and how much of it is kept. */
import type { CircuitPolicy } from './circuit.ts';

/** How old an answer may be, and what is remembered. */
export interface ResolverPolicy {
  /** A read is answered from memory and store up to this age, or the log's own `ttl` if that is shorter; default an hour. */
  readonly readFreshMs: number;
  /** A write needs the origin's confirmation within this time; default five minutes. */
  readonly writeFreshMs: number;
  /** How long an origin's answer that there is nothing, or no such version, is believed; default half a minute. Files that fail verification are not remembered. */
  readonly absentMs: number;
  /** DIDs that are kept in memory, that are known to be absent, and origins whose failures are counted; default 4096 each. */
  readonly most: number;
  /** What is kept in memory takes about so many bytes in all; default 256 MiB. */
  readonly mostBytes: number;
  /** Default three failures, half a minute. */
  readonly circuit: CircuitPolicy;
}

/** The default policy. */
export const RESOLVER_POLICY: ResolverPolicy = {
  readFreshMs: 3_600_000,
  writeFreshMs: 300_000,
  absentMs: 30_000,
  most: 4096,
  mostBytes: 2 ** 28,
  circuit: { failures: 3, openMs: 30_000 },
};
