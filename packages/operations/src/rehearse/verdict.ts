/** What comes of looking a condition up. */

/** `unknown`: nothing in the cluster tells; a person has to, or time. `fails` with `isFinal` never holds again without another change. */
export type Verdict =
  | { readonly state: 'holds' }
  | { readonly state: 'fails'; readonly why: string; readonly isFinal?: boolean }
  | { readonly state: 'unknown'; readonly why: string };

export const HOLDS: Verdict = { state: 'holds' };

export const fails = (why: string): Verdict => ({ state: 'fails', why });

export const unknown = (why: string): Verdict => ({ state: 'unknown', why });

/** Holds where nothing is otherwise. */
export function unless(why: string | undefined): Verdict {
  return why === undefined ? HOLDS : fails(why);
}
