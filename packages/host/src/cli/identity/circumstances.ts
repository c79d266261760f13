/** Under what circumstances something was verified. */
import type { Resolution } from '@aia/identity';
import type { FoundList } from '../../identity/resolving.ts';
import type { Claimed } from '../../identity/verifying.ts';

/** What was asked, and what was found on the way. Times are epoch milliseconds. */
export interface Circumstances {
  readonly file: string;
  readonly at: number;
  readonly now: number;
  readonly options: { readonly anyIssuer?: boolean };
  /** What the file says of itself. */
  readonly claimed: readonly Claimed[];
  readonly resolutions: ReadonlyMap<string, Resolution>;
  readonly lists: readonly FoundList[];
}
