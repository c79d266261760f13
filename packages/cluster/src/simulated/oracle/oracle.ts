/**
 * Whether a cluster does what it is wanted to do, as the cluster itself shows it: what was wanted before anything went wrong is there, at its size,
 * and succeeds. It knows nothing of findings, so that hiding one resolves nothing, and deleting or shrinking what was wanted counts as a failure.
 *
 * What keeps serving the same is no deletion: a Service that gives up its load balancer is as wanted while an Ingress or a Gateway with an address
 * leads to it, and an Ingress may go when all its Services are reached in another way. A Service itself must stay, since its name is what others
 * call; so must claims, which hold what nobody can make again.
 */
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { Shortfall, Wanted, WorkloadHealth } from './health.ts';
import { Scene } from './scene.ts';
import { WANTED_KINDS } from './wanted-kinds.ts';

/** What is wanted of a cluster, read while it is as it should be; what is there at size 0 or suspended, nobody wants. */
export function wantedOf(cluster: SimulatedCluster): readonly Wanted[] {
  const scene = new Scene(cluster);
  const wanted: Wanted[] = [];
  for (const { type, want } of WANTED_KINDS)
    for (const object of cluster.api.store.list(type)) {
      const one = isLeaving(object) ? undefined : want(object, scene);
      if (one !== undefined) wanted.push({ entity: entityOf(object), ...one });
    }
  for (const { name, autoscaling } of cluster.cloud?.pools ?? [])
    if (scene.readyNodes(name) > 0)
      wanted.push({ entity: `${POOL}${name}`, replicas: Math.max(1, autoscaling?.minNodes ?? 1) });
  return wanted;
}

/** Judges a cluster as it is now. */
export function healthOf(cluster: SimulatedCluster, wanted: readonly Wanted[]): WorkloadHealth {
  const scene = new Scene(cluster);
  const shortfalls = wanted.flatMap((one) => {
    const verdict = one.entity.startsWith(POOL) ? poolVerdict(one, scene) : verdictOf(cluster, one, scene);
    return verdict === undefined ? [] : [{ entity: one.entity, ...verdict }];
  });
  return { share: wanted.length === 0 ? 1 : 1 - shortfalls.length / wanted.length, shortfalls };
}

const POOL = 'NodePool ';
const ROWS = new Map(WANTED_KINDS.map((row) => [row.type.kind, row]));

function verdictOf(
  { api: { store } }: SimulatedCluster,
  wanted: Wanted,
  scene: Scene,
): Omit<Shortfall, 'entity'> | undefined {
  const [kind = '', path = ''] = wanted.entity.split(' ');
  const row = ROWS.get(kind);
  if (row === undefined) return undefined;
  const [namespace = '', name = ''] = path.split('/');
  const object = store.get(row.type, namespace, name);
  if (object !== undefined && !isLeaving(object)) return row.judge(object, wanted, scene);
  return row.isReplaced?.(wanted, scene) === true ? undefined : { reason: 'deleted', message: 'it is no longer there' };
}

function poolVerdict({ entity, replicas }: Wanted, scene: Scene): Omit<Shortfall, 'entity'> | undefined {
  const ready = scene.readyNodes(entity.slice(POOL.length));
  if (ready >= replicas) return undefined;
  return { reason: 'not-succeeding', message: `${ready} of at least ${replicas} nodes are ready` };
}

function isLeaving({ metadata }: { readonly metadata: { readonly deletionTimestamp?: string } }): boolean {
  return metadata.deletionTimestamp !== undefined;
}
