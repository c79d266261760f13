/** What a cluster falls short of: workloads, Services, ways in and claims that do not have what they want. */
import {
  objectKey,
  refOf,
  type ClusterSnapshot,
  type Job,
  type KindMap,
  type KubeObject,
  type Node,
  type ResourceRef,
  type Service,
} from '@aia/cluster';
import { conditionsOf, isTrue, type Condition } from '../diagnose/conditions.ts';
import { availabilityOf } from './availability.ts';
import type { ClusterView } from './cluster-view.ts';

/** Something that does not have what it wants. */
export interface Shortage {
  readonly resource: ResourceRef;
  /** In words: `Deployment shop/web: 1 of 2 replicas are available`. */
  readonly message: string;
}

/** By {@link objectKey}. */
export type Shortages = ReadonlyMap<string, Shortage>;

type Judges = { readonly [K in keyof KindMap]?: (object: KindMap[K], scene: Scene) => string | undefined };

/** What is looked up, with indexes made once. */
interface Scene {
  readonly snapshot: ClusterSnapshot;
  readonly view: ClusterView;
  /** `namespace/name` of Services with a ready endpoint. */
  readonly served: ReadonlySet<string>;
  /** Nodes that come or go, on each of which a pod of a DaemonSet may not be ready. */
  readonly nodesInTransit: number;
}

const GOING = 'ToBeDeletedByClusterAutoscaler';

/** A Job none of whose pods runs for so long does not get on. */
const STUCK_MS = 3 * 60_000;

const available = (object: KubeObject, { view }: Scene): string | undefined => {
  const verdict = availabilityOf(object, view);
  return verdict.state === 'fails' ? verdict.why : undefined;
};

const JUDGES: Judges = {
  Deployment: available,
  StatefulSet: available,
  DaemonSet: (set, scene) => {
    const { desiredNumberScheduled = 0, numberAvailable = 0 } = set.status ?? {};
    return desiredNumberScheduled - numberAvailable <= scene.nodesInTransit ? undefined : available(set, scene);
  },
  CronJob: (cron, { snapshot }) => {
    if (cron.spec?.suspend === true) return undefined;
    const jobs = snapshot.ownedBy(cron).filter((one): one is Job => one.kind === 'Job');
    const [last] = jobs.toSorted((a, b) => startOf(b.metadata) - startOf(a.metadata));
    return last === undefined ? undefined : ofJob(last, snapshot.observedAt);
  },
  Job: (job, { snapshot }) =>
    snapshot.ownerOf(job) === undefined && job.spec?.suspend !== true ? ofJob(job, snapshot.observedAt) : undefined,
  Service: (service, { served }) => {
    if (service.spec?.type === 'ExternalName') return undefined;
    if (service.spec?.selector !== undefined && !served.has(nameOf(service))) return 'it has no ready endpoint';
    return service.spec?.type === 'LoadBalancer' ? withoutAddress(service) : undefined;
  },
  Ingress: withoutAddress,
  PersistentVolumeClaim: ({ status }) =>
    status?.phase === 'Bound' ? undefined : `it is ${status?.phase ?? 'Pending'}`,
  HorizontalPodAutoscaler: ({ status }) => {
    const bad = conditionsOf(status?.conditions as readonly Condition[] | undefined).find(
      ({ type, status: is, reason }) =>
        (type === 'ScalingActive' || type === 'AbleToScale') && is === 'False' && reason !== 'ScalingDisabled',
    );
    return bad && (bad.message ?? `condition ${bad.type} is False`);
  },
};

const KINDS = Object.keys(JUDGES) as readonly (keyof KindMap)[];

/** All of a snapshot. Linear in its objects. */
export function shortagesIn(snapshot: ClusterSnapshot): Shortages {
  const scene = sceneOf(snapshot);
  const found = new Map<string, Shortage>();
  for (const kind of KINDS)
    for (const object of snapshot.list(kind)) {
      const why = (JUDGES[kind] as (one: KubeObject, on: Scene) => string | undefined)(object, scene);
      if (why !== undefined) found.set(objectKey(object), { resource: refOf(object), message: messageOf(object, why) });
    }
  return found;
}

