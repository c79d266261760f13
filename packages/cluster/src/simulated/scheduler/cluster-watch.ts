/** Carries what happens in the store into the scheduler's world and queue. Source: `pkg/scheduler/eventhandlers.go` */
import type { KindMap, Node, Pod } from '../../model/kinds.ts';
import { namespacedName } from '../../model/resource-ref.ts';
import { isFinished } from '../../scheduling/pod-owner.ts';
import type { Change } from '../store/object-store.ts';
import type { NominatedPods } from './nominated-pods.ts';
import type { PodTemplates } from './pod-template.ts';
import { hasOtherLabels, hasOtherTaints } from './queueing-hints.ts';
import type { SchedulerWorld } from './scheduler-world.ts';
import type { SchedulingQueue } from './scheduling-queue.ts';

/** What the watch feeds. */
export interface Watched {
  readonly world: SchedulerWorld;
  readonly queue: SchedulingQueue;
  readonly nominated: NominatedPods;
  readonly templates: PodTemplates;
  /** Told of a claim that changed, after the world was. */
  claimChanged(key: string): void;
  /** Told that Services or workloads changed, by which pods belong together. */
  belongingChanged(): void;
}

/** The scheduler that the cluster has; pods that name another are left to it. */
export const SCHEDULER_NAME = 'default-scheduler';

type Handler = (watched: Watched, change: Change) => void;

const storage: Handler = ({ world, queue }) => {
  world.storageChanged();
  queue.happened({ kind: 'storage' });
};
const belonging: Handler = (watched, { kind, object, previous }) => {
  if (kind === 'MODIFIED' && selectorText(object) === selectorText(previous)) return;
  watched.belongingChanged();
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  '/Pod': podChanged,
  '/Node': nodeChanged,
  '/PersistentVolume': storage,
  '/PersistentVolumeClaim': (watched, { object }) => {
    watched.world.storageChanged();
    const claim = namespacedName(object);
    watched.queue.happened({ kind: 'storage', claim });
    watched.claimChanged(claim);
  },
  'storage.k8s.io/StorageClass': storage,
  'storage.k8s.io/CSINode': (watched, change) => {
    watched.world.limitsChanged(change.object.metadata.name);
    watched.queue.happened({ kind: 'storage' });
  },
  '/Namespace': ({ world }, { kind, object, previous }) => {
    if (kind === 'MODIFIED' && JSON.stringify(object.metadata.labels) !== JSON.stringify(previous?.metadata.labels))
      world.namespaceChanged();
  },
  '/Service': belonging,
  '/ReplicationController': belonging,
  'apps/ReplicaSet': belonging,
  'apps/StatefulSet': belonging,
};

/** Takes note of one change. */
export function noteChange(watched: Watched, change: Change): void {
  HANDLERS[`${change.type.group}/${change.type.kind}`]?.(watched, change);
}

function nodeChanged({ world, queue }: Watched, { kind, object, previous }: Change): void {
  const node = object as Node;
  if (kind === 'DELETED') {
    world.removeNode(node.metadata.name);
    queue.happened({ kind: 'node-gone', node });
    return;
  }
  const before = previous as Node | undefined;
  if (before === undefined) world.addNode(node);
  else {
    const hasOthers = hasOtherLabels(node, before) || hasOtherTaints(node, before);
    if (!hasOthers && isSameForPods(node, before)) return;
    world.changeNode(node, !hasOthers);
  }
  queue.happened({ kind: 'node', node, ...(before === undefined ? {} : { previous: before }) });
}

/** Whether nothing changed but what kubelets report all the time. */
function isSameForPods(a: Node, b: Node): boolean {
  return (
    a.spec?.unschedulable === b.spec?.unschedulable &&
    a.status?.images === b.status?.images &&
    (a.status?.allocatable === b.status?.allocatable ||
      JSON.stringify(a.status?.allocatable) === JSON.stringify(b.status?.allocatable))
  );
}

function podChanged(watched: Watched, { kind, object, previous }: Change): void {
  const pod = object as Pod;
  const isGone = kind === 'DELETED' || isFinished(pod);
  const nodeName = pod.spec?.nodeName ?? '';
  if (isGone) podGone(watched, pod);
  else if (nodeName !== '') podPlaced(watched, pod, nodeName, previous as Pod | undefined);
  else podWaits(watched, pod, previous as Pod | undefined);
}

