/** Checks of other tools, as data: what each tool looks at, in words of our own. */
import type { Aliases } from '../rule.ts';

/** A tool whose checks are listed. */
export type Tool = keyof Aliases;

/**
 * Why a check has no rule: `static` comes with the checks of manifests alone (hygiene, security), `alerts` needs the history of
 * metrics, `declined` is left out for the reason given. What is about the state at run time has a rule.
 */
export type Batch = 'static' | 'alerts' | 'declined';

/** Checks of one tool about one matter. */
export interface CheckGroup {
  /** What they look at: `pods`, `services` … */
  readonly area: string;
  /** What happens to those that no rule carries; without, every one has a rule. */
  readonly batch?: Batch;
  /** Why they are declined; given with that batch alone. */
  readonly reason?: string;
  /** The tool's own id to what it flags. */
  readonly checks: Readonly<Record<string, string>>;
}
