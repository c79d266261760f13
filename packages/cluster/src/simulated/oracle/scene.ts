/** What the oracle looks up about a cluster, read once per judgement. */
import type { ContainerStatus, Deployment, Job, KindMap, Service, StatefulSet } from '../../model/kinds.ts';
import { groupOf, type KubeObject } from '../../model/kube-object.ts';
import {
  ENDPOINT_SLICES,
  HORIZONTAL_POD_AUTOSCALERS,
  INGRESSES,
  JOBS,
  NODES,
  PODS,
  SERVICES,
} from '../api/built-in-types.ts';
import { NODE_POOL } from '../cloud/machines.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';

/** So many restarts are no accident, and so long ago is over: back-off is at most five minutes. */
const RESTARTS = 3;
const LATELY_MS = 600_000;

interface Route extends KubeObject {
  readonly spec?: {
    readonly parentRefs?: readonly { readonly namespace?: string; readonly name: string }[];
    readonly rules?: readonly {
      readonly backendRefs?: readonly { readonly namespace?: string; readonly name: string }[];
    }[];
  };
}

interface Gateway extends KubeObject {
  readonly status?: { readonly addresses?: readonly unknown[] };
}

/** Services are named `namespace/name`. */
export class Scene {
  readonly now: number;
  readonly #cluster: SimulatedCluster;
  #endpoints: ReadonlyMap<string, number> | undefined;
  #exposed: ReadonlySet<string> | undefined;
  #runs: ReadonlyMap<string, Job> | undefined;
  #floors: ReadonlyMap<string, number> | undefined;
  #restarting: ReadonlySet<string> | undefined;
  #mounted: ReadonlySet<string> | undefined;
  #poolNodes: ReadonlyMap<string, number> | undefined;

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster;
    this.now = cluster.clock.now;
  }

  /** How many endpoints of a Service take requests. */
  readyEndpoints(service: string): number {
    return (this.#endpoints ??= this.#countEndpoints()).get(service) ?? 0;
  }

  /** Whether the outside reaches a Service: by an address of its own, or through an Ingress or a Gateway that has one. */
  isExposed(service: string): boolean {
    return (this.#exposed ??= new Set(this.#exposures())).has(service);
  }

  /** The latest Job of a CronJob. */
  lastRunOf({ metadata: { uid } }: KindMap['CronJob']): Job | undefined {
    return (this.#runs ??= this.#lastRuns()).get(uid ?? '');
  }

  /** Below which a workload's size counts as scaled down: what its autoscaler may go down to, else half of what there is. */
  leastReplicas({ kind, metadata: { namespace = '', name }, spec }: Deployment | StatefulSet): number {
    return (
      (this.#floors ??= this.#autoscalers()).get(`${kind} ${namespace}/${name}`) ?? Math.ceil((spec?.replicas ?? 1) / 2)
    );
  }

  /** Whether containers of a workload (by uid) were started again and again, lately too. */
  keepsRestarting(uid: string): boolean {
    return (this.#restarting ??= new Set(this.#restarters())).has(uid);
  }

  /** Whether a pod mounts a claim (`namespace/name`). */
  isMounted(claim: string): boolean {
    return (this.#mounted ??= new Set(this.#mounts())).has(claim);
  }

  /** Ready nodes of a pool. */
  readyNodes(pool: string): number {
    return (this.#poolNodes ??= this.#countNodes()).get(pool) ?? 0;
  }

  #countEndpoints(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { metadata, endpoints } of this.#cluster.api.store.list(ENDPOINT_SLICES)) {
      const key = `${metadata.namespace ?? ''}/${metadata.labels?.[SERVICE_NAME] ?? ''}`;
      const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).length;
      counts.set(key, (counts.get(key) ?? 0) + ready);
    }
    return counts;
  }

  *#exposures(): Iterable<string> {
    const { store } = this.#cluster.api;
    for (const { metadata, spec, status } of store.list(SERVICES) as Iterable<Service>)
      if (spec?.type === 'LoadBalancer' && (status?.loadBalancer?.ingress?.length ?? 0) > 0)
        yield `${metadata.namespace ?? ''}/${metadata.name}`;
    for (const { metadata, spec, status } of store.list(INGRESSES)) {
      if ((status?.loadBalancer?.ingress?.length ?? 0) === 0) continue;
      const paths = (spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
      for (const backend of [spec?.defaultBackend, ...paths.map((path) => path.backend)])
        if (backend?.service !== undefined) yield `${metadata.namespace ?? ''}/${backend.service.name}`;
    }
    yield* this.#routed();
  }

  *#routed(): Iterable<string> {
    for (const { metadata, spec } of this.#listed<Route>('HTTPRoute')) {
      const home = metadata.namespace ?? '';
      const isOpen = (spec?.parentRefs ?? []).some(({ namespace = home, name }) => this.#hasAddress(namespace, name));
      if (!isOpen) continue;
      for (const { namespace = home, name } of (spec?.rules ?? []).flatMap(({ backendRefs }) => backendRefs ?? []))
        yield `${namespace}/${name}`;
    }
  }

  #hasAddress(namespace: string, name: string): boolean {
    for (const gateway of this.#listed<Gateway>('Gateway'))
      if (gateway.metadata.namespace === namespace && gateway.metadata.name === name)
        return (gateway.status?.addresses?.length ?? 0) > 0;
    return false;
  }

  /** Objects of a custom kind of the Gateway API, where it is served. */
  #listed<T extends KubeObject>(kind: string): Iterable<T> {
    const type = this.#cluster.api.types.byKind('gateway.networking.k8s.io', kind);
    return type === undefined ? [] : (this.#cluster.api.store.list(type) as Iterable<T>);
  }

  *#restarters(): Iterable<string> {
    const { store } = this.#cluster.api;
    for (const pod of store.list(PODS)) {
      if (!(pod.status?.containerStatuses ?? []).some((status) => this.#hasRestarted(status))) continue;
      const owner = controllerOf(pod);
      if (owner === undefined) continue;
      yield owner;
      const above = store.byUid(owner);
      yield (above === undefined ? undefined : controllerOf(above)) ?? owner;
    }
  }

  #hasRestarted({ restartCount = 0, lastState }: ContainerStatus): boolean {
    const endedAt = lastState?.terminated?.finishedAt;
    return restartCount >= RESTARTS && endedAt !== undefined && this.now - Date.parse(endedAt) < LATELY_MS;
  }

  *#mounts(): Iterable<string> {
    for (const { metadata, spec } of this.#cluster.api.store.list(PODS))
      for (const { persistentVolumeClaim } of spec?.volumes ?? [])
        if (persistentVolumeClaim !== undefined) yield `${metadata.namespace ?? ''}/${persistentVolumeClaim.claimName}`;
  }

  #lastRuns(): ReadonlyMap<string, Job> {
    const runs = new Map<string, Job>();
    for (const job of this.#cluster.api.store.list(JOBS)) {
      const owner = job.metadata.ownerReferences?.find(
        ({ controller, kind }) => controller === true && kind === 'CronJob',
      );
      if (owner === undefined) continue;
      const known = runs.get(owner.uid);
      if ((known?.metadata.creationTimestamp ?? '') <= (job.metadata.creationTimestamp ?? '')) runs.set(owner.uid, job);
    }
    return runs;
  }

  #autoscalers(): ReadonlyMap<string, number> {
    const floors = new Map<string, number>();
    for (const { metadata, spec } of this.#cluster.api.store.list(HORIZONTAL_POD_AUTOSCALERS)) {
      const { kind, name, apiVersion = '' } = spec?.scaleTargetRef ?? { kind: '', name: '' };
      if (groupOf(apiVersion) === 'apps')
        floors.set(`${kind} ${metadata.namespace ?? ''}/${name}`, spec?.minReplicas ?? 1);
    }
    return floors;
  }

  #countNodes(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { metadata, status } of this.#cluster.api.store.list(NODES)) {
      const pool = metadata.labels?.[NODE_POOL];
      const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
      if (pool !== undefined && isReady) counts.set(pool, (counts.get(pool) ?? 0) + 1);
    }
    return counts;
  }
}

/** The uid of what controls an object. */
function controllerOf({ metadata }: KubeObject): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}
