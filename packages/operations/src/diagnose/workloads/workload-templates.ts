/** Everything that makes pods, with the template it makes them from: what is wrong there is wrong once, not once per pod. */
import { controllingReference, objectKey, type KindMap, type KubeObject, type Pod, type PodSpec } from '@aia/cluster';
import { isReady } from '../conditions.ts';
import { inOrder, type Examination } from '../examination.ts';
import { isOver } from './job-outcome.ts';
import { isLiving } from '../nodes/node-pods.ts';

/** A pod template that is in use. */
export interface WorkloadTemplate {
  /** What findings are about: the topmost owner. */
  readonly workload: KubeObject;
  /** The object in which the template stands; the workload itself unless that is a custom resource. */
  readonly holder: KubeObject;
  readonly namespace: string;
  readonly spec: PodSpec;
  /** Where the spec stands in the holder: `spec.template.spec`. */
  readonly path: string;
  /** Everything it wants is up, from this very template: a fault in it shows only when a pod starts again. */
  readonly isComplete: boolean;
}

const known = new WeakMap<Examination, readonly WorkloadTemplate[]>();

/**
 * Templates of judged workloads, ordered by object: Deployments, StatefulSets, DaemonSets, CronJobs, unfinished Jobs without
 * CronJob, ReplicaSets and ReplicationControllers without Deployment, and pods that nothing in the snapshot stands behind.
 * What is scaled to zero, suspended or being deleted is left out, as it starts nothing.
 */
export function workloadTemplates(examination: Examination): readonly WorkloadTemplate[] {
  let templates = known.get(examination);
  if (templates === undefined) known.set(examination, (templates = collect(examination)));
  return templates;
}

/** Replicas wanted by `spec.replicas`, which defaults to 1. */
export function wantedReplicas(object: { readonly spec?: { readonly replicas?: number } }): number {
  return object.spec?.replicas ?? 1;
}

/**
 * Whether a controller has looked at a workload. One that was just made, or a manifest, has no status or an empty one; the API
 * server fills in the number of replicas.
 */
export function isReported({
  spec,
  status,
}: {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly observedGeneration?: number };
}): boolean {
  if (status?.observedGeneration !== undefined) return true;
  return spec?.replicas !== undefined && Object.values(status ?? {}).some((value) => value !== undefined);
}

/** A ReplicaSet or ReplicationController that no Deployment in the snapshot governs. */
export function isStandalone(examination: Examination, object: KubeObject): boolean {
  return examination.snapshot.ownerOf(object)?.kind !== 'Deployment';
}

const livingByKind = new WeakMap<Examination, Map<keyof KindMap, readonly KubeObject[]>>();

/** Judged objects of a kind that are not being deleted, in a stable order; many rules go over the same ones. */
export function livingOf<K extends keyof KindMap>(examination: Examination, kind: K): readonly KindMap[K][] {
  const kinds = livingByKind.get(examination) ?? new Map<keyof KindMap, readonly KubeObject[]>();
  livingByKind.set(examination, kinds);
  const found = kinds.get(kind) ?? listLiving(examination, kind);
  kinds.set(kind, found);
  return found as unknown as readonly KindMap[K][];
}

function listLiving(examination: Examination, kind: keyof KindMap): readonly KubeObject[] {
  const living = (object: KubeObject): boolean =>
    object.metadata.deletionTimestamp === undefined && examination.judges(object.metadata.namespace ?? '');
  return inOrder((examination.snapshot.list(kind) as readonly KubeObject[]).filter(living));
}

function collect(examination: Examination): readonly WorkloadTemplate[] {
  const found: WorkloadTemplate[] = [];
  const add = (holder: KubeObject, spec: PodSpec | undefined, path: string, isComplete: boolean): void => {
    if (spec === undefined) return;
    const workload = examination.snapshot.rootOwnerOf(holder);
    found.push({ workload, holder, namespace: holder.metadata.namespace ?? '', spec, path, isComplete });
  };
  const path = 'spec.template.spec';
  for (const one of livingOf(examination, 'Deployment')) {
    const { availableReplicas = 0, updatedReplicas = 0 } = one.status ?? {};
    const wanted = wantedReplicas(one);
    if (wanted > 0) add(one, one.spec?.template?.spec, path, Math.min(availableReplicas, updatedReplicas) >= wanted);
  }
  for (const one of livingOf(examination, 'StatefulSet')) {
    const { readyReplicas = 0, updateRevision, currentRevision } = one.status ?? {};
    const wanted = wantedReplicas(one);
    const isComplete = readyReplicas >= wanted && updateRevision === currentRevision;
    if (wanted > 0) add(one, one.spec?.template?.spec, path, isComplete);
  }
  for (const one of livingOf(examination, 'DaemonSet')) {
    const { desiredNumberScheduled: wanted, numberReady = 0, updatedNumberScheduled = 0 } = one.status ?? {};
    const isComplete = wanted !== undefined && Math.min(numberReady, updatedNumberScheduled) >= wanted;
    if (wanted !== 0) add(one, one.spec?.template?.spec, path, isComplete);
  }
  for (const kind of ['ReplicaSet', 'ReplicationController'] as const) {
    for (const one of livingOf(examination, kind)) {
      const wanted = wantedReplicas(one);
      if (wanted === 0 || !isStandalone(examination, one)) continue;
      add(one, one.spec?.template?.spec, path, (one.status?.readyReplicas ?? 0) >= wanted);
    }
  }
  for (const one of livingOf(examination, 'CronJob')) {
    if (one.spec?.suspend === true) continue;
    add(one, one.spec?.jobTemplate?.spec?.template?.spec, 'spec.jobTemplate.spec.template.spec', false);
  }
  for (const one of livingOf(examination, 'Job')) {
    if (isOver(one) || one.spec?.suspend === true || examination.snapshot.ownerOf(one) !== undefined) continue;
    add(one, one.spec?.template?.spec, path, false);
  }
  for (const pod of podsAlone(examination)) add(pod, pod.spec, 'spec', isReady(pod));
  return found;
}

/** Owners whose template is read instead of the pod. */
const WITH_TEMPLATE: ReadonlySet<string> = new Set([
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'ReplicationController',
]);

/** Living pods without an owner whose template is in the snapshot; of pods with one owner only the first. */
function podsAlone(examination: Examination): readonly Pod[] {
  const owners = new Set<string>();
  const alone: Pod[] = [];
  for (const pod of examination.snapshot.list('Pod')) {
    const { namespace = '' } = pod.metadata;
    const owner = controllingReference(pod);
    if (!isLiving(pod)) continue;
    if (owner !== undefined) {
      // A mirror pod stands for a file on its node and takes its configuration from there.
      if (owner.kind === 'Node') continue;
      const key = owner.uid ?? `${owner.kind}/${namespace}/${owner.name}`;
      if (owners.has(key)) continue;
      owners.add(key);
      if (WITH_TEMPLATE.has(owner.kind) && examination.snapshot.ownerOf(pod) !== undefined) continue;
    }
    if (examination.judges(namespace)) alone.push(pod);
  }
  return alone.sort((a, b) => (objectKey(a) < objectKey(b) ? -1 : 1));
}
