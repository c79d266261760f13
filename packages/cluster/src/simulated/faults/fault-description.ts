/** Kinds of fault and what was brought about, as JSON for people and programs. */
import type { LedgerEntry } from './fault-ledger.ts';
import type { FaultKind, Parameter } from './fault.ts';

/** A kind of fault without what it does. */
export interface FaultKindDescription {
  readonly name: string;
  readonly family: string;
  readonly summary: string;
  readonly source: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** Everything that a kind says about itself before it is brought about. */
export function describeKind({ name, family, summary, source, parameters }: FaultKind): FaultKindDescription {
  return { name, family, summary, source, parameters };
}

/** An entry as JSON; `truth`: with what is true about it, which whoever is to find that out must not read. */
export function describeEntry(entry: LedgerEntry, truth: boolean): Readonly<Record<string, unknown>> {
  const { id, kind, target, parameters, at, state, message, fault } = entry;
  const shown = { id, kind: kind.name, target, parameters, at: new Date(at).toISOString(), state, message };
  if (!truth || fault === undefined) return shown;
  const { truth: known, touched, settlesMs, remedy } = fault;
  return { ...shown, truth: known, touched, settlesMs, remedy };
}
