/**
 * Whether workloads have all their pods, by the status that their controllers write.
 * Source: `kubectl rollout status` (k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go); https://kubernetes.io/docs/concepts/workloads/
 */
import type { KindMap, KubeObject } from '@aia/cluster';
import { conditionOf, isReady, isTrue, type Condition } from '../diagnose/conditions.ts';
import type { ClusterView } from './cluster-view.ts';
import { fails, HOLDS, unknown, unless, type Verdict } from './verdict.ts';

/** By kind. */
type Judges = { readonly [K in keyof KindMap]?: (object: KindMap[K], view: ClusterView) => Verdict };

const JUDGES: Judges = {
  Deployment: ofDeployment,
  StatefulSet: ofStatefulSet,
  DaemonSet: ofDaemonSet,
  ReplicaSet: ofReplicaSet,
  ReplicationController: (set) => ofReplicaSet(set),
  Job: ofJob,
  CronJob: ofCronJob,
  Pod: ofPod,
};

/** Whether an object has all that it wants; of kinds without pods: that they say `Available` or `Ready`. */
export function availabilityOf(object: KubeObject, view: ClusterView): Verdict {
  const judge = JUDGES[object.kind as keyof KindMap] as ((one: KubeObject, view: ClusterView) => Verdict) | undefined;
  if (judge === undefined) return ofOther(object);
  const { observedGeneration } = (object as Generated).status ?? {};
  const { generation } = object.metadata;
  const isUnseen = observedGeneration !== undefined && generation !== undefined && observedGeneration < generation;
  return isUnseen ? fails('its controller has not seen the last change') : judge(object, view);
}

interface Generated {
  readonly status?: { readonly observedGeneration?: number };
}

function ofDeployment({ spec, status = {} }: KindMap['Deployment']): Verdict {
  const wanted = spec?.replicas ?? 1;
  const { updatedReplicas: updated = 0, availableReplicas: available = 0, replicas = 0 } = status;
  if (updated < wanted) return fails(`${updated} of ${wanted} replicas are of the newest revision`);
  if (replicas > updated) return fails(`${replicas - updated} replicas of older revisions are still there`);
  return unless(available < wanted ? `${available} of ${wanted} replicas are available` : undefined);
}

function ofStatefulSet({ spec, status }: KindMap['StatefulSet']): Verdict {
  const wanted = spec?.replicas ?? 1;
  const { readyReplicas: ready = 0, currentRevision, updateRevision } = status ?? {};
  const available = status?.availableReplicas ?? ready;
  if (available < wanted) return fails(`${available} of ${wanted} replicas are available`);
  const isOnDelete = spec?.updateStrategy?.type === 'OnDelete';
  if (isOnDelete || currentRevision === updateRevision) return HOLDS;
  const kept = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const [updated, toUpdate] = [status?.updatedReplicas ?? 0, Math.max(0, wanted - kept)];
  return unless(updated < toUpdate ? `${updated} of ${toUpdate} replicas are of the newest revision` : undefined);
}

function ofDaemonSet({ spec, status }: KindMap['DaemonSet']): Verdict {
  const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status ?? {};
  const isOnDelete = spec?.updateStrategy?.type === 'OnDelete';
  if (!isOnDelete && updatedNumberScheduled < wanted)
    return fails(`${updatedNumberScheduled} of ${wanted} pods are of the newest revision`);
  return unless(numberAvailable < wanted ? `${numberAvailable} of ${wanted} pods are available` : undefined);
}

function ofReplicaSet({ spec, status }: KindMap['ReplicaSet'] | KindMap['ReplicationController']): Verdict {
  const [wanted, available] = [spec?.replicas ?? 1, status?.availableReplicas ?? 0];
  return unless(available < wanted ? `${available} of ${wanted} replicas are available` : undefined);
}

function ofJob({ status }: KindMap['Job']): Verdict {
  const conditions = status?.conditions as readonly Condition[] | undefined;
  if (isTrue(conditions, 'Complete')) return HOLDS;
  const failed = conditionOf(conditions, 'Failed');
  if (failed?.status === 'True')
    return { state: 'fails', why: `it failed: ${failed.message ?? failed.reason ?? 'no reason given'}`, isFinal: true };
  return fails(`it has not completed: ${status?.succeeded ?? 0} pods succeeded, ${status?.failed ?? 0} failed`);
}

const JOBS = { group: 'batch', kind: 'Job' };

/** By its newest run of the present template; it is not known how one would go before there is any. */
function ofCronJob(cron: KindMap['CronJob'], view: ClusterView): Verdict {
  const template = programOf(cron.spec?.jobTemplate.spec);
  const runs = (view.ownedBy(cron, JOBS) as readonly KindMap['Job'][]).filter(
    ({ spec }) => programOf(spec) === template,
  );
  const newest = runs.toSorted((a, b) => madeAt(b) - madeAt(a))[0];
  if (newest === undefined) return unknown('no Job of its present template has run yet');
  const verdict = ofJob(newest);
  return verdict.state === 'fails' ? fails(`Job ${newest.metadata.name}: ${verdict.why}`) : verdict;
}

/** What runs, without what defaults and admission add to a Job's pods. */
function programOf(job: KindMap['Job']['spec']): string {
  const { containers = [], initContainers = [] } = job?.template.spec ?? {};
  return JSON.stringify(
    [...initContainers, ...containers].map(({ name, image, command, args, env, envFrom, resources }) => [
      ...[name, image, command, args],
      ...[env, envFrom, resources],
    ]),
  );
}

function madeAt({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

function ofPod(pod: KindMap['Pod']): Verdict {
  if (pod.status?.phase === 'Succeeded' || isReady(pod as Parameters<typeof isReady>[0])) return HOLDS;
  return fails(`it is ${pod.status?.phase ?? 'Pending'} and not ready`);
}

function ofOther(object: KubeObject): Verdict {
  const { conditions } = (object as { readonly status?: { readonly conditions?: readonly Condition[] } }).status ?? {};
  const found = conditionOf(conditions, 'Available') ?? conditionOf(conditions, 'Ready');
  if (found === undefined) return unknown('it does not say whether it is available');
  return unless(found.status === 'True' ? undefined : `it is not ${found.type}: ${found.reason ?? found.status}`);
}
