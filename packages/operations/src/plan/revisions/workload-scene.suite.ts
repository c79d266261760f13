/** Clusters that tests of workload actions plan for: sound for an hour, then changed, then observed. */
import type { BehaviourRow, ContainerBehaviour, ContainerPlace, ResourceRef } from '@aia/cluster';
import type { ActionKind, Remedy } from '../remedy.ts';
import { proposedFor, sceneOf, strategyFor } from '../network/network-scene.suite.ts';

type Fields = Readonly<Record<string, unknown>>;
export type WorkloadScene = ReturnType<typeof sceneOf>;
type Kind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';

/** A namespace, its default ServiceAccount and whatever a test wants. */
export function workloadScene(...objects: readonly Fields[]): WorkloadScene {
  const names = new Set([
    'shop',
    ...objects.flatMap(({ metadata }) => (metadata as { namespace?: string }).namespace ?? []),
  ]);
  return sceneOf([
    ...[...names].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...objects,
  ]);
}

export function ref(kind: string, name: string, namespace = 'shop'): ResourceRef {
  const groups: Readonly<Record<string, string>> = {
    ...{ Deployment: 'apps', StatefulSet: 'apps', DaemonSet: 'apps', ReplicaSet: 'apps' },
    ...{ Job: 'batch', CronJob: 'batch', HorizontalPodAutoscaler: 'autoscaling', PodDisruptionBudget: 'policy' },
  };
  return { group: groups[kind] ?? '', kind, namespace, name };
}

/** A workload of one container of its own name; `pod` and `container` laid over. */
export function workload(
  kind: Kind,
  name: string,
  {
    container = {},
    pod = {},
    spec = {},
    namespace = 'shop',
  }: {
    readonly container?: Fields;
    readonly pod?: Fields;
    readonly spec?: Fields;
    readonly namespace?: string;
  } = {},
): Fields {
  const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } };
  const own = { name, image: `registry.example.com/${name}:1.0.0`, resources, ...container };
  const template = { metadata: { labels: { app: name } }, spec: { containers: [own], ...pod } };
  if (kind === 'CronJob') {
    const jobTemplate = { spec: { template: { ...template, spec: { restartPolicy: 'Never', ...template.spec } } } };
    return {
      apiVersion: 'batch/v1',
      kind,
      metadata: { name, namespace },
      spec: { schedule: '*/5 * * * *', jobTemplate, ...spec },
    };
  }
  const size = kind === 'DaemonSet' ? {} : { replicas: 2 };
  const service = kind === 'StatefulSet' ? { serviceName: name } : {};
  return {
    ...{ apiVersion: 'apps/v1', kind, metadata: { name, namespace } },
    spec: { ...size, ...service, selector: { matchLabels: { app: name } }, template, ...spec },
  };
}

export function configMap(name: string, content: Readonly<Record<string, string>>, namespace = 'shop'): Fields {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: content };
}

/** Rolls out other fields of the first container and of the pod. */
export function rollOut(
  scene: WorkloadScene,
  target: ResourceRef,
  { container = {}, pod = {} }: { readonly container?: Fields; readonly pod?: Fields },
): void {
  const template = templateIn(scene, target);
  const [first, ...others] = template.containers;
  const changed = { ...template, containers: [{ ...first, ...container }, ...others], ...pod };
  const inner = { template: { spec: changed } };
  scene.patch(target, { spec: target.kind === 'CronJob' ? { jobTemplate: { spec: inner } } : inner });
}

interface PodFields extends Fields {
  readonly containers: readonly Fields[];
}

/** The pod's spec in a workload's template as it is now. */
function templateIn(scene: WorkloadScene, target: ResourceRef): PodFields {
  const { spec } = scene.read(target) as unknown as {
    spec: { template: { spec: PodFields }; jobTemplate?: { spec: { template: { spec: PodFields } } } };
  };
  return (spec.jobTemplate?.spec.template ?? spec.template).spec;
}

/** Containers of which something holds behave so. */
export function behaving(
  scene: WorkloadScene,
  holds: (place: ContainerPlace) => boolean,
  behaviour: ContainerBehaviour,
): void {
  scene.cluster.behave({ container: (place) => (holds(place) ? behaviour : undefined) } satisfies BehaviourRow);
}

/** No registry has this image. */
export function unknownImage(scene: WorkloadScene, image: string): void {
  const pullError = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  scene.cluster.behave({ image: (asked) => (asked === image ? { pullError } : undefined) });
}

export function remediesOf(scene: WorkloadScene, kind: ActionKind): readonly Remedy[] {
  return proposedFor(scene.observe(), kind).remedies;
}

/** Classes of causes before, and those that remain when the strategy was rehearsed, with the actions that held. */
export function rehearsedOn(scene: WorkloadScene) {
  const { strategy, held } = strategyFor(scene.observe());
  const serious = (one: { readonly severity: string }) =>
    one.severity === 'critical' || one.severity === 'high' || one.severity === 'medium';
  return {
    before: strategy.assessment.rootCauses.filter(serious).map((cause) => cause.class),
    remaining: (strategy.rehearsal?.remaining ?? []).filter(serious).map(({ id }) => id.split('@')[0]),
    held: held.map((id) => id.split(':')[0]),
    strategy,
  };
}
