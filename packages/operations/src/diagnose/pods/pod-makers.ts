/** Everything that makes pods, running or not, with the labels that it gives them: what a selector may be meant for. */
import { type Container, type KubeObject, type Labels } from '@aia/cluster';
import { isTrue } from '../conditions.ts';
import { lastingContainers } from './lasting-containers.ts';
import type { Examination } from '../examination.ts';
import { isStandalone, wantedReplicas } from '../workloads/workload-templates.ts';

export interface PodMaker {
  readonly workload: KubeObject;
  readonly namespace: string;
  readonly labels: Labels;
  /** Pods that it wants now; 0 for what is scaled to zero, suspended, over or between two runs. */
  readonly wanted: number;
  /** Where the number stands, for evidence. */
  readonly wantedPath: string;
  readonly containers: readonly Container[];
}

/** Labels that the makers of pods add to them, which no template holds. */
export const ADDED_LABELS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'job-name',
  'controller-uid',
]);

const known = new WeakMap<Examination, readonly PodMaker[]>();

/** Of all namespaces, judged or not, those being deleted left out; in the order of the snapshot by kind. */
export function podMakers(examination: Examination): readonly PodMaker[] {
  let makers = known.get(examination);
  if (makers === undefined) known.set(examination, (makers = [...collect(examination)]));
  return makers;
}

const byNamespace = new WeakMap<Examination, ReadonlyMap<string, readonly PodMaker[]>>();

/** Those of one namespace. */
export function podMakersIn(examination: Examination, namespace: string): readonly PodMaker[] {
  let groups = byNamespace.get(examination);
  if (groups === undefined)
    byNamespace.set(examination, (groups = Map.groupBy(podMakers(examination), (maker) => maker.namespace)));
  return groups.get(namespace) ?? [];
}

interface Template {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec?: { readonly containers?: readonly Container[]; readonly initContainers?: readonly Container[] };
}

function* collect(examination: Examination): Iterable<PodMaker> {
  const { snapshot } = examination;
  for (const kind of ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'] as const)
    for (const one of snapshot.list(kind))
      if (isLiving(one) && (kind !== 'ReplicaSet' || isStandalone(examination, one)))
        yield maker(one, one.spec?.template, wantedReplicas(one), 'spec.replicas');
  for (const one of snapshot.list('DaemonSet').filter(isLiving))
    yield maker(one, one.spec?.template, one.status?.desiredNumberScheduled ?? 1, 'status.desiredNumberScheduled');
  for (const one of snapshot.list('Job').filter(isLiving)) {
    const isOver = isTrue(one.status?.conditions, 'Complete') || isTrue(one.status?.conditions, 'Failed');
    const wanted = isOver || one.spec?.suspend === true ? 0 : (one.spec?.parallelism ?? 1);
    yield maker(one, one.spec?.template, wanted, 'spec.parallelism');
  }
  for (const one of snapshot.list('CronJob').filter(isLiving))
    yield maker(one, one.spec?.jobTemplate?.spec?.template, 0, 'spec.schedule');
  for (const one of snapshot.listOf('argoproj.io', 'Rollout').filter(isLiving)) yield rollout(one);
}

function isLiving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

function maker(workload: KubeObject, template: Template | undefined, wanted: number, wantedPath: string): PodMaker {
  return {
    workload,
    namespace: workload.metadata.namespace ?? '',
    labels: template?.metadata?.labels ?? {},
    wanted,
    wantedPath,
    containers: lastingContainers({ ...(template?.spec && { spec: template.spec }) }),
  };
}

/** Argo's stand-in for a Deployment, read without types: only its labels and number count here. */
function rollout(object: KubeObject): PodMaker {
  const spec = recordAt(object, 'spec');
  const labels = Object.entries(recordAt(recordAt(recordAt(spec, 'template'), 'metadata'), 'labels'));
  const texts = labels.filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const { replicas } = spec;
  const wanted = typeof replicas === 'number' ? replicas : 1;
  return maker(object, { metadata: { labels: Object.fromEntries(texts) } }, wanted, 'spec.replicas');
}

function recordAt(value: object, field: string): Readonly<Record<string, unknown>> {
  const found: unknown = (value as Readonly<Record<string, unknown>>)[field];
  return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
}
