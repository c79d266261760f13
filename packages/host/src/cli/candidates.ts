/** Options whose values are known but not checked by the parser. */
import { Option } from 'commander';

/** An option that knows what its value may be, for completion. */
export class CandidateOption extends Option {
  readonly candidates: () => readonly string[] | Promise<readonly string[]>;

  constructor(flags: string, description: string, candidates: CandidateOption['candidates']) {
    super(flags, description);
    this.candidates = candidates;
  }
}

/** The embedded examples. */
export async function exampleCandidates(): Promise<readonly string[]> {
  return (await import('../examples.ts')).exampleNames();
}

/** Kinds of fault. */
export async function faultCandidates(): Promise<readonly string[]> {
  return [...(await import('@aia/cluster/faults')).FAULT_KINDS.keys()];
}
