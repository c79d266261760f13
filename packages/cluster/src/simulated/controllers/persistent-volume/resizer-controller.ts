/**
 * What grows volumes beside a CSI driver: first the volume, then, once a pod has it mounted, the file system.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims; https://kubernetes-csi.github.io/docs/external-resizer.html
 */
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../model/kinds.ts';
import { wholeUnits } from '../../../model/quantity.ts';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { DiskRefusal } from '../../cloud/disks.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { growCloudDisk } from './cloud-disk.ts';
import { RecordedRefusals } from './recorded-refusals.ts';
import { claimKeysOf, StorageIndex } from './storage-index.ts';
import { capacityOf, requestOf } from './volume-match.ts';

type Condition = NonNullable<NonNullable<PersistentVolumeClaim['status']>['conditions']>[number];

const GROW_MS = 2000;
/** Between tries. Source: external-resizer, `--retry-interval-start`, `--retry-interval-max` */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 300_000;
const OWN_CONDITIONS: ReadonlySet<string> = new Set(['Resizing', 'ControllerResizeError', 'FileSystemResizePending']);
const EXPANDER = { component: 'volume_expand' };

export function volumeResizer(context: SimulationContext): Controller {
  const { api } = context;
  const { users } = StorageIndex.of(api.store);
  const begun = new Map<string, number>();
  const refusals = new RecordedRefusals(context, 'VolumeResizeFailed');
  return {
    name: 'external-resizer',
    needs: ['/PersistentVolume', '/Pod'],
    keysOf: (change) => {
      if (isChangeOf(change, PERSISTENT_VOLUME_CLAIMS)) return [keyOf(change.object)];
      const isStart = isChangeOf(change, PODS) && change.previous?.status?.phase !== change.object.status?.phase;
      return isStart ? claimKeysOf(change.object) : [];
    },
    reconcile: (key) => {
      const claim = api.store.get(PERSISTENT_VOLUME_CLAIMS, ...namesOf(key));
      const volume = api.store.get(PERSISTENT_VOLUMES, '', claim?.spec?.volumeName ?? '');
      if (claim === undefined || volume?.spec?.csi === undefined || claim.status?.phase !== 'Bound') return undefined;
      if (requestOf(claim) <= sizeOf(claim)) return undefined;
      if (capacityOf(volume) < requestOf(claim))
        return growVolume(context, claim, volume, begun, refusals.wordsFor(claim, undefined));
      const user = [...users.get(key)].find(
        (pod) => pod.status?.phase === 'Running' && sees(pod, claim, context.clock.now),
      );
      if (user === undefined) return undefined;
      // The kubelet sees the larger volume with its next look at the pod.
      const seenAt = begun.get(`${key} mounted`) ?? context.clock.now + GROW_MS;
      begun.set(`${key} mounted`, seenAt);
      if (seenAt > context.clock.now) return seenAt - context.clock.now;
      begun.delete(`${key} mounted`);
      return growFileSystem(context, claim, volume, user);
    },
  };
}

/** So long after the volume has grown a driver that can do it grows the file system beneath a pod that runs. */
const ONLINE_MS = 300_000;

/** Whether the node of a pod grows the file system: at once, or, where it did not do so beneath the running pod, once that is started anew. */
function sees({ status }: Pod, claim: PersistentVolumeClaim, now: number): boolean {
  const pending = claim.status?.conditions?.find(({ type }) => type === 'FileSystemResizePending');
  const grownAt = Date.parse(pending?.lastTransitionTime ?? '');
  return !(now - grownAt > ONLINE_MS) || Date.parse(status?.startTime ?? '') > grownAt;
}

