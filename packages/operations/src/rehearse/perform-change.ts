/** Makes the changes of actions on a simulated cluster and its cloud. Never on any other. */
import type { DirectOutcome, DirectWrites, SimulatedCluster } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { asObject } from '../plan/effects/changed-objects.ts';
import { performCall } from './perform-call.ts';
import { done, refused, type Performed } from './performed.ts';

/** Makes one change. */
export function performChange(cluster: SimulatedCluster, writes: DirectWrites, change: Change): Performed {
  switch (change.kind) {
    case 'create':
      return outcomeOf(writes.create(asObject(change.object)));
    case 'patch':
      return outcomeOf(writes.patch(change.target, change.patch));
    case 'delete':
      return outcomeOf(
        writes.remove(change.target, {
          ...(change.gracePeriodSeconds !== undefined && { gracePeriodSeconds: change.gracePeriodSeconds }),
          ...(change.propagationPolicy !== undefined && { propagationPolicy: change.propagationPolicy }),
        }),
      );
    case 'scale':
      return outcomeOf(writes.scale(change.target, change.replicas));
    case 'evict':
      return outcomeOf(writes.evict(change.target));
    case 'cloud':
      return performCall(cluster, writes, change.call);
    case 'manual':
      return { outcome: 'not-simulated', message: change.instruction };
  }
}

/** Reasons that time takes away. */
const PASSING: ReadonlySet<string> = new Set(['TooManyRequests', 'AlreadyExists', 'Conflict']);

function outcomeOf(outcome: DirectOutcome): Performed {
  if (outcome.kind === 'done') return done('done');
  return { ...refused(outcome.message), ...(PASSING.has(outcome.reason) && { isPassing: true }) };
}
