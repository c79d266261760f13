/** Makes the changes of actions on a simulated cluster and its cloud. Never on any other. */
import { type DirectWrites, type SimulatedCluster } from '@aia/cluster';
import type { Change, CloudCall } from '@aia/contract';
import { asObject } from '../plan/effects/changed-objects.ts';

/** What became of a change. */
export interface Performed {
  /** `not-simulated`: only a person can do it. */
  readonly outcome: 'done' | 'refused' | 'not-simulated';
  readonly message: string;
}

const done = (message: string): Performed => ({ outcome: 'done', message });

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
      return performCall(cluster, change.call);
    case 'manual':
      return { outcome: 'not-simulated', message: change.instruction };
  }
}

function outcomeOf(outcome: ReturnType<DirectWrites['create']>): Performed {
  return outcome.kind === 'done' ? done('done') : { outcome: 'refused', message: outcome.message };
}

function performCall({ cloud }: SimulatedCluster, call: CloudCall): Performed {
  if (cloud === undefined) return { outcome: 'refused', message: 'nothing was read of the cloud around this cluster' };
  try {
    switch (call.operation) {
      case 'request-quota':
        cloud.setLimit(call.metric, call.to, call.region);
        return done(`quota ${call.metric} of ${call.region}: ${call.from} → ${call.to}`);
      case 'set-pool-autoscaling':
        cloud.changePool(call.pool, { autoscaling: call.to });
        return done(`node pool ${call.pool}: new bounds`);
      default:
        return { outcome: 'refused', message: `${call.operation} is not simulated` };
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { outcome: 'refused', message: error.message };
  }
}
