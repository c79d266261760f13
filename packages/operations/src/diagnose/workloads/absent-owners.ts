/** Pods whose controller was not read: their siblings, which name the same controller, tell how it fares. */
import { controllingReference, groupOf, type Pod, type ResourceRef } from '@aia/cluster';
import { isReady } from '../conditions.ts';
import type { Examination } from '../examination.ts';

/** The pods that name one controller. */
export interface Siblings {
  readonly owner: ResourceRef;
  readonly ready: number;
  readonly succeeded: number;
}

const known = new WeakMap<Examination, ReadonlyMap<string, Siblings>>();

/** Siblings of a pod with its controller; `undefined` when it names none, or one that the snapshot holds. */
export function siblingsOf(examination: Examination, pod: Pod): Siblings | undefined {
  if (examination.snapshot.ownerOf(pod) !== undefined) return undefined;
  const key = ownerKey(pod);
  if (key === undefined) return undefined;
  let groups = known.get(examination);
  if (groups === undefined) known.set(examination, (groups = countAll(examination.snapshot.list('Pod'))));
  return groups.get(key);
}

function countAll(pods: readonly Pod[]): ReadonlyMap<string, Siblings> {
  const groups = Map.groupBy(pods, (pod) => ownerKey(pod) ?? '');
  groups.delete('');
  return new Map([...groups].map(([key, group]) => [key, count(group)]));
}

function count(group: readonly Pod[]): Siblings {
  const pod = group[0] as Pod;
  const { apiVersion = '', kind = '', name = '' } = controllingReference(pod) ?? {};
  return {
    owner: {
      group: groupOf(apiVersion),
      kind,
      namespace: pod.metadata.namespace ?? '',
      name,
    },
    ready: group.filter(isReady).length,
    succeeded: group.filter(({ status }) => status?.phase === 'Succeeded').length,
  };
}

function ownerKey(pod: Pod): string | undefined {
  const owner = controllingReference(pod);
  return owner === undefined || owner.kind === 'Node'
    ? undefined
    : `${owner.kind}/${pod.metadata.namespace ?? ''}/${owner.name}`;
}
