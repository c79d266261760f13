/** Tables of what runs pods. */
import type { KindMap, Deployment, DaemonSet, Job, ReplicaSet, StatefulSet } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { age, containerCells, labelsCell, NONE, selectorCell, truthCell, UNSET } from './cells.ts';
import { printer, type TablePrinter } from './column.ts';
import { humanDuration, since } from './duration.ts';
import { metricsCell } from './metric-targets.ts';
import { PODS_TABLE } from './pod-table.ts';

const REPLICAS = 'Name, Desired:integer, Current:integer, Ready:integer, Age, +Containers, +Images, +Selector';

interface ControllerRevision extends KubeObject {
  readonly revision?: number;
}

/** By `group/Kind`. */
export const WORKLOAD_TABLES: Readonly<Record<string, TablePrinter>> = {
  '/Pod': PODS_TABLE,
  '/ReplicationController': printer<KindMap['ReplicationController']>(REPLICAS, (one, now) => [
    one.metadata.name,
    one.spec?.replicas ?? 0,
    one.status?.replicas ?? 0,
    one.status?.readyReplicas ?? 0,
    age(one, now),
    ...containerCells(one.spec?.template?.spec?.containers),
    labelsCell(one.spec?.selector),
  ]),
  'apps/ReplicaSet': printer<ReplicaSet>(REPLICAS, (one, now) => [
    one.metadata.name,
    one.spec?.replicas ?? 0,
    one.status?.replicas ?? 0,
    one.status?.readyReplicas ?? 0,
    age(one, now),
    ...containerCells(one.spec?.template?.spec?.containers),
    selectorCell(one.spec?.selector),
  ]),
  'apps/Deployment': printer<Deployment>(
    'Name, Ready, Up-to-date:integer, Available:integer, Age, +Containers, +Images, +Selector',
    (one, now) => [
      one.metadata.name,
      `${one.status?.readyReplicas ?? 0}/${one.spec?.replicas ?? 0}`,
      one.status?.updatedReplicas ?? 0,
      one.status?.availableReplicas ?? 0,
      age(one, now),
      ...containerCells(one.spec?.template.spec?.containers),
      selectorCell(one.spec?.selector),
    ],
  ),
  'apps/StatefulSet': printer<StatefulSet>('Name, Ready, Age, +Containers, +Images', (one, now) => [
    one.metadata.name,
    `${one.status?.readyReplicas ?? 0}/${one.spec?.replicas ?? 0}`,
    age(one, now),
    ...containerCells(one.spec?.template.spec?.containers),
  ]),
  'apps/DaemonSet': printer<DaemonSet>(
    'Name, Desired:integer, Current:integer, Ready:integer, Up-to-date:integer, Available:integer, Node Selector, Age, +Containers, +Images, +Selector',
    (one, now) => [
      one.metadata.name,
      one.status?.desiredNumberScheduled ?? 0,
      one.status?.currentNumberScheduled ?? 0,
      one.status?.numberReady ?? 0,
      one.status?.updatedNumberScheduled ?? 0,
      one.status?.numberAvailable ?? 0,
      labelsCell(one.spec?.template.spec?.nodeSelector),
      age(one, now),
      ...containerCells(one.spec?.template.spec?.containers),
      selectorCell(one.spec?.selector),
    ],
  ),
  'apps/ControllerRevision': printer<ControllerRevision>('Name, Controller, Revision, Age', (one, now) => {
    const owner = one.metadata.ownerReferences?.find(({ controller }) => controller === true);
    const [group = ''] = (owner?.apiVersion ?? '').split('/', 1);
    const kind = owner === undefined ? '' : `${owner.kind.toLowerCase()}${group.startsWith('v') ? '' : `.${group}`}`;
    return [one.metadata.name, owner === undefined ? NONE : `${kind}/${owner.name}`, one.revision ?? 0, age(one, now)];
  }),
  'batch/Job': printer<Job>('Name, Status, Completions, Duration, Age, +Containers, +Images, +Selector', (one, now) => [
    one.metadata.name,
    jobStatus(one),
    completions(one),
    jobDuration(one, now),
    age(one, now),
    ...containerCells(one.spec?.template.spec?.containers),
    selectorCell(one.spec?.selector),
  ]),
  'batch/CronJob': printer<KindMap['CronJob']>(
    'Name, Schedule, Timezone, Suspend:boolean, Active:integer, Last Schedule, Age, +Containers, +Images, +Selector',
    (one, now) => [
      one.metadata.name,
      one.spec?.schedule ?? '',
      one.spec?.timeZone ?? NONE,
      truthCell(one.spec?.suspend),
      one.status?.active?.length ?? 0,
      one.status?.lastScheduleTime === undefined ? NONE : since(one.status.lastScheduleTime, now),
      age(one, now),
      ...containerCells(one.spec?.jobTemplate.spec?.template.spec?.containers),
      selectorCell(one.spec?.jobTemplate.spec?.selector),
    ],
  ),
  'autoscaling/HorizontalPodAutoscaler': printer<KindMap['HorizontalPodAutoscaler']>(
    'Name, Reference, Targets, MinPods, MaxPods, Replicas, Age',
    (one, now) => [
      one.metadata.name,
      `${one.spec?.scaleTargetRef.kind ?? ''}/${one.spec?.scaleTargetRef.name ?? ''}`,
      metricsCell(one),
      one.spec?.minReplicas === undefined ? UNSET : String(one.spec.minReplicas),
      one.spec?.maxReplicas ?? 0,
      one.status?.currentReplicas ?? 0,
      age(one, now),
    ],
  ),
  'policy/PodDisruptionBudget': printer<KindMap['PodDisruptionBudget']>(
    'Name, Min Available, Max Unavailable, Allowed Disruptions:integer, Age',
    (one, now) => [
      one.metadata.name,
      String(one.spec?.minAvailable ?? 'N/A'),
      String(one.spec?.maxUnavailable ?? 'N/A'),
      one.status?.disruptionsAllowed ?? 0,
      age(one, now),
    ],
  ),
};

function jobStatus({ metadata, status }: Job): string {
  const has = (wanted: string) =>
    status?.conditions?.some((one) => one.type === wanted && one.status === 'True') === true;
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completions({ spec, status }: Job): string {
  const done = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${done}/${spec.completions}`;
  const parallel = spec?.parallelism ?? 0;
  return parallel > 1 ? `${done}/1 of ${parallel}` : `${done}/1`;
}

function jobDuration({ status }: Job, now: number): string {
  if (status?.startTime === undefined) return '';
  const end = status.completionTime === undefined ? now : Date.parse(status.completionTime);
  return humanDuration(end - Date.parse(status.startTime));
}
