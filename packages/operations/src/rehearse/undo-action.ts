/** Takes back what an action did on the twin. */
import type { DirectWrites, SimulatedCluster } from '@aia/cluster';
import type { Action } from '@aia/contract';
import { performChange } from './perform-change.ts';
import { unrestored, type TouchedSpecs } from './touched-specs.ts';

/** Where actions are tried. */
export interface Scene {
  readonly cluster: SimulatedCluster;
  readonly writes: DirectWrites;
}

/** Between two attempts to undo a change of what is still going, virtual. */
const RETRY_MS = 10_000;
const MOST_RETRIES = 30;

/** Makes the changes of its inverse, where it has one; time passes where that has to wait. @returns what is not as it was `before`, in words */
export function undoAction(
  { inverse }: Pick<Action, 'inverse'>,
  { cluster, writes }: Scene,
  before: TouchedSpecs,
): readonly string[] {
  if (inverse.kind === 'irreversible') return [];
  for (const { change } of inverse.steps)
    for (let i = 0; i < MOST_RETRIES; i++) {
      const { outcome, isPassing } = performChange(cluster, writes, change);
      if (outcome !== 'refused' || isPassing !== true) break;
      cluster.clock.advance(RETRY_MS);
    }
  return unrestored(before, (ref) => writes.read(ref));
}