function podGone({ world, queue, nominated }: Watched, pod: Pod): void {
  const uid = pod.metadata.uid ?? '';
  nominated.forget(uid);
  const waiting = queue.get(uid)?.profile;
  queue.remove(uid);
  const gone = world.profileOf(uid);
  world.remove(uid);
  // Also one that only had a place in view leaves it to others.
  if (gone !== undefined) queue.happened({ kind: 'pod-gone', pod: gone });
  else if (waiting?.pod.status?.nominatedNodeName !== undefined) {
    world.version++;
    queue.happened({ kind: 'pod-gone', pod: waiting });
  }
}

function podPlaced(watched: Watched, pod: Pod, nodeName: string, previous: Pod | undefined): void {
  const { world, queue, nominated } = watched;
  const uid = pod.metadata.uid ?? '';
  const known = world.profileOf(uid);
  if (known !== undefined && world.nodeNameOf(uid) === nodeName && isSameForOthers(pod, known.pod)) known.renew(pod);
  else {
    const profile = watched.templates.profile(pod);
    world.remove(uid);
    world.place(profile, nodeName);
    if (known !== undefined) queue.happened({ kind: 'pod', pod: profile, previous: known });
  }
  if ((previous?.spec?.nodeName ?? '') !== '') return;
  queue.remove(uid);
  nominated.forget(uid);
  const placed = world.profileOf(uid);
  if (placed !== undefined) queue.happened({ kind: 'pod', pod: placed });
}

/** Whether other pods' filters see no difference. */
function isSameForOthers(now: Pod, before: Pod): boolean {
  return (
    (now.metadata.deletionTimestamp === undefined) === (before.metadata.deletionTimestamp === undefined) &&
    (now.metadata.labels === before.metadata.labels ||
      JSON.stringify(now.metadata.labels) === JSON.stringify(before.metadata.labels)) &&
    isSameSize(now, before)
  );
}

/** Whether nothing was resized. */
function isSameSize(now: Pod, before: Pod): boolean {
  const sizes = ({ status }: Pod) =>
    status?.containerStatuses?.map((each) => [each.allocatedResources, each.resources]);
  const isSameSpec = now.spec === before.spec || JSON.stringify(sizesOf(now)) === JSON.stringify(sizesOf(before));
  if (!isSameSpec || now.status?.containerStatuses === before.status?.containerStatuses) return isSameSpec;
  return JSON.stringify(sizes(now)) === JSON.stringify(sizes(before));
}

function sizesOf({ spec }: Pod): unknown {
  return [spec?.containers.map(({ resources }) => resources), spec?.initContainers?.map(({ resources }) => resources)];
}

function podWaits(watched: Watched, pod: Pod, previous: Pod | undefined): void {
  const { world, queue } = watched;
  const uid = pod.metadata.uid ?? '';
  // One that waits for its volumes has its place already.
  if ((pod.spec?.schedulerName ?? SCHEDULER_NAME) !== SCHEDULER_NAME || world.isPlaced(uid)) return;
  const waiting = queue.get(uid);
  if (waiting === undefined) {
    const profile = watched.templates.profile(pod);
    queue.add(uid, profile);
    watched.nominated.set(profile, pod.status?.nominatedNodeName ?? '');
    return;
  }
  const isOther = previous === undefined || isJudgedOtherwise(pod, previous);
  if (isOther) queue.renew(uid, watched.templates.profile(pod), true);
  else {
    waiting.profile.renew(pod);
    queue.renew(uid, waiting.profile, false);
  }
  const nominated = pod.status?.nominatedNodeName ?? '';
  if (nominated === (previous?.status?.nominatedNodeName ?? '')) return;
  world.version++;
  watched.nominated.set(waiting.profile, nominated);
}

function isJudgedOtherwise(now: Pod, before: Pod): boolean {
  return (
    JSON.stringify(now.metadata.labels) !== JSON.stringify(before.metadata.labels) ||
    (now.spec !== before.spec && JSON.stringify(now.spec) !== JSON.stringify(before.spec)) ||
    (now.metadata.deletionTimestamp === undefined) !== (before.metadata.deletionTimestamp === undefined)
  );
}

function selectorText(object: unknown): string {
  const { selector } = (object as KindMap['ReplicaSet'] | undefined)?.spec ?? {};
  return JSON.stringify(selector) ?? '';
}
