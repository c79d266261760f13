/**
 * What runs beside a CSI driver in a real cluster: makes volumes for claims, and deletes them when their claims are gone.
 * Source: https://kubernetes.io/docs/concepts/storage/dynamic-provisioning/; https://kubernetes-csi.github.io/docs/external-provisioner.html
 */
import type { KindMap, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { DISK_DRIVER } from '../../../cloud/disk-need.ts';
import { driverOf } from '../../../scheduling/storage.ts';
import {
  CSI_DRIVERS,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  STORAGE_CLASSES,
} from '../../api/built-in-types.ts';
import { deleteDisk } from '../../cloud/disks.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { Undertakings } from '../undertakings.ts';
import { PROVISIONED_BY, PROVISIONER, SELECTED_NODE } from './binder-controller.ts';
import { diskNameOf, diskOfVolume, provisionDisk } from './cloud-disk.ts';
import { FINALIZER, isBuiltIn, placeKeysOf, volumeFor, volumeNameOf, type Provisioned } from './provisioned-volume.ts';
import { RecordedRefusals } from './recorded-refusals.ts';
import { classOfClaim } from './volume-match.ts';
import { placeFor } from './volume-place.ts';

type StorageClass = KindMap['StorageClass'];

/** Of a volume whose behaviour says nothing else, in milliseconds. */
export const PROVISION_MS = 2000;
const DELETE_MS = 1000;
/** Between tries, each time twice as long. Source: external-provisioner, `--retry-interval-start`, `--retry-interval-max` */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 300_000;

export function volumeProvisioner(context: SimulationContext): Controller {
  const provisioner = new Provisioner(context);
  return {
    name: 'external-provisioner',
    needs: ['/PersistentVolume', '/PersistentVolumeClaim', 'storage.k8s.io/StorageClass'],
    keysOf,
    reconcile: (key) => (key.startsWith('volume ') ? provisioner.clear(key.slice(7)) : provisioner.provision(key)),
  };
}

class Provisioner {
  readonly #context: SimulationContext;
  readonly #begun = new Undertakings();
  /** How long to wait before the next try, by claim. */
  readonly #retries = new Map<string, number>();

  readonly #refusals: RecordedRefusals;

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#refusals = new RecordedRefusals(context, 'ProvisioningFailed');
  }

  /** Makes the volume of a claim that asks for one. */
  provision(key: string): number | undefined {
    const { api, behaviours, clock } = this.#context;
    const claim = api.store.get(PERSISTENT_VOLUME_CLAIMS, ...namesOf(key));
    const storageClass = claim === undefined ? undefined : api.store.get(STORAGE_CLASSES, '', classOfClaim(claim));
    const isOurs =
      claim !== undefined &&
      isAsked(claim, storageClass) &&
      storageClass !== undefined &&
      isKnown(this.#context, storageClass);
    if (!isOurs || api.store.get(PERSISTENT_VOLUMES, '', volumeNameOf(claim)) !== undefined) {
      this.#begun.forget(key);
      this.#retries.delete(key);
      return undefined;
    }
    const driver = driverOf(storageClass.provisioner ?? '');
    const place = {
      namespace: claim.metadata.namespace ?? '',
      claim: claim.metadata.name,
      storageClass: storageClass.metadata.name,
      driver,
    };
    const { provisionMs = PROVISION_MS, provisionError } = behaviours.volume?.({ ...place, at: clock.now }) ?? {};
    if (!this.#begun.has(key)) {
      const text = `External provisioner is provisioning volume for claim ${JSON.stringify(key)}`;
      this.#tell(claim, driver, 'Normal', 'Provisioning', text);
    }
    const leftMs = this.#begun.leftMs(key, provisionMs, this.#context.clock.now);
    if (leftMs > 0) return leftMs;
    const refused = provisionError ?? this.#refusals.wordsFor(claim, storageClass);
    const made = refused ?? this.#make(claim, storageClass, driver);
    if (typeof made === 'string') return this.#fail(claim, storageClass, driver, made);
    this.#retries.delete(key);
    const text = `Successfully provisioned volume ${volumeNameOf(claim)}`;
    this.#tell(claim, driver, 'Normal', 'ProvisioningSucceeded', text);
    api.create(PERSISTENT_VOLUMES, volumeFor(claim, storageClass, made));
    return undefined;
  }

  /** Deletes a volume that was made here and is released. */
  clear(name: string): number | undefined {
    const { api, cloud } = this.#context;
    const volume = api.store.get(PERSISTENT_VOLUMES, '', name);
    const isOver = volume?.status?.phase === 'Released' && volume.spec?.persistentVolumeReclaimPolicy === 'Delete';
    if (!isOver || volume.metadata.annotations?.[PROVISIONED_BY] === undefined) return undefined;
    const isDeleted =
      volume.metadata.deletionTimestamp !== undefined && !(volume.metadata.finalizers ?? []).some(isOurs);
    if (isDeleted) return undefined;
    const leftMs = this.#begun.leftMs(`volume ${name}`, DELETE_MS, this.#context.clock.now);
    if (leftMs > 0) return leftMs;
    if (cloud !== undefined) deleteDisk(cloud, diskNameOf(volume) ?? '', diskOfVolume(this.#context, cloud, volume));
    api.delete(PERSISTENT_VOLUMES, '', name);
    if (api.store.get(PERSISTENT_VOLUMES, '', name) === undefined) return undefined;
    api.change(PERSISTENT_VOLUMES, '', name, (one) => {
      const finalizers = (one.metadata.finalizers ?? []).filter((finalizer) => !isOurs(finalizer));
      return { ...one, metadata: { ...one.metadata, finalizers } };
    });
    return undefined;
  }

  /** Has the driver make the volume. @returns its words where it does not */
  #make(claim: PersistentVolumeClaim, storageClass: StorageClass, driver: string): Provisioned | string {
    const { cloud } = this.#context;
    if (cloud !== undefined && driver === DISK_DRIVER) {
      const made = provisionDisk(this.#context, cloud, claim, storageClass);
      return 'code' in made ? `rpc error: code = ${made.code} desc = ${made.text}` : made;
    }
    return {
      driver,
      handle: volumeNameOf(claim),
      storage: claim.spec?.resources?.requests?.['storage'] ?? '0',
      place: placeFor(this.#context, claim, storageClass, placeKeysOf(driver)),
    };
  }

  /** Tries again later; a claim that was to be near a node is given back to the scheduler where that place has not got enough. */
  #fail(claim: PersistentVolumeClaim, storageClass: StorageClass, driver: string, why: string): number {
    const { api } = this.#context;
    const { name: className } = storageClass.metadata;
    const text = `failed to provision volume with StorageClass ${JSON.stringify(className)}: ${why}`;
    this.#tell(claim, driver, 'Warning', 'ProvisioningFailed', text);
    const { namespace = '', name, annotations = {} } = claim.metadata;
    const { [SELECTED_NODE]: selected, ...kept } = annotations;
    if (selected !== undefined && why.startsWith('rpc error: code = ResourceExhausted '))
      api.change(PERSISTENT_VOLUME_CLAIMS, namespace, name, (one) => ({
        ...one,
        metadata: { ...one.metadata, annotations: kept },
      }));
    const key = keyOf(claim);
    const retryMs = this.#retries.get(key) ?? FIRST_RETRY_MS;
    this.#retries.set(key, Math.min(LONGEST_RETRY_MS, retryMs * 2));
    return retryMs;
  }

  #tell(claim: PersistentVolumeClaim, driver: string, type: 'Normal' | 'Warning', reason: string, text: string): void {
    this.#context.events.record(claim, type, reason, text, { component: `${driver}_${driver}-controller` });
  }
}

function keysOf(change: Change): readonly string[] {
  if (isChangeOf(change, PERSISTENT_VOLUME_CLAIMS)) return [keyOf(change.object)];
  return isChangeOf(change, PERSISTENT_VOLUMES) ? [`volume ${change.object.metadata.name}`] : [];
}

/** The binder asks through an annotation, the scheduler where the volume waits for its consumer. */
function isAsked({ metadata, spec }: PersistentVolumeClaim, storageClass: StorageClass | undefined): boolean {
  const isOpen = (spec?.volumeName ?? '') === '' && metadata.deletionTimestamp === undefined;
  const isDelayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
  const isPlaced = !isDelayed || metadata.annotations?.[SELECTED_NODE] !== undefined;
  return isOpen && isPlaced && metadata.annotations?.[PROVISIONER] !== undefined;
}

function isKnown({ api }: SimulationContext, { provisioner = '' }: StorageClass): boolean {
  const driver = driverOf(provisioner);
  return isBuiltIn(driver) || api.store.get(CSI_DRIVERS, '', driver) !== undefined;
}

/** The finalizers that the driver's companions put on its volumes. */
function isOurs(finalizer: string): boolean {
  return finalizer === FINALIZER || finalizer.startsWith('external-attacher/');
}
