/**
 * Brings PersistentVolumeClaims and PersistentVolumes together.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#lifecycle-of-a-volume-and-claim; `pkg/controller/volume/persistentvolume`
 */
import type { PersistentVolume, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, STORAGE_CLASSES } from '../../api/built-in-types.ts';
import { defaultStorageClassOf, saysClass } from '../../api/default-class.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import { StorageIndex } from './storage-index.ts';
import { bestVolume, classOfClaim, isClaimedBy, mismatchOf } from './volume-match.ts';

type ClaimPhase = 'Pending' | 'Bound' | 'Lost';

export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
export const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const PROVISIONER_BETA = 'volume.beta.kubernetes.io/storage-provisioner';
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** Source: `--pvclaimbinder-sync-period` */
const RESYNC_MS = 15_000;
const SOURCE = { component: 'persistentvolume-controller' };

export function persistentVolumeBinder(context: SimulationContext): Controller {
  const binder = new Binder(context);
  return {
    name: 'persistentvolume-binder-controller',
    needs: ['/PersistentVolume', '/PersistentVolumeClaim', 'storage.k8s.io/StorageClass'],
    keysOf,
    reconcile: (key) => {
      const [kind, name] = [key.slice(0, 6), key.slice(6)];
      return kind === 'claim ' ? binder.syncClaim(name) : binder.syncVolume(name.trimStart());
    },
  };
}

function keysOf(change: Change): readonly string[] {
  if (isChangeOf(change, PERSISTENT_VOLUME_CLAIMS)) {
    const { object } = change;
    const volume = object.spec?.volumeName ?? '';
    return [`claim ${keyOf(object)}`, ...(volume === '' ? [] : [`volume ${volume}`])];
  }
  if (!isChangeOf(change, PERSISTENT_VOLUMES)) return [];
  const { name, namespace } = change.object.spec?.claimRef ?? {};
  const own = `volume ${change.object.metadata.name}`;
  return name === undefined ? [own] : [own, `claim ${namespace ?? ''}/${name}`];
}

