/** Breaks Deployments of a synthetic namespace, each for a reason of its own that can be mended. */

interface Named {
  metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> };
}
interface Pod extends Named {
  status: {
    phase: string;
    conditions: { type: string; status: string }[];
    containerStatuses: { ready: boolean; started: boolean; restartCount: number; state: object; lastState: object }[];
  };
}
interface Workload extends Named {
  spec: {
    replicas: number;
    template: { metadata: { labels: Record<string, string> }; spec: { containers: { image: string }[] } };
  };
  status: Record<string, unknown>;
}
interface Slice extends Named {
  endpoints: { conditions: { ready: boolean; serving: boolean }; targetRef: { name: string } }[];
  ports: object[];
}
interface Service extends Named {
  spec: { selector: Record<string, string>; ports: object[] };
}

type Kinds = Readonly<Record<string, unknown[]>>;
type Time = (agoMs: number) => string;

/** What is wrong. */
const REASONS = [
  'the newest image is broken',
  'the newest image cannot be had',
  'more memory is needed',
  'a ConfigMap is gone',
  'the Service selects nothing',
  'the Service sends to a port that is not there',
] as const;
type Reason = (typeof REASONS)[number];

const MINUTE = 60_000;
/** So long ago came the newest revision of those that fail by it. */
const ROLLED_OUT = 35 * MINUTE;
const REVISION = 'deployment.kubernetes.io/revision';

/** Breaks so many as numbers from `from` to before `to`, spread over the namespace; two of five pods of each fail. */
export function breakWorkloads(kinds: Kinds, from: number, to: number, time: Time): void {
  const deployments = kinds['deployments'] as Workload[];
  for (let n = from; n < to; n++) {
    const deployment = deployments[Math.floor(((n - from) * deployments.length) / (to - from))];
    if (deployment !== undefined) breakOne(kinds, deployment, REASONS[n % REASONS.length] as Reason, time);
  }
}

function breakOne(kinds: Kinds, deployment: Workload, reason: Reason, time: Time): void {
  const app = deployment.metadata.name;
  const own = <T extends Named>(kind: string) =>
    (kinds[kind] as T[]).filter(({ metadata }) => metadata.labels['app'] === app);
  const slice = (kinds['endpointslices'] as Slice[]).find(
    ({ metadata }) => metadata.labels['kubernetes.io/service-name'] === app,
  );
  const [service] = own<Service>('services');
  if (reason === 'the Service selects nothing' || reason === 'the Service sends to a port that is not there')
    return misdirect(service, slice, reason);
  const failing = own<Pod>('pods').slice(0, Math.ceil(deployment.spec.replicas * 0.4));
  const available = deployment.spec.replicas - failing.length;
  for (const pod of failing) fail(pod, reason, app, time, kinds['events'] as unknown[]);
  for (const { conditions, targetRef } of slice?.endpoints ?? [])
    if (failing.some(({ metadata }) => metadata.name === targetRef.name)) conditions.ready = conditions.serving = false;
  const [set] = own<Workload>('replicasets');
  Object.assign(deployment.status, { availableReplicas: available, readyReplicas: available });
  if (set !== undefined) {
    const counts = { availableReplicas: available, readyReplicas: available };
    Object.assign(set.status, counts);
    if (reason === 'the newest image is broken' || reason === 'the newest image cannot be had') {
      (kinds['replicasets'] as unknown[]).push(newer(set, deployment, failing, time(ROLLED_OUT)));
      Object.assign(set.spec, { replicas: available });
      Object.assign(set.status, { replicas: available, fullyLabeledReplicas: available });
    }
  }
  const configs = kinds['configmaps'] as Named[];
  const config = configs.findIndex(({ metadata }) => metadata.name === `${app}-config`);
  if (reason === 'a ConfigMap is gone') configs.splice(config, 1);
}

/** All pods are well, and nobody reaches them. */
function misdirect(service: Service | undefined, slice: Slice | undefined, reason: Reason): void {
  if (service === undefined || slice === undefined) return;
  if (reason === 'the Service selects nothing') {
    service.spec.selector = { app: `${service.metadata.name}-web` };
    slice.endpoints = [];
  } else {
    service.spec.ports = service.spec.ports.map((port) => ({ ...port, targetPort: 'web' }));
    slice.ports = [];
  }
}

