/**
 * Which volume serves which claim.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding; `k8s.io/component-helpers/storage/volume`
 */
import type { PersistentVolume, PersistentVolumeClaim } from '../../../model/kinds.ts';
import { wholeUnits } from '../../../model/quantity.ts';
import { matchesSelector } from '../../../model/selector.ts';

type ClaimReference = NonNullable<NonNullable<PersistentVolume['spec']>['claimRef']>;

export function classOfClaim({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
}

export function classOfVolume({ metadata, spec }: PersistentVolume): string {
  return metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
}

/** Bytes. */
export function requestOf({ spec }: PersistentVolumeClaim): number {
  return wholeUnits(spec?.resources?.requests?.['storage'] ?? 0) ?? 0;
}

/** Bytes. */
export function capacityOf({ spec }: PersistentVolume): number {
  return wholeUnits(spec?.capacity?.['storage'] ?? 0) ?? 0;
}

/** Whether a volume names this claim; a reference without a uid names whoever has the name. */
export function isClaimedBy({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const reference: ClaimReference | undefined = spec?.claimRef;
  if (reference?.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return (reference.uid ?? '') === '' || reference.uid === metadata.uid;
}

/** Why a volume that was asked for by name does not do; `undefined` where it does. */
export function mismatchOf(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (capacityOf(volume) < requestOf(claim)) return 'requested PV is too small';
  if (classOfVolume(volume) !== classOfClaim(claim)) return 'storageClassName does not match';
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode';
  return hasAccessModes(volume, claim) ? undefined : 'incompatible accessMode';
}

/**
 * The volume for a claim that names none: the one that names the claim, else the smallest of those with the fewest access modes. A claim
 * that waits for its consumer only gets what names it.
 */
export function bestVolume(
  volumes: Iterable<PersistentVolume>,
  claim: PersistentVolumeClaim,
  isDelayed: boolean,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (!hasAccessModes(volume, claim) || modeOf(volume) !== modeOf(claim)) continue;
    if (volume.spec?.claimRef !== undefined) {
      if (!isClaimedBy(volume, claim) || volume.metadata.deletionTimestamp !== undefined) continue;
      if (capacityOf(volume) >= requestOf(claim)) return volume;
    } else if (!isDelayed && isFree(volume, claim) && (best === undefined || isBetter(volume, best))) best = volume;
  }
  return best;
}

function isFree(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { selector } = claim.spec ?? {};
  return (
    volume.status?.phase === 'Available' &&
    volume.metadata.deletionTimestamp === undefined &&
    capacityOf(volume) >= requestOf(claim) &&
    classOfVolume(volume) === classOfClaim(claim) &&
    (selector === undefined || matchesSelector(selector, volume.metadata.labels))
  );
}

function isBetter(volume: PersistentVolume, best: PersistentVolume): boolean {
  const modes = (one: PersistentVolume) => one.spec?.accessModes?.length ?? 0;
  return modes(volume) - modes(best) < 0 || (modes(volume) === modes(best) && capacityOf(volume) < capacityOf(best));
}

function hasAccessModes({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec?.accessModes ?? []).every((mode) => spec?.accessModes?.includes(mode) === true);
}

function modeOf({ spec }: PersistentVolume | PersistentVolumeClaim): string {
  return spec?.volumeMode ?? 'Filesystem';
}
