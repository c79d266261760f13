/**
 * Taking in what a selector matches and nobody owns, letting go what it no longer matches.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#non-template-pod-acquisitions
 */
import type { KubeObject } from '../../model/kube-object.ts';
import type { ApiServer } from '../api/api-server.ts';
import { ApiError } from '../api/api-error.ts';
import { apiVersionOf, type ResourceType } from '../api/resource-type.ts';
import { controllerRefOf, OwnedIndex, type OwnerReference } from './owned-index.ts';

/** How a controller claims objects. */
export interface Claim<T extends KubeObject> {
  readonly api: ApiServer;
  /** Of what is claimed. */
  readonly type: ResourceType<T>;
  readonly owner: KubeObject;
  readonly ownerType: ResourceType;
  /** That adopted objects get. */
  readonly finalizer?: string;
  /** Whether the owner's selector matches. */
  matches(object: T): boolean;
  /** What to look at; default everything. */
  considers?(object: T): boolean;
}

/** The reference by which a controller owns what it makes. */
export function controllerRefTo(owner: KubeObject, type: ResourceType): OwnerReference {
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** What the owner controls after adopting and releasing, in the order of their making, owned ones first. */
export function claimed<T extends KubeObject>(claim: Claim<T>): readonly T[] {
  const { api, type, owner, matches } = claim;
  const index = OwnedIndex.of(api.store, type);
  const considers = claim.considers ?? (() => true);
  const isLeaving = owner.metadata.deletionTimestamp !== undefined;
  const kept: T[] = [];
  for (const object of [...index.ownedBy(owner.metadata.uid ?? '')].filter(considers)) {
    if (matches(object)) kept.push(object);
    else if (!isLeaving) release(claim, object);
  }
  if (isLeaving) return kept;
  const orphans = [...index.orphansIn(owner.metadata.namespace ?? '')].filter(considers);
  for (const object of orphans.filter((orphan) => orphan.metadata.deletionTimestamp === undefined && matches(orphan))) {
    const adopted = adopt(claim, object);
    if (adopted !== undefined) kept.push(adopted);
  }
  return kept;
}

function adopt<T extends KubeObject>({ owner, ownerType, finalizer, api, type }: Claim<T>, object: T): T | undefined {
  const reference = controllerRefTo(owner, ownerType);
  return unlessGone(() => withOwners(api, type, object, (owners) => [...owners, reference], finalizer));
}

function release<T extends KubeObject>({ owner, api, type }: Claim<T>, object: T): void {
  unlessGone(() =>
    withOwners(api, type, object, (owners) => owners.filter(({ uid }) => uid !== (owner.metadata.uid ?? ''))),
  );
}

function withOwners<T extends KubeObject>(
  api: ApiServer,
  type: ResourceType<T>,
  { metadata }: T,
  change: (owners: readonly OwnerReference[]) => readonly OwnerReference[],
  finalizer?: string,
): T {
  return api.change(type, metadata.namespace ?? '', metadata.name, (current) => {
    const { ownerReferences = [], ...rest } = current.metadata;
    const owners = change(ownerReferences);
    const { finalizers = [] } = rest;
    const isHeld = finalizer === undefined || finalizers.includes(finalizer);
    const held = isHeld ? rest : { ...rest, finalizers: [...finalizers, finalizer] };
    return { ...current, metadata: owners.length === 0 ? held : { ...held, ownerReferences: owners } };
  });
}

/** What somebody else took away meanwhile needs no change. */
export function unlessGone<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'NotFound') return undefined;
    throw error;
  }
}

/** Whether an object is controlled by this owner. */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerRefOf(object)?.uid === owner.metadata.uid;
}
