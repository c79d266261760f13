/** What conditions are looked up in: a cluster as it is now. */
import {
  nodePoolOf,
  type DirectWrites,
  type Event,
  type KindMap,
  type KubeObject,
  type Node,
  type Pod,
  type Quota,
  type ResourceRef,
  type SimulatedCluster,
} from '@aia/cluster';

type Slice = KindMap['EndpointSlice'];

/** Looks things up; nothing is kept between two questions. */
export interface ClusterView {
  read(target: ResourceRef): KubeObject | undefined;
  /** Objects of a kind that `owner` controls. */
  ownedBy(owner: KubeObject, kind: Pick<ResourceRef, 'group' | 'kind'>): readonly KubeObject[];
  slicesOf(namespace: string, service: string): readonly Slice[];
  /** Events about an object, in no order. */
  eventsOf(object: KubeObject): readonly Event[];
  nodesOf(pool: string): readonly Node[];
  /** `undefined` where it was not read. */
  quota(metric: string, region: string): Quota | undefined;
}

const SLICES = { group: 'discovery.k8s.io', kind: 'EndpointSlice' };
const SERVICE_NAME = 'kubernetes.io/service-name';

/** A view of a simulated cluster. */
export function viewOf({ cloud }: SimulatedCluster, writes: DirectWrites): ClusterView {
  return {
    read: (target) => writes.read(target),
    ownedBy: (owner, kind) => writes.ownedBy(owner, kind),
    slicesOf: (namespace, service) =>
      (writes.list(SLICES, namespace) as readonly Slice[]).filter(
        ({ metadata }) => metadata.labels?.[SERVICE_NAME] === service,
      ),
    eventsOf: ({ metadata }) =>
      (writes.list(EVENTS, metadata.namespace ?? '') as readonly Event[]).filter(
        ({ involvedObject }) => involvedObject?.uid === metadata.uid,
      ),
    nodesOf: (pool) => (writes.list(NODES) as readonly Node[]).filter((node) => nodePoolOf(node) === pool),
    quota: (metric, region) =>
      cloud?.snapshot.quotas?.find((quota) => quota.metric === metric && quota.region === region),
  };
}

const EVENTS = { group: '', kind: 'Event' };
const NODES = { group: '', kind: 'Node' };
const PODS = { group: '', kind: 'Pod' };

/** Kinds that stand between a workload and its pods. */
const BETWEEN: Readonly<Record<string, Pick<ResourceRef, 'group' | 'kind'>>> = {
  Deployment: { group: 'apps', kind: 'ReplicaSet' },
  CronJob: { group: 'batch', kind: 'Job' },
};

/** Pods of a workload, through its ReplicaSets and Jobs; a pod's own. Those that are going are left out. */
export function podsOf(workload: KubeObject, view: ClusterView): readonly Pod[] {
  if (workload.kind === 'Pod') return [workload as Pod];
  const between = BETWEEN[workload.kind];
  const owners = between === undefined ? [workload] : view.ownedBy(workload, between);
  return owners
    .flatMap((owner) => view.ownedBy(owner, PODS) as readonly Pod[])
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}
