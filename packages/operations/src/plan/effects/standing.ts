/** What stands where in a snapshot, as far as effects of changes depend on it; worked out once per snapshot and shared by all candidates. */
import {
  groupOf,
  isFinished,
  matchesSelector,
  namespacedName,
  nodePoolOf,
  objectKey,
  podRequests,
  refKey,
  resourcesOf,
  type ClusterSnapshot,
  type KindMap,
  type KubeObject,
  type Node,
  type Pod,
  type ResourceRef,
  type Service,
} from '@aia/cluster';
import { isReady } from '../../diagnose/conditions.ts';
import { servicesSelecting } from '../../diagnose/services/selecting-services.ts';

type Budget = KindMap['PodDisruptionBudget'];

/** CPU and memory. */
export interface Room {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

const known = new WeakMap<ClusterSnapshot, Standing>();

/** The views of a snapshot. */
export function standingOf(snapshot: ClusterSnapshot): Standing {
  let standing = known.get(snapshot);
  if (standing === undefined) known.set(snapshot, (standing = new Standing(snapshot)));
  return standing;
}

/** Views of one snapshot. Pods that have ended or are on their way out are in none of them. */
export class Standing {
  readonly snapshot: ClusterSnapshot;
  #pods: readonly Pod[] | undefined;
  #byWorkload: ReadonlyMap<string, readonly Pod[]> | undefined;
  #byNode: ReadonlyMap<string, readonly Pod[]> | undefined;
  #ready: ReadonlyMap<string, readonly Pod[]> | undefined;
  #readyIn: ReadonlyMap<string, readonly Pod[]> | undefined;
  #budgets: ReadonlyMap<string, readonly Budget[]> | undefined;
  #nodes: ReadonlyMap<string, readonly Node[]> | undefined;
  #scalers: ReadonlyMap<string, KubeObject> | undefined;
  #sizers: ReadonlyMap<string, KubeObject> | undefined;
  #free: Room | undefined;

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot;
  }

  /** All that live. */
  get pods(): readonly Pod[] {
    return (this.#pods ??= this.snapshot
      .list('Pod')
      .filter((pod) => pod.metadata.deletionTimestamp === undefined && !isFinished(pod)));
  }

  /** Living pods of a workload, whatever stands between. */
  podsOf(workload: KubeObject): readonly Pod[] {
    this.#byWorkload ??= Map.groupBy(this.pods, (pod) => objectKey(this.snapshot.rootOwnerOf(pod)));
    return this.#byWorkload.get(objectKey(workload)) ?? [];
  }

  /** Living pods on a node. */
  podsOn(node: string): readonly Pod[] {
    this.#byNode ??= Map.groupBy(this.pods, ({ spec }) => spec?.nodeName ?? '');
    return this.#byNode.get(node) ?? [];
  }

  /** Services that select a pod. */
  servicesOf(pod: Pod): readonly Service[] {
    return servicesSelecting(this.snapshot, pod.metadata.namespace ?? '', pod.metadata.labels ?? {});
  }

  /** Ready pods that answer for a Service. */
  readyOf(service: Service): readonly Pod[] {
    this.#ready ??= this.#readyByService();
    return this.#ready.get(namespacedName(service)) ?? [];
  }

  #readyByService(): ReadonlyMap<string, readonly Pod[]> {
    const ready = new Map<string, Pod[]>();
    for (const pod of this.pods.filter(isReady))
      for (const service of this.servicesOf(pod)) {
        const key = namespacedName(service);
        const pods = ready.get(key);
        if (pods === undefined) ready.set(key, [pod]);
        else pods.push(pod);
      }
    return ready;
  }

  /** Ready pods of a namespace. */
  readyPodsIn(namespace: string): readonly Pod[] {
    this.#readyIn ??= Map.groupBy(this.pods.filter(isReady), ({ metadata }) => metadata.namespace ?? '');
    return this.#readyIn.get(namespace) ?? [];
  }

  /** Budgets that count a pod. */
  budgetsOf({ metadata: { namespace = '', labels } }: Pod): readonly Budget[] {
    this.#budgets ??= Map.groupBy(
      this.snapshot.list('PodDisruptionBudget'),
      ({ metadata }) => metadata.namespace ?? '',
    );
    return (this.#budgets.get(namespace) ?? []).filter(({ spec }) => matchesSelector(spec?.selector, labels));
  }

  /** Nodes of a pool. */
  nodesOf(pool: string): readonly Node[] {
    this.#nodes ??= Map.groupBy(this.snapshot.list('Node'), (node) => nodePoolOf(node));
    return this.#nodes.get(pool) ?? [];
  }

  /** The HorizontalPodAutoscaler that sets a workload's replicas. */
  scalerOf(workload: ResourceRef): KubeObject | undefined {
    this.#scalers ??= byTarget(this.snapshot.list('HorizontalPodAutoscaler'), 'scaleTargetRef');
    return this.#scalers.get(refKey(workload));
  }

  /** The VerticalPodAutoscaler that sets the requests of a workload's pods; one that only recommends is none. */
  sizerOf(workload: ResourceRef): KubeObject | undefined {
    this.#sizers ??= byTarget(
      this.snapshot.listOf('autoscaling.k8s.io', 'VerticalPodAutoscaler').filter(acts),
      'targetRef',
    );
    return this.#sizers.get(refKey(workload));
  }

  /** What pods do not request of the nodes that take pods, over all of them: more than any one node has. */
  get free(): Room {
    return (this.#free ??= this.#freeRoom());
  }

  #freeRoom(): Room {
    let [cpuMillis, memoryBytes] = [0, 0];
    for (const { metadata, spec, status } of this.snapshot.list('Node')) {
      if (spec?.unschedulable === true || !isReady({ ...(status !== undefined && { status }) })) continue;
      const has = resourcesOf(status?.allocatable);
      const taken = this.podsOn(metadata.name).map(podRequests);
      cpuMillis += Math.max(
        0,
        taken.reduce((left, one) => left - one.cpuMillis, has.cpuMillis),
      );
      memoryBytes += Math.max(
        0,
        taken.reduce((left, one) => left - one.memoryBytes, has.memoryBytes),
      );
    }
    return { cpuMillis, memoryBytes };
  }
}

type Targeting = { readonly spec?: { readonly [Field in 'scaleTargetRef' | 'targetRef']?: Target } };
interface Target {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
}

function byTarget(
  objects: readonly KubeObject[],
  field: 'scaleTargetRef' | 'targetRef',
): ReadonlyMap<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  for (const object of objects) {
    const target = (object as KubeObject & Targeting).spec?.[field];
    if (target?.kind === undefined || target.name === undefined) continue;
    const { namespace = '' } = object.metadata;
    const ref = { group: groupOf(target.apiVersion ?? 'apps/v1'), kind: target.kind, namespace, name: target.name };
    found.set(refKey(ref), object);
  }
  return found;
}

function acts(object: KubeObject): boolean {
  const { spec } = object as { readonly spec?: { readonly updatePolicy?: { readonly updateMode?: string } } };
  return spec?.updatePolicy?.updateMode !== 'Off';
}
