/** Pods that come and go by themselves, and what is behind Services beside them. */
import type { Pod } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { RestlessParts } from './restless-parts.ts';

interface Addresses {
  readonly subsets?: readonly {
    readonly addresses?: readonly Address[];
    readonly notReadyAddresses?: readonly Address[];
  }[];
  readonly endpoints?: readonly (Address & { readonly conditions?: { readonly ready?: boolean } })[];
}

interface Address {
  readonly targetRef?: { readonly name?: string };
}

/** Of an object of kind Endpoints or EndpointSlice: sorted names of the pods behind it that do not come and go by themselves, with whether they are ready. */
export function settledAddresses(object: KubeObject, parts: RestlessParts): readonly string[] {
  const { subsets = [], endpoints = [] } = object as Addresses;
  const all = [
    ...subsets.flatMap(({ addresses = [], notReadyAddresses = [] }) => [
      ...addresses.map((one) => [one, true] as const),
      ...notReadyAddresses.map((one) => [one, false] as const),
    ]),
    ...endpoints.map((one) => [one, one.conditions?.ready !== false] as const),
  ];
  const { namespace = '' } = object.metadata;
  return all
    .filter(([{ targetRef }]) => {
      const pod = parts.podOf({ ...object, metadata: { namespace, name: targetRef?.name ?? '' } });
      return pod === undefined || !isRestless(pod, parts);
    })
    .map(([{ targetRef }, isReady]) => `${targetRef?.name ?? ''} ${isReady}`)
    .sort();
}

/** Pods that come and go, or alternate, by themselves; also those that are made for what was evicted. */
export function isRestless(pod: Pod, parts: RestlessParts): boolean {
  return parts.isRestless(pod) || (parts.before.byUid(pod.metadata.uid ?? '') === undefined && isOfEvicted(pod, parts));
}

function isOfEvicted({ metadata }: KubeObject, parts: RestlessParts): boolean {
  return (metadata.ownerReferences ?? []).some((one) => parts.ownsEvicted({ ...EMPTY, metadata: one }));
}

const EMPTY = { apiVersion: '', kind: '' };

/** A pod, or its metrics: what goes was on a node that runs out of memory or disk; what comes has an owner that had pods there. */
export function isEvictedOrMade(kind: 'added' | 'removed', object: KubeObject, parts: RestlessParts): boolean {
  if (object.kind !== 'Pod' && object.kind !== 'PodMetrics') return false;
  const pod = object.kind === 'Pod' ? (object as Pod) : parts.podOf(object);
  if (pod === undefined) return false;
  return kind === 'removed' ? parts.isOnShortNode(pod) : isOfEvicted(pod, parts);
}
