/** Claims that a cause keeps from their volumes. */
import { compare, namespacedName, type KubeObject, type PersistentVolumeClaim } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { usersOf } from '../../diagnose/storage/claim-users.ts';
import {
  classNameOf,
  classOf,
  defaultClasses,
  isRegistered,
  NO_PROVISIONER,
  type StorageClass,
} from '../../diagnose/storage/storage-class.ts';
import type { Planning } from '../planning.ts';

/** Without a volume, and so without data: what alone may be deleted. */
export function isEmpty({ spec, status }: PersistentVolumeClaim): boolean {
  return status?.phase === 'Pending' && (spec?.volumeName ?? '') === '';
}

/** The claim itself, those that its findings are about, or those that name the class; sorted. */
export function claimsOf(cause: AssessedRootCause, planning: Planning): readonly PersistentVolumeClaim[] {
  const { snapshot } = planning;
  const { kind, name, namespace } = cause.resource;
  if (kind === 'PersistentVolumeClaim') return [snapshot.get('PersistentVolumeClaim', namespace, name) ?? []].flat();
  if (kind !== 'StorageClass') return [];
  return snapshot
    .list('PersistentVolumeClaim')
    .filter((claim) => (classNameOf(claim) ?? classOf(snapshot, claim)?.metadata.name) === name && isEmpty(claim))
    .toSorted((a, b) => compare(namespacedName(a), namespacedName(b)));
}

/** Workloads whose pods use a claim. */
export function usersOfClaim(claim: PersistentVolumeClaim, { snapshot }: Planning): readonly KubeObject[] {
  return [...new Set(usersOf(snapshot, claim).map((pod) => snapshot.rootOwnerOf(pod)))];
}

/** Classes whose provisioner is there, other than `except`: the default first, then by how many bound claims they have, then by name. */
export function workingClasses({ snapshot }: Planning, except: string): readonly StorageClass[] {
  const [preferred] = defaultClasses(snapshot);
  const bound = Map.groupBy(
    snapshot.list('PersistentVolumeClaim').filter(({ status }) => status?.phase === 'Bound'),
    (claim) => classNameOf(claim) ?? '',
  );
  const weight = (one: StorageClass) => (one === preferred ? Infinity : (bound.get(one.metadata.name)?.length ?? 0));
  return snapshot
    .list('StorageClass')
    .filter(({ metadata, provisioner = '' }) => metadata.name !== except && isWorking(provisioner))
    .toSorted((a, b) => weight(b) - weight(a) || compare(a.metadata.name, b.metadata.name));

  function isWorking(provisioner: string): boolean {
    return provisioner !== '' && provisioner !== NO_PROVISIONER && isRegistered(snapshot, provisioner) !== false;
  }
}
