/**
 * What a workload was before: the templates that its ReplicaSets, ControllerRevisions or finished Jobs still hold.
 * Sources: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#revision-history-limit,
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#revision-history
 */
import {
  compare,
  sameJson,
  timeOf,
  type ClusterSnapshot,
  type Container,
  type KubeObject,
  type Pod,
} from '@aia/cluster';
import { isReady } from '../../diagnose/conditions.ts';
import { revisionNumber } from '../../diagnose/workloads/rollout.ts';

/** A pod template as a workload's spec holds it, without the labels that controllers add. */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: PodSpec;
}

/** What of a pod's spec is compared and taken over. */
export type PodSpec = NonNullable<Pod['spec']>;

/** An earlier template of a workload. */
export interface Revision {
  /** As `kubectl rollout history` numbers it; of CronJobs the name of the Job. */
  readonly name: string;
  /** The ReplicaSet, ControllerRevision or Job that holds it. */
  readonly object: KubeObject;
  readonly template: PodTemplate;
  /** Epoch milliseconds from and to which it was the newest, as far as objects tell. */
  readonly from: number | undefined;
  readonly until: number | undefined;
  /** Pods of it that are ready now, or of a Job that completed. */
  readonly ready: number;
}

/** What controllers write into templates that they make pods from. */
const CONTROLLER_LABELS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
]);

/** The template of a workload as it is asked for now. */
export function currentTemplate(workload: KubeObject): PodTemplate | undefined {
  const { spec } = workload as { readonly spec?: Templated & { readonly jobTemplate?: { readonly spec?: Templated } } };
  const template = spec?.jobTemplate?.spec?.template ?? spec?.template;
  return template === undefined ? undefined : plain(template);
}

interface Templated {
  readonly template?: PodTemplate;
}

/** Templates other than the present one, the newest first. `[]` for what keeps no history. */
export function earlierRevisions(workload: KubeObject, snapshot: ClusterSnapshot): readonly Revision[] {
  const current = currentTemplate(workload);
  const held = holders(workload, snapshot).toSorted(
    (a, b) => b.order - a.order || compare(a.object.metadata.name, b.object.metadata.name),
  );
  const revisions = held.map(({ object, template, name, ready }, i): Revision => {
    const next = held[i - 1]?.object.metadata.creationTimestamp;
    const [from, until] = [timeOf(object.metadata.creationTimestamp), timeOf(next)];
    return { name, object, template, from, until, ready };
  });
  return revisions.filter(({ template }) => !sameJson(template.spec, current?.spec));
}

/** When the present template was rolled out, epoch milliseconds; `undefined` where nothing tells: after a return to an older one, and of CronJobs. */
export function rolledOutAt(workload: KubeObject, snapshot: ClusterSnapshot): number | undefined {
  if (workload.kind === 'CronJob') return undefined;
  const current = currentTemplate(workload);
  const held = holders(workload, snapshot);
  const own = held.find(({ template }) => sameJson(template.spec, current?.spec));
  const at = timeOf(own?.object.metadata.creationTimestamp);
  const isNewest = held.every(({ object }) => (timeOf(object.metadata.creationTimestamp) ?? 0) <= (at ?? 0));
  return isNewest && held.length > 1 ? at : undefined;
}

/** A template, and the object that holds it. */
export interface Holder {
  readonly object: KubeObject;
  readonly template: PodTemplate;
  readonly name: string;
  readonly order: number;
  readonly ready: number;
  /** Pods made from it that are there. */
  pods(): readonly Pod[];
}

/** Everything that holds a template of a workload, the present one among them; in no order. */
export function holders(workload: KubeObject, snapshot: ClusterSnapshot): readonly Holder[] {
  const owned = snapshot.ownedBy(workload);
  switch (workload.kind) {
    case 'Deployment':
      return owned.flatMap((one) => (one.kind === 'ReplicaSet' ? ofReplicaSet(one, snapshot) : []));
    case 'StatefulSet':
    case 'DaemonSet':
      return owned.flatMap((one) => (one.kind === 'ControllerRevision' ? ofRevision(one, workload, snapshot) : []));
    case 'CronJob':
      return owned.flatMap((one) => (one.kind === 'Job' ? ofJob(one, snapshot) : []));
    default:
      return [];
  }
}

function ofReplicaSet(object: KubeObject, snapshot: ClusterSnapshot): readonly Holder[] {
  const { spec, status } = object as {
    readonly spec?: Templated;
    readonly status?: { readonly readyReplicas?: number };
  };
  const order = revisionNumber(object);
  if (spec?.template === undefined || order === undefined) return [];
  return [
    {
      object,
      template: plain(spec.template),
      name: String(order),
      order,
      ready: status?.readyReplicas ?? 0,
      pods: () => podsOf(object, snapshot),
    },
  ];
}

function ofRevision(object: KubeObject, workload: KubeObject, snapshot: ClusterSnapshot): readonly Holder[] {
  const { data, revision } = object as unknown as {
    readonly data?: { readonly spec?: Templated };
    readonly revision?: number;
  };
  const template = data?.spec?.template;
  if (template === undefined || revision === undefined) return [];
  const { name, labels = {} } = object.metadata;
  const hashes = new Set([name, labels['controller-revision-hash'], labels['controller.kubernetes.io/hash']]);
  const pods = () =>
    podsOf(workload, snapshot).filter((pod) => hashes.has(pod.metadata.labels?.['controller-revision-hash']));
  const ready = pods().filter(isReady).length;
  return [{ object, template: plain(template), name: String(revision), order: revision, ready, pods }];
}

function ofJob(object: KubeObject, snapshot: ClusterSnapshot): readonly Holder[] {
  const { spec, status } = object as {
    readonly spec?: Templated;
    readonly status?: { readonly succeeded?: number };
  };
  if (spec?.template === undefined) return [];
  const order = timeOf(object.metadata.creationTimestamp) ?? 0;
  return [
    {
      object,
      template: plain(spec.template),
      name: object.metadata.name,
      order,
      ready: status?.succeeded ?? 0,
      pods: () => podsOf(object, snapshot),
    },
  ];
}

function podsOf(owner: KubeObject, snapshot: ClusterSnapshot): readonly Pod[] {
  return snapshot.ownedBy(owner).filter((one): one is Pod => one.kind === 'Pod');
}

/** Without what controllers add and what only the format of a revision has. */
function plain(template: PodTemplate): PodTemplate {
  const { metadata = {}, ...rest } = template;
  const labels = without(metadata.labels ?? {}, (name) => CONTROLLER_LABELS.has(name));
  const named = without(metadata, (field) => field === 'creationTimestamp' || field === 'labels');
  return { ...without(rest, (field) => field === '$patch'), metadata: { ...named, labels } };
}

function without<T>(
  fields: Readonly<Record<string, T>>,
  isOut: (name: string) => boolean,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !isOut(name)));
}

/** All containers of a template, init containers first. */
export function containersOf({ spec }: PodTemplate): readonly Container[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}
