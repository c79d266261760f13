/** A scheduler over a store and nothing else: no admission, no kubelets, no controllers. */
import type { Node, Pod } from '../../model/kinds.ts';
import { ApiServer } from '../api/api-server.ts';
import { BUILT_IN_TYPES, EVENTS, NODES, PODS } from '../api/built-in-types.ts';
import { ResourceTypes } from '../api/resource-types.ts';
import { createRandom } from '../clock/random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { EventRecorder } from '../events/event-recorder.ts';
import { ObjectStore } from '../store/object-store.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { Scheduler } from './scheduler.ts';

export function bareScheduler(seed: string, options: SchedulerOptions = {}) {
  const clock = new VirtualClock(Date.UTC(2025, 0, 1));
  const store = new ObjectStore(() => clock.now);
  const random = createRandom(seed);
  const api = new ApiServer({
    store,
    types: new ResourceTypes(BUILT_IN_TYPES),
    clock,
    random: random.fork('api'),
    strategies: new Map(),
    admission: [],
  });
  const events = new EventRecorder(api, clock);
  const scheduler = new Scheduler({
    api,
    clock,
    events,
    random,
    serverVersion: 'v1.36.2',
    unread: new Set(),
    scheduler: options,
  });
  return {
    api,
    clock,
    store,
    scheduler,
    pods: (): readonly Pod[] => [...store.list(PODS)],
    pod: (name: string): Pod | undefined => store.get(PODS, 'shop', name),
    events: () => [...store.list(EVENTS)],
    /** Puts objects into the store as they are, uid and status included. */
    putNode: (node: unknown): Node => store.put(NODES, node as Node),
    putPod: (pod: unknown): Pod => store.put(PODS, withUid(pod as Pod)),
    settle: (ms = 5) => clock.advance(ms),
  };
}

function withUid(pod: Pod): Pod {
  return { ...pod, metadata: { uid: `uid-${pod.metadata.name}`, ...pod.metadata } };
}
