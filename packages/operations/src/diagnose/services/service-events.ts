/** Events of Services that say that something about them failed, as far as nothing newer says that it went well. */
import { eventTime, type Event, type KubeObject } from '@aia/cluster';
import type { Examination } from '../examination.ts';

/** Reasons of success, each of which settles the failures before it. */
const SETTLED: ReadonlySet<string> = new Set([
  'EnsuredLoadBalancer',
  'UpdatedLoadBalancer',
  'SyncLoadBalancerSuccessful',
  'SuccessfullyReconciled',
  'AddedOrUpdated',
  'IPAllocated',
  'IPChanged',
]);

/**
 * The newest warning about an object that is still current: not older than `windowMs`, and without a later success. Reasons that
 * `isMeant` does not take are passed over.
 */
export function currentWarning(
  { snapshot, now }: Examination,
  object: KubeObject,
  windowMs: number,
  isMeant: (reason: string) => boolean,
): Event | undefined {
  for (const event of snapshot.eventsOf(object)) {
    const { type, reason = '' } = event;
    if (type !== 'Normal' && isMeant(reason)) return now - eventTime(event) <= windowMs ? event : undefined;
    if (type === 'Normal' && SETTLED.has(reason)) return undefined;
  }
  return undefined;
}
