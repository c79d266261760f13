/** Where faults are brought about: a cluster, what of it is still sound, and the ways to change it. */
import type { Container, DaemonSet, Deployment, KindMap, Node, StatefulSet } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { groupOf } from '../../model/kube-object.ts';
import { ApiError } from '../api/api-error.ts';
import { CRON_JOBS, DAEMON_SETS, DEPLOYMENTS, PODS, STATEFUL_SETS } from '../api/built-in-types.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { drawInteger, type Random } from '../clock/random.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { NoTargetError } from './no-target-error.ts';
import { entityOf } from '../entity.ts';
import { byEntity, isReady, podsOf, servingNodes, SYSTEM_NAMESPACE, type Workload } from './targets.ts';

type Json = Record<string, unknown>;
type CronJob = KindMap['CronJob'];
type Template = NonNullable<Deployment['spec']>['template'];
type PodSpec = NonNullable<Template['spec']>;

export type { Workload } from './targets.ts';

const TYPES: Readonly<Record<string, ResourceType>> = {
  Deployment: DEPLOYMENTS,
  StatefulSet: STATEFUL_SETS,
  DaemonSet: DAEMON_SETS,
};

/** One for all faults of a cluster, so that they do not meet by chance. */
export class FaultSite {
  readonly cluster: SimulatedCluster;
  readonly random: Random;
  /** `namespace/name` of the one workload, or name of the one node, that faults shall befall, where a person named one. */
  readonly #target: string | undefined;
  readonly #taken: Set<string>;
  readonly #touched: string[] = [];

  constructor(cluster: SimulatedCluster, random: Random, target?: string, taken = new Set<string>()) {
    this.cluster = cluster;
    this.random = random;
    this.#target = target;
    this.#taken = taken;
  }

  /** What faults have befallen, for sites beside this one. */
  get taken(): Set<string> {
    return this.#taken;
  }

  /** Objects changed and made since the last call, for {@link BroughtFault.touched}. */
  takeTouched(): readonly string[] {
    return this.#touched.splice(0);
  }