/**
 * What is short in `after` although it was well in `before` and is so where nothing was done; what is gone counts too. `meant`: keys of what is deleted or
 * left short on purpose.
 */
export function newShortages(
  before: ClusterSnapshot,
  unchanged: ClusterSnapshot,
  after: ClusterSnapshot,
  meant: ReadonlySet<string>,
): readonly Shortage[] {
  const [was, would] = [shortagesIn(before), shortagesIn(unchanged)];
  const isNew = (resource: ResourceRef, key: string) =>
    !was.has(key) && !would.has(key) && before.resolve(resource) !== undefined;
  const short = [...shortagesIn(after)].filter(([key, { resource }]) => isNew(resource, key) && !meant.has(key));
  return [
    ...short.map(([, shortage]) => shortage),
    ...gone(unchanged, after, meant).filter(({ resource }) => before.resolve(resource) !== undefined),
  ];
}

/** Without what controllers make and take away. */
function gone(unchanged: ClusterSnapshot, after: ClusterSnapshot, meant: ReadonlySet<string>): readonly Shortage[] {
  return KINDS.flatMap((kind) => unchanged.list(kind) as readonly KubeObject[])
    .filter((one) => (one.metadata.ownerReferences ?? []).length === 0 && !meant.has(objectKey(one)))
    .filter((one) => after.resolve(refOf(one)) === undefined)
    .map((one) => ({ resource: refOf(one), message: messageOf(one, 'it is gone') }));
}

function messageOf({ kind, metadata: { namespace, name } }: KubeObject, why: string): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}: ${why}`;
}

function sceneOf(snapshot: ClusterSnapshot): Scene {
  const served = snapshot
    .list('EndpointSlice')
    .filter(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false) === true)
    .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.labels?.['kubernetes.io/service-name'] ?? ''}`);
  const nodesInTransit = snapshot.list('Node').filter((node) => isInTransit(node, snapshot.observedAt)).length;
  return { snapshot, view: viewIn(snapshot), served: new Set(served), nodesInTransit };
}

/** A machine begins, and ends, within so long. */
const TRANSIT_MS = 3 * 60_000;

/**
 * Cordoned or marked to go, or just made.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md (taints of nodes that are scaled down)
 */
function isInTransit({ metadata, spec }: Node, now: number): boolean {
  const isGoing = spec?.unschedulable === true || spec?.taints?.some(({ key }) => key === GOING) === true;
  return isGoing || metadata.deletionTimestamp !== undefined || now - startOf(metadata) < TRANSIT_MS;
}

/** As far as {@link availabilityOf} asks. */
function viewIn(snapshot: ClusterSnapshot): ClusterView {
  return {
    read: (ref) => snapshot.resolve(ref),
    ownedBy: (owner, { kind }) => snapshot.ownedBy(owner).filter((one) => one.kind === kind),
    slicesOf: () => [],
    eventsOf: () => [],
    nodesOf: () => [],
    quota: () => undefined,
  };
}

function ofJob({ metadata: { name }, status }: Job, now: number): string | undefined {
  const conditions = status?.conditions as readonly Condition[] | undefined;
  if (isTrue(conditions, 'Failed')) return `Job ${name} failed`;
  const { startTime, completionTime, ready = 0, succeeded = 0 } = status ?? {};
  const isIdle = startTime !== undefined && completionTime === undefined && ready === 0 && succeeded === 0;
  return isIdle && now - Date.parse(startTime) > STUCK_MS ? `none of the pods of Job ${name} runs` : undefined;
}

function startOf({ creationTimestamp = '' }: KubeObject['metadata']): number {
  return Date.parse(creationTimestamp) || 0;
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function withoutAddress({ status }: Service | KindMap['Ingress']): string | undefined {
  return (status?.loadBalancer?.ingress?.length ?? 0) > 0 ? undefined : 'it has no address';
}