/** A revision with another image, which the failing pods are of; the one before runs the others. */
function newer(set: Workload, deployment: Workload, failing: readonly Pod[], creationTimestamp: string): Workload {
  // The template is one object for all of a workload.
  deployment.spec = structuredClone(deployment.spec);
  const made = structuredClone(set);
  const name = set.metadata.name.replace(/.$/, (last) => (last === 'z' ? 'y' : 'z'));
  const labels: Record<string, string> = {
    ...set.metadata.labels,
    'pod-template-hash': name.slice(name.lastIndexOf('-') + 1),
  };
  const uid = `${(set.metadata as { uid?: string }).uid ?? ''}-5`;
  const annotations = { ...made.metadata.annotations, [REVISION]: '5' };
  Object.assign(made.metadata, { name, uid, labels, annotations, creationTimestamp });
  deployment.metadata.annotations = { ...deployment.metadata.annotations, [REVISION]: '5' };
  Object.assign(made.spec, { replicas: failing.length, selector: { matchLabels: labels } });
  Object.assign(made.status, { replicas: failing.length, fullyLabeledReplicas: failing.length });
  Object.assign(made.status, { readyReplicas: 0, availableReplicas: 0 });
  Object.assign(deployment.status, { updatedReplicas: failing.length });
  for (const { spec, metadata } of failing as readonly (Pod & Templated & Owned)[]) {
    metadata.labels = { ...metadata.labels, ...labels };
    Object.assign(metadata, { creationTimestamp });
    Object.assign(metadata.ownerReferences[0] ?? {}, { name, uid });
    for (const container of spec.containers) container.image = NEWER(container.image);
  }
  made.spec.template.metadata.labels = {
    app: labels['app'] ?? '',
    'pod-template-hash': labels['pod-template-hash'] ?? '',
  };
  for (const { spec } of [deployment.spec.template, made.spec.template])
    spec.containers = spec.containers.map((one) => ({ ...one, image: NEWER(one.image) }));
  return made;
}

interface Templated {
  spec: { containers: { image: string }[] };
}
interface Owned {
  metadata: { ownerReferences: object[] };
}

const NEWER = (image: string) => image.replace('1.14.2', '1.15.0');

function fail(pod: Pod, reason: Reason, app: string, time: Time, events: unknown[]): void {
  for (const condition of pod.status.conditions)
    if (condition.type === 'Ready' || condition.type === 'ContainersReady') condition.status = 'False';
  const [status] = pod.status.containerStatuses;
  if (status === undefined) return;
  const { name } = pod.metadata;
  const waiting = (why: string, message: string) => ({ waiting: { reason: why, message } });
  const ended = (exitCode: number, why: string) => ({
    terminated: { exitCode, reason: why, startedAt: time(4 * MINUTE), finishedAt: time(3 * MINUTE) },
  });
  const backOff = waiting('CrashLoopBackOff', `back-off 5m0s restarting failed container=${app} pod=${name}`);
  Object.assign(status, { ready: false, started: false });
  if (reason === 'the newest image is broken')
    Object.assign(status, { state: backOff, lastState: ended(1, 'Error'), restartCount: 9 });
  if (reason === 'more memory is needed')
    Object.assign(status, { state: backOff, lastState: ended(137, 'OOMKilled'), restartCount: 41 });
  if (reason === 'the newest image cannot be had') {
    const state = waiting('ImagePullBackOff', `Back-off pulling image "registry.example.com/${app}:1.15.0"`);
    Object.assign(status, { state, restartCount: 0, imageID: '', lastState: {} });
    const message = `Failed to pull image "registry.example.com/${app}:1.15.0": rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.com/${app}:1.15.0": not found`;
    events.push(warning(pod, 'Failed', message, time));
  }
  if (reason === 'a ConfigMap is gone') {
    pod.status.phase = 'Pending';
    Object.assign(status, { state: waiting('ContainerCreating', ''), restartCount: 0 });
    const message = `MountVolume.SetUp failed for volume "config" : configmap "${app}-config" not found`;
    events.push(warning(pod, 'FailedMount', message, time));
  }
}

function warning({ metadata }: Pod, reason: string, message: string, time: Time): unknown {
  const { name, namespace = '', uid } = metadata as Named['metadata'] & { namespace?: string; uid?: string };
  return {
    ...{ apiVersion: 'v1', kind: 'Event', count: 12, type: 'Warning', reason, message },
    ...{ firstTimestamp: time(30 * MINUTE), lastTimestamp: time(MINUTE), source: { component: 'kubelet' } },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    metadata: { name: `${name}.${reason.toLowerCase()}`, namespace, uid: `${uid ?? name}-${reason}` },
  };
}