  /** The same place with a target of its own; what is taken here is taken there. */
  aimedAt(target: string): FaultSite {
    return new FaultSite(this.cluster, this.random, target, this.#taken);
  }

  /** A Deployment of a team that is sound and no fault has befallen yet. @throws NoTargetError */
  deployment(wanted: (one: Deployment) => boolean = () => true): Deployment {
    return this.#pick([DEPLOYMENTS], 'Deployment', wanted);
  }

  /** As {@link deployment}. */
  statefulSet(wanted: (one: StatefulSet) => boolean = () => true): StatefulSet {
    return this.#pick([STATEFUL_SETS], 'StatefulSet', wanted);
  }

  /** As {@link deployment}. */
  daemonSet(wanted: (one: DaemonSet) => boolean = () => true): DaemonSet {
    return this.#pick([DAEMON_SETS], 'DaemonSet', wanted);
  }

  /** One that is not suspended; else as {@link deployment}. */
  cronJob(wanted: (one: CronJob) => boolean = () => true): CronJob {
    return this.#pick([CRON_JOBS], 'CronJob', wanted);
  }

  /** As {@link deployment}, of any kind. */
  workload(wanted: (one: Workload) => boolean = () => true): Workload {
    return this.#pick<Workload>([DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS], 'workload', wanted);
  }

  /** All that {@link workload} would draw from, by name; nothing is taken. */
  workloads(): readonly Workload[] {
    return this.#open<Workload>([DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS]);
  }

  /** Those of teams, sound or not, whatever a person named; by name. */
  everyWorkload(): readonly Workload[] {
    const { store } = this.cluster.api;
    const all: readonly Workload[] = [
      ...store.list(DEPLOYMENTS),
      ...store.list(STATEFUL_SETS),
      ...store.list(DAEMON_SETS),
    ];
    return byEntity(all).filter(({ metadata }) => !SYSTEM_NAMESPACE.test(metadata.namespace ?? ''));
  }

  /**
   * A node that works, takes pods and no fault has befallen yet, rather one on which pods of teams run; with a target the node of that name, or one
   * on which a pod of that workload runs. @throws NoTargetError
   */
  node(wanted: (one: Node) => boolean = () => true): Node {
    const sound = servingNodes(this.cluster).filter((one) => !this.isTaken(one) && wanted(one));
    const named = sound.filter(({ metadata: { name } }) => name === this.#target);
    const inUse = this.#nodesInUse();
    const used = sound.filter(({ metadata: { name } }) => inUse.has(name));
    const isFree = used.length === 0 && this.#target === undefined;
    const one = this.pick(this.#aimed('node'), named.length > 0 ? named : isFree ? sound : used);
    this.take(one);
    return one;
  }

  /** One of some; a repeatable draw. @throws NoTargetError of none */
  pick<T>(what: string, from: readonly T[]): T {
    const one = from[drawInteger(this.random, 0, from.length - 1)];
    if (one === undefined) throw new NoTargetError(`there is no ${what} that this could befall`);
    return one;
  }

  /** Marks an object so that no other fault befalls it; returns whether it was free. */
  take(object: KubeObject): boolean {
    const key = entityOf(object);
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }

  isTaken(object: KubeObject): boolean {
    return this.#taken.has(entityOf(object));
  }

  /** Makes an object, as somebody with kubectl would. @throws NoTargetError where there is one of that name, ApiError where it is refused */
  create(object: Json & { readonly apiVersion: string; readonly kind: string; readonly metadata: Json }): KubeObject {
    const type = this.cluster.api.types.byKind(groupOf(object.apiVersion), object.kind);
    if (type === undefined) throw new RangeError(`kind ${object.kind}: is not served`);
    const { namespace = '', name = '' } = object.metadata as Partial<KubeObject['metadata']>;
    if (this.cluster.api.store.get(type, namespace, name) !== undefined)
      throw new NoTargetError(`${object.kind} ${name}: is there already`);
    const made = this.cluster.api.create(type, object as unknown as KubeObject);
    this.#note(made);
    return made;
  }

  /** Changes an object. @throws ApiError */
  change<T extends KubeObject>(type: ResourceType<T>, object: KubeObject, mutate: (now: T) => T): T {
    const { namespace = '', name } = object.metadata;
    const changed = this.cluster.api.change(type, namespace, name, mutate);
    this.#note(changed);
    return changed;
  }

  /** Deletes an object. @returns makes it again @throws ApiError */
  remove(type: ResourceType, object: KubeObject): () => void {
    this.#note(object);
    const { namespace, name, labels = {}, annotations = {} } = object.metadata;
    this.cluster.api.delete(type, namespace ?? '', name);
    const metadata = { name, labels, annotations, ...(namespace === undefined ? {} : { namespace }) };
    return () => void this.create({ ...object, metadata });
  }

  /** Rolls out another pod template: fields of the pod's spec, and of its first container; and changes fields of the workload's own spec. */
  roll(workload: Workload, pod: Json, first: Partial<Container> | Json = {}, spec: Json = {}): void {
    const change = (template: Template) => {
      const containers = (template.spec?.containers ?? []).map((one, i) => (i === 0 ? { ...one, ...first } : one));
      return { ...template, spec: { ...template.spec, containers, ...pod } as PodSpec };
    };
    this.#retemplate(workload, change, spec);
  }

  /** Sets the size of a workload, as `kubectl scale` does. */
  scale(workload: Deployment | StatefulSet, replicas: number): void {
    this.change(
      typeOf(workload),
      workload,
      (now) => ({ ...now, spec: { ...(now as Deployment).spec, replicas } }) as KubeObject,
    );
  }

  /** Rolls out the same template once more, as `kubectl rollout restart` does. */
  restart(workload: Workload): void {
    const at = new Date(this.cluster.clock.now).toISOString();
    this.#retemplate(workload, ({ metadata, ...template }) => {
      const annotations = { ...metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': at };
      return { ...template, metadata: { ...metadata, annotations } };
    });
  }

  /**
   * Sets the spec of a workload back to what it was. Pods that would keep a StatefulSet from getting there are made anew.
   * Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
   */
  rollBack(before: Workload): void {
    this.change(typeOf(before), before, (now) => ({ ...now, spec: before.spec }) as KubeObject);
    if (before.kind !== 'StatefulSet') return;
    for (const pod of podsOf(this.cluster, before)) if (!isReady(pod)) this.remove(PODS, pod);
  }

  /** Does something to the cluster somewhat later; not if what it is about has gone by then. */
  later(afterMs: number, what: () => void): void {
    this.cluster.clock.after(afterMs, () => {
      try {
        what();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    });
  }

  /** Lets programs, registries, machines or storage behave otherwise from now on. @returns takes it back */
  behave(row: BehaviourRow): () => void {
    return this.cluster.behave(row);
  }

  /** Notes what was changed outside of the API. */
  touchOutside(what: string): void {
    this.#touched.push(what);
  }

  /** Nodes that pods of teams run on; with a target, those of its pods. */
  #nodesInUse(): ReadonlySet<string> {
    const { store } = this.cluster.api;
    const inUse = new Set<string>();
    for (const workload of [...store.list(DEPLOYMENTS), ...store.list(STATEFUL_SETS)]) {
      const { namespace = '', name } = workload.metadata;
      if (SYSTEM_NAMESPACE.test(namespace)) continue;
      if (this.#target !== undefined && this.#target !== `${namespace}/${name}`) continue;
      for (const { spec } of podsOf(this.cluster, workload)) if (spec?.nodeName !== undefined) inUse.add(spec.nodeName);
    }
    return inUse;
  }

  #retemplate(workload: Workload, change: (template: Template) => Template, own: Json = {}): void {
    this.change(typeOf(workload), workload, (now) => {
      const { spec } = now as Workload;
      return { ...now, spec: { ...spec, ...own, template: change(spec?.template as Template) } } as KubeObject;
    });
  }

  #note(object: KubeObject): void {
    const entity = entityOf(object);
    if (!this.#touched.includes(entity)) this.#touched.push(entity);
  }

  #open<T extends KubeObject>(types: readonly ResourceType<T>[]): readonly T[] {
    return byEntity(types.flatMap((type) => [...this.cluster.api.store.list(type)])).filter((one) => this.#isOpen(one));
  }

  #pick<T extends KubeObject>(types: readonly ResourceType<T>[], kind: string, wanted: (one: T) => boolean): T {
    const sound = this.#open(types).filter(wanted);
    const spaces = new Set([...this.#taken].map((key) => key.slice(key.indexOf(' ') + 1, key.lastIndexOf('/'))));
    const apart = sound.filter(({ metadata }) => !spaces.has(metadata.namespace ?? ''));
    const one = this.pick(this.#aimed(kind), apart.length > 0 ? apart : sound);
    this.take(one);
    return one;
  }

  /** What is looked for, in words. */
  #aimed(kind: string): string {
    return this.#target === undefined ? kind : `${kind} "${this.#target}"`;
  }

  #isOpen(object: KubeObject): boolean {
    const { namespace = '', name } = object.metadata;
    if (this.isTaken(object)) return false;
    if (this.#target !== undefined) return this.#target === `${namespace}/${name}`;
    return isSound(object) && !SYSTEM_NAMESPACE.test(namespace);
  }
}

/** The type of a workload, for changes of it. */
export function typeOf({ kind }: Workload): ResourceType {
  return TYPES[kind] as ResourceType;
}

/** Whether a workload is as somebody wants it, and a CronJob runs. */
export function isSound(object: KubeObject): boolean {
  if (object.kind === 'CronJob') return (object as CronJob).spec?.suspend !== true;
  if (object.kind === 'DaemonSet') {
    const { desiredNumberScheduled: desired = 0, numberReady = 0 } = (object as DaemonSet).status ?? {};
    return desired > 0 && numberReady >= desired;
  }
  const { spec, status } = object as Deployment | StatefulSet;
  const { readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
  const wanted = spec?.replicas ?? 1;
  return wanted > 0 && Math.min(readyReplicas, updatedReplicas) >= wanted;
}