class Binder {
  readonly #context: SimulationContext;
  readonly #index: StorageIndex;

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#index = StorageIndex.of(context.api.store);
  }

  syncClaim(key: string): number | undefined {
    const claim = this.#claim(key);
    if (claim === undefined) return undefined;
    if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) return this.#syncBound(claim);
    return (claim.spec?.volumeName ?? '') === '' ? this.#syncOpen(claim, key) : this.#syncWanted(claim);
  }

  syncVolume(name: string): number | undefined {
    const volume = this.#context.api.store.get(PERSISTENT_VOLUMES, '', name);
    if (volume === undefined) return undefined;
    const { claimRef } = volume.spec ?? {};
    if ((claimRef?.uid ?? '') === '') return this.#setVolumePhase(volume, 'Available');
    const named = this.#claim(`${claimRef?.namespace ?? ''}/${claimRef?.name ?? ''}`);
    const claim = named?.metadata.uid === claimRef?.uid ? named : undefined;
    if (claim === undefined) return this.#release(volume);
    const bound = claim.spec?.volumeName ?? '';
    if (bound === name) return this.#setVolumePhase(volume, 'Bound');
    // The claim's own look completes the binding, or it is bound elsewhere already.
    if (bound === '') return undefined;
    const isSpare = volume.metadata.annotations?.[PROVISIONED_BY] !== undefined;
    if (isSpare && volume.spec?.persistentVolumeReclaimPolicy === 'Delete') return this.#release(volume);
    return this.#unbind(volume);
  }

  /** The claim names no volume. */
  #syncOpen(claim: PersistentVolumeClaim, key: string): number | undefined {
    const isDelayed = this.#isDelayed(claim);
    const volume = bestVolume(this.#index.candidates(key, classOfClaim(claim)), claim, isDelayed);
    if (volume !== undefined) return this.#bind(volume, claim);
    if (this.#assignDefaultClass(claim)) return undefined;
    if (isDelayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined) this.#tellThatItWaits(claim, key);
    else if (classOfClaim(claim) !== '') this.#askProvisioner(claim);
    else {
      const text = 'no persistent volumes available for this claim and no storage class is set';
      this.#tell(claim, 'Normal', 'FailedBinding', text);
    }
    this.#setClaim(claim, 'Pending');
    return RESYNC_MS;
  }

  /** A claim that was there before any default class was. The change has the claim looked at again. */
  #assignDefaultClass(claim: PersistentVolumeClaim): boolean {
    const { api } = this.#context;
    const found = saysClass(claim) ? undefined : defaultStorageClassOf(api.store);
    if (found === undefined) return false;
    api.change(PERSISTENT_VOLUME_CLAIMS, claim.metadata.namespace ?? '', claim.metadata.name, (one) => ({
      ...one,
      spec: { ...one.spec, storageClassName: found.metadata.name },
    }));
    return true;
  }

  /** The claim names a volume, and the binding is not completed. */
  #syncWanted(claim: PersistentVolumeClaim): number | undefined {
    const name = claim.spec?.volumeName ?? '';
    const volume = this.#context.api.store.get(PERSISTENT_VOLUMES, '', name);
    if (volume !== undefined && volume.spec?.claimRef === undefined) {
      const mismatch = mismatchOf(volume, claim);
      if (mismatch === undefined) return this.#bind(volume, claim);
      const text = `Cannot bind to requested volume ${JSON.stringify(name)}: ${mismatch}`;
      this.#tell(claim, 'Warning', 'VolumeMismatch', text);
    } else if (volume !== undefined && isClaimedBy(volume, claim)) return this.#bind(volume, claim);
    else if (volume !== undefined) {
      const text = `volume ${JSON.stringify(name)} already bound to a different claim.`;
      this.#tell(claim, 'Warning', 'FailedBinding', text);
    }
    this.#setClaim(claim, 'Pending');
    return RESYNC_MS;
  }

  #syncBound(claim: PersistentVolumeClaim): undefined {
    const name = claim.spec?.volumeName ?? '';
    const volume = this.#context.api.store.get(PERSISTENT_VOLUMES, '', name);
    if (name === '' || volume === undefined) {
      const lost = name === '' ? 'reference to PersistentVolume' : 'its PersistentVolume';
      return this.#lose(claim, 'ClaimLost', `Bound claim has lost ${lost}. Data on the volume is lost!`);
    }
    const owner = volume.spec?.claimRef?.uid;
    if (owner === undefined || owner === claim.metadata.uid) return this.#bind(volume, claim);
    const text = 'Two claims are bound to the same volume, this one is bound incorrectly';
    return this.#lose(claim, 'ClaimMisbound', text);
  }

  #bind(given: PersistentVolume, claim: PersistentVolumeClaim): undefined {
    const { api } = this.#context;
    const { name } = given.metadata;
    const volume = api.change(PERSISTENT_VOLUMES, '', name, (one) => boundVolume(one, claim));
    this.#setVolumePhase(volume, 'Bound');
    const { namespace = '', name: claimName } = claim.metadata;
    const bound = api.change(PERSISTENT_VOLUME_CLAIMS, namespace, claimName, (one) => boundClaim(one, name));
    this.#setClaim(bound, 'Bound', volume);
    return undefined;
  }

  #askProvisioner(claim: PersistentVolumeClaim): void {
    const { api } = this.#context;
    const name = classOfClaim(claim);
    const storageClass = api.store.get(STORAGE_CLASSES, '', name);
    if (storageClass === undefined) {
      const text = `storageclass.storage.k8s.io ${JSON.stringify(name)} not found`;
      return this.#tell(claim, 'Warning', 'ProvisioningFailed', text);
    }
    const provisioner = storageClass.provisioner ?? '';
    if (provisioner === 'kubernetes.io/no-provisioner') {
      const text = `no volume plugin matched name: ${provisioner}`;
      return this.#tell(claim, 'Warning', 'ProvisioningFailed', text);
    }
    const { annotations } = claim.metadata;
    const asked = { ...annotations, [PROVISIONER_BETA]: provisioner, [PROVISIONER]: provisioner };
    if (!sameJson(annotations, asked))
      api.change(PERSISTENT_VOLUME_CLAIMS, claim.metadata.namespace ?? '', claim.metadata.name, (one) => ({
        ...one,
        metadata: { ...one.metadata, annotations: asked },
      }));
    const text = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    this.#tell(claim, 'Normal', 'ExternalProvisioning', text);
  }

  #tellThatItWaits(claim: PersistentVolumeClaim, key: string): void {
    const waiting = [...this.#index.users.get(key)]
      .filter(({ spec }) => (spec?.nodeName ?? '') === '')
      .map(({ metadata }) => metadata.name);
    if (waiting.length === 0) {
      const text = 'waiting for first consumer to be created before binding';
      return this.#tell(claim, 'Normal', 'WaitForFirstConsumer', text);
    }
    const pods = waiting.length > 1 ? `pods ${waiting.join(',')}` : `pod ${waiting[0] ?? ''}`;
    this.#tell(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${pods} to be scheduled`);
  }

  /** The claim of a volume is gone. */
  #release(volume: PersistentVolume): undefined {
    const phase = volume.status?.phase;
    if (phase !== 'Released' && phase !== 'Failed') this.#setVolumePhase(volume, 'Released');
    if (volume.spec?.persistentVolumeReclaimPolicy !== 'Delete' || phase === 'Failed') return undefined;
    // Who provisioned it deletes it; nobody else can.
    if (volume.metadata.annotations?.[PROVISIONED_BY] !== undefined) return undefined;
    const { name } = volume.metadata;
    const text = `error getting deleter volume plugin for volume ${JSON.stringify(name)}: no deletable volume plugin matched`;
    this.#setVolumePhase(volume, 'Failed', text);
    this.#context.events.record(volume, 'Warning', 'VolumeFailedDelete', text, SOURCE);
    return undefined;
  }

  #unbind(volume: PersistentVolume): undefined {
    const { [BOUND_BY_CONTROLLER]: wasOurs, ...annotations } = volume.metadata.annotations ?? {};
    const freed = this.#context.api.change(PERSISTENT_VOLUMES, '', volume.metadata.name, (one) => {
      const { claimRef, ...spec } = one.spec ?? {};
      const kept = { ...(claimRef ?? {}), uid: '' };
      const metadata = { ...one.metadata, annotations };
      return { ...one, metadata, spec: wasOurs === undefined ? { ...spec, claimRef: kept } : spec };
    });
    return this.#setVolumePhase(freed, 'Available');
  }

  #lose(claim: PersistentVolumeClaim, reason: string, text: string): undefined {
    if (claim.status?.phase === 'Lost') return undefined;
    this.#setClaim(claim, 'Lost');
    this.#tell(claim, 'Warning', reason, text);
    return undefined;
  }

  #setVolumePhase({ metadata, status }: PersistentVolume, phase: string, message?: string): undefined {
    if (status?.phase === phase) return undefined;
    const lastPhaseTransitionTime = timestamp(this.#context.clock.now);
    this.#context.api.changeStatus(PERSISTENT_VOLUMES, '', metadata.name, (one) => ({
      ...one,
      status: { phase, lastPhaseTransitionTime, ...(message === undefined ? {} : { message }) },
    }));
    return undefined;
  }

  /** The size of a claim that is bound already is that of its file system, and stays. */
  #setClaim({ metadata, status }: PersistentVolumeClaim, phase: ClaimPhase, volume?: PersistentVolume): void {
    const { capacity, phase: before, conditions } = status ?? {};
    const size = before === phase ? capacity : volume?.spec?.capacity;
    const modes = volume?.spec?.accessModes;
    const wanted = {
      ...(conditions === undefined ? {} : { conditions }),
      phase,
      ...(volume === undefined || modes === undefined ? {} : { accessModes: modes }),
      ...(volume === undefined || size === undefined ? {} : { capacity: size }),
    };
    if (sameJson(status, wanted)) return;
    this.#context.api.changeStatus(PERSISTENT_VOLUME_CLAIMS, metadata.namespace ?? '', metadata.name, (one) => ({
      ...one,
      status: wanted,
    }));
  }

  #isDelayed(claim: PersistentVolumeClaim): boolean {
    const name = classOfClaim(claim);
    if (name === '') return false;
    const storageClass = this.#context.api.store.get(STORAGE_CLASSES, '', name);
    return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
  }

  #claim(key: string): PersistentVolumeClaim | undefined {
    return this.#context.api.store.get(PERSISTENT_VOLUME_CLAIMS, ...namesOf(key));
  }

  #tell(claim: PersistentVolumeClaim, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.record(claim, type, reason, message, SOURCE);
  }
}