/** `begun`: when growing volumes are done, by claim; `refused`: words in which it was refused before. */
function growVolume(
  context: SimulationContext,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  begun: Map<string, number>,
  refused: string | undefined,
): number | undefined {
  const { api, clock, events } = context;
  const key = keyOf(claim);
  const { name } = volume.metadata;
  const source = { component: `external-resizer ${volume.spec?.csi?.driver ?? ''}` };
  const doneAt = begun.get(key);
  if (doneAt === undefined) {
    const waiting = 'waiting for an external controller to expand this PVC';
    events.record(claim, 'Normal', 'ExternalExpanding', waiting, EXPANDER);
    events.record(claim, 'Normal', 'Resizing', `External resizer is resizing volume ${name}`, source);
    setConditions(context, claim, [conditionAt('Resizing', '', clock.now)]);
    begun.set(key, clock.now + GROW_MS);
    return GROW_MS;
  }
  if (doneAt > clock.now) return doneAt - clock.now;
  begun.delete(key);
  const why = refused ?? refusalText(growCloudDisk(context, volume, requestOf(claim)));
  if (why !== undefined) return tellOfRefusal(context, claim, volume, why, begun);
  begun.delete(`${key} retry`);
  const storage = claim.spec?.resources?.requests?.['storage'] ?? '0';
  const capacity = { ...volume.spec?.capacity, storage };
  api.change(PERSISTENT_VOLUMES, '', name, (one) => ({ ...one, spec: { ...one.spec, capacity } }));
  if (claim.spec?.volumeMode === 'Block') return finish(context, claim);
  const text = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';
  setConditions(context, claim, [conditionAt('FileSystemResizePending', text, clock.now)]);
  const event = 'Require file system resize of volume on node';
  events.record(claim, 'Normal', 'FileSystemResizeRequired', event, source);
  return GROW_MS;
}

function refusalText(refusal: DiskRefusal | undefined): string | undefined {
  return refusal === undefined ? undefined : `rpc error: code = ${refusal.code} desc = ${refusal.text}`;
}

/** Tries again later, each time after twice as long. */
function tellOfRefusal(
  context: SimulationContext,
  claim: PersistentVolumeClaim,
  { metadata: { name }, spec }: PersistentVolume,
  why: string,
  begun: Map<string, number>,
): number {
  const driver = spec?.csi?.driver ?? '';
  const message = `resize volume ${JSON.stringify(name)} by resizer ${JSON.stringify(driver)} failed: ${why}`;
  context.events.record(claim, 'Warning', 'VolumeResizeFailed', message, { component: `external-resizer ${driver}` });
  const { now } = context.clock;
  setConditions(context, claim, [conditionAt('Resizing', '', now), conditionAt('ControllerResizeError', why, now)]);
  const key = `${keyOf(claim)} retry`;
  const retryMs = begun.get(key) ?? FIRST_RETRY_MS;
  begun.set(key, Math.min(LONGEST_RETRY_MS, retryMs * 2));
  begun.set(keyOf(claim), context.clock.now + retryMs);
  return retryMs;
}

function growFileSystem(
  context: SimulationContext,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  user: Pod,
): undefined {
  const host = user.spec?.nodeName ?? '';
  const text = `MountVolume.NodeExpandVolume succeeded for volume ${JSON.stringify(volume.metadata.name)} ${host}`;
  for (const subject of [user, claim])
    context.events.record(subject, 'Normal', 'FileSystemResizeSuccessful', text, { component: 'kubelet', host });
  return finish(context, claim);
}

function finish(context: SimulationContext, claim: PersistentVolumeClaim): undefined {
  setConditions(context, claim, [], claim.spec?.resources?.requests?.['storage']);
  return undefined;
}

function setConditions(
  { api }: SimulationContext,
  { metadata }: PersistentVolumeClaim,
  given: readonly Condition[],
  storage?: string,
): void {
  api.changeStatus(PERSISTENT_VOLUME_CLAIMS, metadata.namespace ?? '', metadata.name, (one) => {
    const { conditions: before = [], ...status } = one.status ?? {};
    const others = before.filter(({ type }) => !OWN_CONDITIONS.has(type));
    const conditions = [...others, ...given];
    return {
      ...one,
      status: {
        ...status,
        ...(conditions.length === 0 ? {} : { conditions }),
        ...(storage === undefined ? {} : { capacity: { ...status.capacity, storage } }),
      },
    };
  });
}

function conditionAt(type: string, message: string, now: number): Condition {
  const at = timestamp(now);
  return { type, status: 'True', lastTransitionTime: at, ...(message === '' ? {} : { message }) } as Condition;
}

function sizeOf({ status }: PersistentVolumeClaim): number {
  return wholeUnits(status?.capacity?.['storage'] ?? 0) ?? 0;
}
