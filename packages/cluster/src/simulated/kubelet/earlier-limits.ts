/** Memory limits under which a program has run before, by the revisions that are left of its workload: what it needs lies below them. */
import { wholeUnits } from '../../model/quantity.ts';
import type { Pod, ReplicaSet } from '../../model/kinds.ts';
import { REPLICA_SETS } from '../api/built-in-types.ts';
import { controllerRefOf, OwnedIndex } from '../controllers/owned-index.ts';
import type { ObjectStore } from '../store/object-store.ts';

const REVISION = 'deployment.kubernetes.io/revision';

/** The least limit above `limitBytes` that an earlier revision of the pod's Deployment gave a container; `undefined` without any. */
export function earlierLimitAbove(
  store: ObjectStore,
  pod: Pod,
  container: string,
  limitBytes: number,
): number | undefined {
  const own = controllerRefOf(pod);
  if (own?.kind !== 'ReplicaSet') return undefined;
  const set = store.get(REPLICA_SETS, pod.metadata.namespace ?? '', own.name);
  const deployment = set === undefined ? undefined : controllerRefOf(set);
  if (set === undefined || deployment === undefined) return undefined;
  const limits = [...OwnedIndex.of(store, REPLICA_SETS).ownedBy(deployment.uid)]
    .filter((one) => revisionOf(one) < revisionOf(set))
    .map((one) => limitIn(one, container))
    .filter((limit) => limit !== undefined && limit > limitBytes) as number[];
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

function limitIn({ spec }: ReplicaSet, name: string): number | undefined {
  const { containers = [], initContainers = [] } = spec?.template?.spec ?? {};
  const found = [...containers, ...initContainers].find((one) => one.name === name);
  const limit = found?.resources?.limits?.['memory'];
  return limit === undefined ? undefined : wholeUnits(limit);
}