/** A reference that somebody else made only gets its uid. */
function boundVolume(
  volume: PersistentVolume,
  { apiVersion, kind, metadata }: PersistentVolumeClaim,
): PersistentVolume {
  const { claimRef } = volume.spec ?? {};
  if (claimRef?.uid === metadata.uid && claimRef !== undefined) return volume;
  const { name, namespace = '', uid = '', resourceVersion = '' } = metadata;
  const isOurs = claimRef === undefined;
  const annotations = isOurs
    ? { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: 'yes' }
    : volume.metadata.annotations;
  return {
    ...volume,
    metadata: { ...volume.metadata, ...(annotations === undefined ? {} : { annotations }) },
    spec: { ...volume.spec, claimRef: { apiVersion, kind, name, namespace, resourceVersion, uid } },
  };
}

function boundClaim(claim: PersistentVolumeClaim, volumeName: string): PersistentVolumeClaim {
  const isOurs = claim.spec?.volumeName !== volumeName;
  const annotations = {
    ...claim.metadata.annotations,
    [BIND_COMPLETED]: 'yes',
    ...(isOurs ? { [BOUND_BY_CONTROLLER]: 'yes' } : {}),
  };
  return { ...claim, metadata: { ...claim.metadata, annotations }, spec: { ...claim.spec, volumeName } };
}
