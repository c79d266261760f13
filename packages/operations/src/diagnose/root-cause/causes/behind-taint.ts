/** Weighs whether pods wait for what only tainted nodes have. */
import type { SchedulingWorld } from '@aia/cluster';
import type { Weighing } from '@aia/contract';
import type { SchedulingClass } from '../../messages/message.ts';
import { STRENGTH } from '../hypothesis.ts';
import { isHeldByTaint } from './held-by-node-state.ts';
import type { Waiting } from './waiting-pods.ts';

/**
 * For the taint and against the selector where every pod would run on tainted nodes alone. The scheduler asks for tolerations first and says nothing of
 * the labels of nodes that it refuses so. `undefined` where it is otherwise.
 */
export function behindTaint(
  reason: SchedulingClass,
  group: readonly Waiting[],
  world: SchedulingWorld,
): Weighing | undefined {
  if (reason !== 'taint' && reason !== 'affinity') return undefined;
  if (!group.every((one) => isHeldByTaint(one, world))) return undefined;
  return reason === 'taint'
    ? { observation: 'only nodes with the taint have what the pods ask for', ratio: STRENGTH.measured }
    : { observation: 'nodes with these labels are there, and tainted', ratio: STRENGTH.contradicted };
}
