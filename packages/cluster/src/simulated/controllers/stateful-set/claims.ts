/**
 * The claims of a StatefulSet's pods: made before the pod, and owned by who is to take them along.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
 */
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../../model/kinds.ts';
import type { ObjectMeta } from '../../../model/kube-object.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { ApiError } from '../../api/api-error.ts';
import { PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { controllerRefTo, unlessGone } from '../claim.ts';
import type { OwnerReference } from '../owned-index.ts';
import { claimsOf, isInRange, ordinalOf, STATEFUL_SET_CONTROLLER } from './ordinals.ts';

/** Makes the claims that a pod lacks. @throws ApiError the first refusal, after all were tried */
export function makeClaims({ api, events }: SimulationContext, set: StatefulSet, pod: Pod): void {
  let refusal: ApiError | undefined;
  for (const claim of claimsOf(set, ordinalOf(pod)[1])) {
    const { name, namespace = '' } = claim.metadata;
    if (api.store.get(PERSISTENT_VOLUME_CLAIMS, namespace, name) !== undefined) continue;
    const where = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
    try {
      api.create(PERSISTENT_VOLUME_CLAIMS, claim);
      const message = `create Claim ${name} ${where} success`;
      events.record(set, 'Normal', 'SuccessfulCreate', message, STATEFUL_SET_CONTROLLER);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const message = `create Claim ${name} for ${where} failed error: ${error.message}`;
      events.record(set, 'Warning', 'FailedCreate', message, STATEFUL_SET_CONTROLLER);
      refusal ??= new ApiError({ ...error.status, message: `failed to create PVC ${name}: ${error.message}` });
    }
  }
  if (refusal !== undefined) throw refusal;
}

/** Whether a claim still goes with the pod of this name that was there before; the next one has to wait for another claim. */
export function hasStaleClaim(context: SimulationContext, set: StatefulSet, pod: Pod): boolean {
  return claimsThere(context, set, pod).some(({ metadata }) =>
    metadata.ownerReferences?.some(
      ({ kind, name, uid }) => kind === 'Pod' && name === pod.metadata.name && uid !== pod.metadata.uid,
    ),
  );
}

/** Lets the retention policy decide who owns the claims of a pod; returns whether something had to be changed. */
export function fixClaimOwners(context: SimulationContext, set: StatefulSet, pod: Pod): boolean {
  let isChanged = false;
  for (const claim of claimsThere(context, set, pod)) {
    const { ownerReferences: before = [], ...rest } = claim.metadata;
    const owners = wantedOwners(set, pod, before);
    if (sameJson(owners, before)) continue;
    isChanged = true;
    const metadata: ObjectMeta = owners.length === 0 ? rest : { ...rest, ownerReferences: owners };
    unlessGone(() => context.api.update(PERSISTENT_VOLUME_CLAIMS, { ...claim, metadata }));
  }
  return isChanged;
}

function claimsThere({ api }: SimulationContext, set: StatefulSet, pod: Pod): readonly PersistentVolumeClaim[] {
  return claimsOf(set, ordinalOf(pod)[1]).flatMap(({ metadata: { namespace = '', name } }) => {
    const found = api.store.get(PERSISTENT_VOLUME_CLAIMS, namespace, name);
    return found === undefined ? [] : [found];
  });
}

function wantedOwners(set: StatefulSet, pod: Pod, before: readonly OwnerReference[]): readonly OwnerReference[] {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const goesWithPod = whenScaled === 'Delete' && !isInRange(set, pod);
  const goesWithSet = whenDeleted === 'Delete' && !goesWithPod;
  const ours = [set.metadata.uid, pod.metadata.uid];
  const kept = (uid: string | undefined) => before.filter((owner) => owner.uid === uid);
  const others = before.filter((owner) => !ours.includes(owner.uid));
  const reference = (isWanted: boolean, known: readonly OwnerReference[], made: () => OwnerReference) =>
    isWanted ? [known[0] ?? made()] : [];
  return [
    ...others,
    ...reference(goesWithSet, kept(set.metadata.uid), () => controllerRefTo(set, STATEFUL_SETS)),
    ...reference(goesWithPod, kept(pod.metadata.uid), () => controllerRefTo(pod, PODS)),
  ];
}
