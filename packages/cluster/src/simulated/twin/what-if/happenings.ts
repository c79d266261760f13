/** What happens in a cluster while time passes, as a person would tell it. */
import type { Event, KindMap, Node, Pod, Service } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import type { Change } from '../../store/object-store.ts';
import { entityOf } from '../../entity.ts';
import { addressesOf, isReadyNode } from './cluster-state.ts';
import { standingOf } from './pod-standing.ts';
import { workloadEntity } from './workload-of.ts';

/** One thing that happened. */
export interface Happening {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly type: 'pod' | 'node' | 'service' | 'claim' | 'event';
  /** `Pod shop/web-1`, `Node n1`. */
  readonly entity: string;
  /** Workload that a pod is of; otherwise the entity itself. */
  readonly about: string;
  /** What of it: `is scheduled`, `fails with OOMKilled`. */
  readonly message: string;
}

/** Begins to write down. @returns ends it, and gives what happened in its order; the same event of the same object once */
export function watchHappenings({ api: { store } }: SimulatedCluster): () => readonly Happening[] {
  const happenings: Happening[] = [];
  const known = new Set<string>();
  const lookup: Lookup = {
    of: (object) => workloadEntity(store, object),
    byUid: (uid) => {
      const found = store.byUid(uid);
      return found && workloadEntity(store, found);
    },
  };
  const stop = store.listen((change) => {
    const own = entityOf(change.object);
    for (const { message, type, about = own, entity = own } of TELLERS[change.type.kind]?.(change, lookup) ?? []) {
      const key = `${entity}\n${message}`;
      if (type === 'event' && known.has(key)) continue;
      known.add(key);
      happenings.push({ at: change.at, type, entity, about, message });
    }
  });
  return () => {
    stop();
    return happenings;
  };
}

interface Told {
  readonly type: Happening['type'];
  readonly message: string;
  readonly entity?: string;
  readonly about?: string;
}

/** Workloads of objects. */
interface Lookup {
  readonly of: (object: KubeObject) => string;
  readonly byUid: (uid: string) => string | undefined;
}

type Teller = (change: Change, workload: Lookup) => readonly Told[];

const TELLERS: Readonly<Record<string, Teller>> = {
  Pod: (change, workload) => {
    const about = workload.of(change.object);
    return podMessages(change as Change<Pod>).map((message) => ({ type: 'pod', message, about }));
  },
  Node: (change) => nodeMessages(change as Change<Node>).map((message) => ({ type: 'node', message })),
  Service: (change) => serviceMessages(change as Change<Service>).map((message) => ({ type: 'service', message })),
  PersistentVolumeClaim: (change) =>
    claimMessages(change as Change<Claim>).map((message) => ({ type: 'claim', message })),
  Event: (change, workload) => eventsOf(change as Change<Event>, workload),
};

type Claim = KindMap['PersistentVolumeClaim'];

function podMessages({ kind, object, previous }: Change<Pod>): readonly string[] {
  if (kind === 'DELETED') return ['is gone'];
  const told: string[] = [];
  if (previous === undefined) told.push('is made');
  const node = object.spec?.nodeName ?? '';
  if (node !== '' && node !== previous?.spec?.nodeName) told.push('is scheduled');
  const [now, before] = [standingOf(object), previous === undefined ? undefined : standingOf(previous)];
  const isNew = now.standing !== before?.standing;
  if (now.standing === 'ready' && isNew) told.push('is ready');
  if (now.standing === 'completed' && isNew) told.push('is completed');
  if (now.standing === 'ending' && isNew) told.push('is told to end');
  if (now.standing === 'failing' && (isNew || now.reason !== before.reason)) told.push(`fails: ${now.reason}`);
  if (now.standing === 'unscheduled' && now.reason !== '' && (isNew || now.reason !== before.reason))
    told.push(`waits: ${whyWaiting(object) ?? now.reason}`);
  return told;
}

/** What the scheduler says, without what it says of preemption. */
function whyWaiting({ status }: Pod): string | undefined {
  const message = status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
  return message?.replace(/ (?:no new claims to deallocate, )?preemption: .*$/s, '');
}

function nodeMessages({ kind, object, previous }: Change<Node>): readonly string[] {
  if (kind === 'DELETED') return ['is gone'];
  const told: string[] = [];
  if (previous === undefined) told.push('joins');
  const [now, before] = [isReadyNode(object), previous !== undefined && isReadyNode(previous)];
  if (now && !before) told.push('is ready');
  if (!now && before) told.push('is not ready any more');
  const cordoned = object.spec?.unschedulable === true;
  if (cordoned !== (previous?.spec?.unschedulable === true)) told.push(cordoned ? 'is cordoned' : 'is uncordoned');
  return told;
}

function serviceMessages({ kind, object, previous }: Change<Service>): readonly string[] {
  const before = previous === undefined ? [] : addressesOf(previous);
  const now = kind === 'DELETED' ? [] : addressesOf(object);
  return [
    ...before.filter((one) => !now.includes(one)).map((one) => `gives up the address ${one}`),
    ...now.filter((one) => kind !== 'ADDED' && !before.includes(one)).map((one) => `gets the address ${one}`),
    ...(kind === 'DELETED' ? ['is gone'] : []),
  ];
}

function claimMessages({ kind, object, previous }: Change<Claim>): readonly string[] {
  if (kind === 'DELETED') return ['is gone'];
  const { phase = '' } = object.status ?? {};
  return phase !== previous?.status?.phase && phase !== 'Pending' ? [`is ${phase}`] : [];
}

/** Normal events that tell what somebody decided; the others are told by what they did to the objects. */
const DECISIONS: ReadonlySet<string> = new Set([
  'TriggeredScaleUp',
  'NotTriggerScaleUp',
  'ScaledUpGroup',
  'ScaleDown',
  'ScaleDownEmpty',
  'SuccessfulRescale',
  'ProvisioningSucceeded',
  'Preempted',
]);

/** Warnings that the objects they are about show as well. */
const SHOWN: ReadonlySet<string> = new Set(['FailedScheduling', 'BackOff', 'NodeNotReady', 'Failed', 'ErrImagePull']);

function eventsOf({ kind, object, previous }: Change<Event>, of: Lookup): readonly Told[] {
  const { type, reason = '', message = '', involvedObject = {} } = object;
  if (kind === 'DELETED' || previous !== undefined) return [];
  if (type === 'Warning' ? SHOWN.has(reason) : !DECISIONS.has(reason)) return [];
  const { kind: about = '', namespace, name = '', uid = '' } = involvedObject;
  const entity = `${about} ${namespace === undefined ? name : `${namespace}/${name}`}`;
  return [{ type: 'event', message: `${reason}: ${message}`, entity, about: of.byUid(uid) ?? entity }];
}
