/** What values of a chart would say the change, by the usual layout of charts; a guess that a person has to compare with the chart. */
import { sameJson, type Container, type KubeObject } from '@aia/cluster';
import type { ObjectChange } from '../effects/changed-objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Fields of pods that charts pass through under the same name. */
const POD_FIELDS = [
  'nodeSelector',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'priorityClassName',
  'imagePullSecrets',
] as const;
/** The same of containers. */
const CONTAINER_FIELDS = [
  'resources',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'env',
  'command',
  'args',
] as const;

/** Values; `undefined` where the layout has no place for the change. */
export function chartValues({ before, after }: ObjectChange): Fields | undefined {
  if (before === undefined || after === undefined) return undefined;
  const values = { ...ofWorkload(before, after), ...ofService(before, after) };
  return Object.keys(values).length === 0 ? undefined : values;
}

interface Templated {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: {
      readonly spec?: { readonly containers?: readonly Container[]; readonly serviceAccountName?: string } & Fields;
    };
  };
}

function ofWorkload(before: KubeObject, after: KubeObject): Fields {
  const [was, is] = [before, after].map((one) => (one as Templated).spec) as [Templated['spec'], Templated['spec']];
  if (is?.template === undefined) return {};
  const [old, pod] = [was?.template?.spec ?? {}, is.template.spec ?? {}];
  const containers = (pod.containers ?? []).flatMap((container, i) => {
    const values = ofContainer(
      old.containers?.find(({ name }) => name === container.name),
      container,
    );
    if (Object.keys(values).length === 0) return [];
    // Charts give the first container's values no name.
    return i === 0 ? [values] : [{ [container.name]: values }];
  });
  return {
    ...(was?.replicas !== is.replicas && { replicaCount: is.replicas ?? 1 }),
    ...Object.fromEntries(
      POD_FIELDS.filter((field) => !sameJson(old[field], pod[field])).map((field) => [field, pod[field] ?? null]),
    ),
    ...(old.serviceAccountName !== pod.serviceAccountName && {
      serviceAccount: { name: pod.serviceAccountName ?? '' },
    }),
    ...(Object.assign({}, ...containers) as Fields),
  };
}

function ofContainer(old: Container | undefined, container: Container): Fields {
  const [was, is] = [old ?? {}, container] as [Fields, Fields];
  const changed = CONTAINER_FIELDS.filter((field) => !sameJson(was[field], is[field]));
  const { repository, tag } = imageParts(container.image ?? '');
  const isSameRepository = old !== undefined && imageParts(old.image ?? '').repository === repository;
  return {
    ...(old?.image !== container.image && { image: { ...(!isSameRepository && { repository }), tag } }),
    ...Object.fromEntries(changed.map((field) => [field, is[field] ?? null])),
  };
}

/** A colon behind the last slash begins the tag. */
function imageParts(image: string): { readonly repository: string; readonly tag: string } {
  const [, repository = image, tag = 'latest'] = /^(.*?)(?::([^/:@]+))?$/s.exec(image) ?? [];
  return { repository, tag };
}

function ofService(before: KubeObject, after: KubeObject): Fields {
  if (after.kind !== 'Service') return {};
  const [was, is] = [before, after].map(
    (one) => (one as { readonly spec?: { readonly type?: string } }).spec?.type ?? 'ClusterIP',
  );
  return was === is ? {} : { service: { type: is } };
}
