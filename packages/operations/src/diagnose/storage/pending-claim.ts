/** Why a PersistentVolumeClaim is not bound: what events say, else what classes, volumes and pods show. */
import { timeOf, type ClusterSnapshot, type Event, type PersistentVolumeClaim, type Pod } from '@aia/cluster';
import { isReadAtAll } from '../absence.ts';
import { absenceEvidence, eventEvidence, fieldEvidence, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import { parseClaim, type ClaimMessage } from '../messages/claim.ts';
import { eventText } from '../messages/event-text.ts';
import { isLiving } from '../nodes/node-pods.ts';
import { usersOf } from './claim-users.ts';
import {
  classNameOf,
  classOf,
  defaultClasses,
  isRegistered,
  NO_PROVISIONER,
  type StorageClass,
} from './storage-class.ts';

export type PendingCause =
  /** The class it names does not exist. */
  | 'class-missing'
  /** It names no class, and no class is the default. */
  | 'no-class'
  /** The provisioner tried and was refused. */
  | 'provisioning-failed'
  /** No driver of the class's provisioner is registered. */
  | 'provisioner-missing'
  /** The provisioner was asked and has not answered. */
  | 'provisioner-silent'
  /** It takes a volume made by hand, and none fits. */
  | 'no-volume'
  /** The volume that it names is gone, taken or does not fit. */
  | 'mismatch'
  /** Its class waits for a pod that uses it to get a node. */
  | 'waits-for-pod'
  | 'unknown';

/** One claim that is not bound. */
export interface PendingClaim {
  readonly claim: PersistentVolumeClaim;
  readonly cause: PendingCause;
  /** Living pods that use it. */
  readonly pods: readonly Pod[];
  readonly storageClass: string | undefined;
  readonly provisioner: string | undefined;
  readonly volume: string | undefined;
  /** What an event on the claim says about this cause. */
  readonly said: ClaimMessage | undefined;
  readonly evidence: readonly Evidence[];
}

const known = new WeakMap<Examination, Map<PersistentVolumeClaim, PendingClaim>>();

/** Reads one claim whose phase is Pending; computed once per claim. */
export function pendingClaim(examination: Examination, claim: PersistentVolumeClaim): PendingClaim {
  const claims = known.get(examination) ?? new Map<PersistentVolumeClaim, PendingClaim>();
  known.set(examination, claims);
  const found = claims.get(claim) ?? read(examination.snapshot, claim);
  claims.set(claim, found);
  return found;
}

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

interface Said {
  readonly event: Event;
  readonly message: ClaimMessage;
}

interface Verdict {
  readonly cause: PendingCause;
  readonly event?: Said | undefined;
  readonly evidence?: readonly Evidence[];
}

function read(snapshot: ClusterSnapshot, claim: PersistentVolumeClaim): PendingClaim {
  const said = sayings(snapshot, claim);
  const pods = usersOf(snapshot, claim).filter(isLiving);
  const storageClass = classOf(snapshot, claim);
  const { cause, event, evidence = [] } = verdict(snapshot, claim, said, pods, storageClass);
  return {
    claim,
    cause,
    pods,
    storageClass: classNameOf(claim) ?? storageClass?.metadata.name ?? event?.message.storageClass,
    provisioner: storageClass?.provisioner ?? event?.message.driver,
    volume: claim.spec?.volumeName ?? event?.message.volume,
    said: event?.message,
    evidence: [
      ...(event === undefined ? [] : [eventEvidence(event.event)]),
      fieldEvidence(claim, 'status.phase', claim.status?.phase ?? 'Pending'),
      ...evidence,
    ],
  };
}

/** Newest first. */
function sayings(snapshot: ClusterSnapshot, claim: PersistentVolumeClaim): readonly Said[] {
  return snapshot.eventsOf(claim).flatMap((event) => {
    const message = parseClaim(event.reason ?? '', eventText(event));
    return message === undefined ? [] : [{ event, message }];
  });
}

function verdict(
  snapshot: ClusterSnapshot,
  claim: PersistentVolumeClaim,
  said: readonly Said[],
  pods: readonly Pod[],
  storageClass: StorageClass | undefined,
): Verdict {
  const saying = (...causes: readonly ClaimMessage['cause'][]) =>
    said.find(({ message }) => causes.includes(message.cause));
  const refused = said.find(({ event, message }) => event.type !== 'Normal' && FAILED.has(message.cause));
  return (
    namedVolume(snapshot, claim, saying('mismatch')) ??
    missingClass(snapshot, claim, storageClass, saying('class-missing')) ??
    (refused === undefined ? undefined : { cause: 'provisioning-failed', event: refused }) ??
    staticClaim(snapshot, claim, saying('no-class'), pods, storageClass) ??
    provisioned(snapshot, claim, pods, storageClass, saying('waits-for-provisioner'), saying('waits-for-pod')) ?? {
      cause: 'unknown',
      event: said[0],
    }
  );
}

const FAILED: ReadonlySet<ClaimMessage['cause']> = new Set(['cloud', 'timeout', 'other']);

/** A claim that names its volume waits for that one alone. */
function namedVolume(
  snapshot: ClusterSnapshot,
  claim: PersistentVolumeClaim,
  said: Said | undefined,
): Verdict | undefined {
  const name = claim.spec?.volumeName ?? '';
  if (said !== undefined) return { cause: 'mismatch', event: said };
  if (name === '' || snapshot.list('PersistentVolume').length === 0) return undefined;
  const volume = snapshot.get('PersistentVolume', '', name);
  const path = fieldEvidence(claim, 'spec.volumeName', name);
  if (volume === undefined)
    return {
      cause: 'mismatch',
      evidence: [path, absenceEvidence('PersistentVolume', '', name, 'not among the volumes of the cluster')],
    };
  const { namespace = '', name: holder } = volume.spec?.claimRef ?? {};
  const isTaken = holder !== undefined && (holder !== claim.metadata.name || namespace !== claim.metadata.namespace);
  const evidence = isTaken
    ? fieldEvidence(volume, 'spec.claimRef.name', `${namespace}/${holder}`)
    : fieldEvidence(volume, 'status.phase', volume.status?.phase ?? '');
  return { cause: 'mismatch', evidence: [path, evidence] };
}

function missingClass(
  snapshot: ClusterSnapshot,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass | undefined,
  said: Said | undefined,
): Verdict | undefined {
  const name = classNameOf(claim) ?? '';
  if (storageClass !== undefined || name === '') return undefined;
  const isAbsent = isReadAtAll(snapshot, 'StorageClass');
  // Volumes made by hand carry a class name without an object of it.
  if (snapshot.list('PersistentVolume').some(({ spec }) => spec?.storageClassName === name))
    return { cause: 'no-volume', event: said };
  if (!isAbsent) return said === undefined ? undefined : { cause: 'class-missing', event: said };
  const text = 'not among the StorageClasses of the cluster';
  return {
    cause: 'class-missing',
    event: said,
    evidence: [absenceEvidence('StorageClass', '', name, text, 'storage.k8s.io')],
  };
}

/** Claims that no provisioner serves. */
function staticClaim(
  snapshot: ClusterSnapshot,
  claim: PersistentVolumeClaim,
  said: Said | undefined,
  pods: readonly Pod[],
  storageClass: StorageClass | undefined,
): Verdict | undefined {
  const name = classNameOf(claim);
  if (name === '') return { cause: 'no-volume', event: said };
  if (name === undefined && storageClass === undefined) {
    if (said !== undefined) return { cause: 'no-class', event: said };
    if (snapshot.list('StorageClass').length === 0 || defaultClasses(snapshot).length > 0) return undefined;
    const text = 'no StorageClass is marked as the default';
    return { cause: 'no-class', evidence: [absenceEvidence('StorageClass', '', '(default)', text, 'storage.k8s.io')] };
  }
  if (storageClass?.provisioner !== NO_PROVISIONER) return undefined;
  return isDelayed(storageClass) && pods.length === 0 ? undefined : { cause: 'no-volume', event: said };
}

function provisioned(
  snapshot: ClusterSnapshot,
  claim: PersistentVolumeClaim,
  pods: readonly Pod[],
  storageClass: StorageClass | undefined,
  asked: Said | undefined,
  waits: Said | undefined,
): Verdict | undefined {
  if (storageClass === undefined) {
    if (asked !== undefined) return { cause: 'provisioner-silent', event: asked };
    return waits === undefined ? undefined : { cause: 'waits-for-pod', event: waits };
  }
  const isPlaced =
    claim.metadata.annotations?.[SELECTED_NODE] !== undefined ||
    pods.some(({ spec }) => (spec?.nodeName ?? '') !== '') ||
    (asked !== undefined && (waits === undefined || timeAt(asked) >= timeAt(waits)));
  const mode = fieldEvidence(storageClass, 'volumeBindingMode', storageClass.volumeBindingMode ?? 'Immediate');
  if (isDelayed(storageClass) && !isPlaced) return { cause: 'waits-for-pod', event: waits, evidence: [mode] };
  const { provisioner = '' } = storageClass;
  if (isRegistered(snapshot, provisioner) !== false)
    return {
      cause: 'provisioner-silent',
      event: asked,
      evidence: [fieldEvidence(storageClass, 'provisioner', provisioner)],
    };
  const text = 'neither a CSIDriver nor a driver on any node';
  return {
    cause: 'provisioner-missing',
    event: asked,
    evidence: [absenceEvidence('CSIDriver', '', provisioner, text, 'storage.k8s.io')],
  };
}

function timeAt({ event }: Said): number {
  return timeOf(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp) ?? 0;
}

function isDelayed({ volumeBindingMode }: StorageClass): boolean {
  return volumeBindingMode === 'WaitForFirstConsumer';
}
