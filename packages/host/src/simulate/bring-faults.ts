/** Faults that the command line asks for. */
import type { FaultLedger } from '@aia/cluster/faults';
import { checkParameters, FAULT_KINDS, NoTargetError, type FaultKind } from '@aia/cluster/faults';
import { UsageError } from '../cli/exit.ts';
import { nearMisses } from '../cli/near-misses.ts';
import type { FaultSpec } from './fault-spec.ts';

/** What is asked for, and when. */
export interface WantedFaults {
  readonly fault?: readonly FaultSpec[];
  /** Milliseconds of the cluster's time. */
  readonly faultAfter?: number;
}

/** @throws UsageError for a kind that is not known, with the nearest ones */
export function faultKind(name: string): FaultKind {
  const kind = FAULT_KINDS.get(name);
  if (kind !== undefined) return kind;
  const near = nearMisses(name, [...FAULT_KINDS.keys()]);
  throw new UsageError(`no fault "${name}"; did you mean ${near.join(', ')}?`);
}

/** What can be told before there is a cluster. @throws UsageError */
export function checkFaults({ fault = [] }: WantedFaults): void {
  for (const { kind, parameters } of fault) asMistake(() => checkParameters(faultKind(kind), parameters));
}

/** Brings them about, or notes that they are to come. @throws UsageError where the cluster has nothing that they could befall */
export function bringFaults(ledger: FaultLedger, { fault = [], faultAfter = 0 }: WantedFaults): void {
  for (const one of fault) asMistake(() => ledger.bring({ ...one, afterMs: faultAfter }));
}

function asMistake<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof NoTargetError || error instanceof RangeError)
      throw new UsageError(`--fault: ${error.message}`, { cause: error });
    throw error;
  }
}
