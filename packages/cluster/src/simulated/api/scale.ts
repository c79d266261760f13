/**
 * The `scale` subresource: how many pods a workload wants and has, in one shape for all kinds.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/autoscaling-resources/ (`autoscaling/v1` Scale); `pkg/registry/apps`
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { compare } from '../../model/order.ts';
import type { LabelSelector, Requirement } from '../../model/selector.ts';
import type { ApiServer } from './api-server.ts';
import { apiError, conflict, invalid, notFound } from './api-error.ts';
import type { WriteOptions } from './request.ts';
import type { ResourceType } from './resource-type.ts';

/** `autoscaling/v1` Scale. */
export interface Scale extends KubeObject {
  readonly kind: 'Scale';
  readonly apiVersion: 'autoscaling/v1';
  /** `replicas` is absent for 0. */
  readonly spec: { readonly replicas?: number };
  /** `selector` as text, as clients pass it to list pods. */
  readonly status: { readonly replicas: number; readonly selector?: string };
}

/** What all kinds with a scale have. */
interface Scalable extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: unknown };
  readonly status?: { readonly replicas?: number };
}

const SCALE = { group: 'autoscaling', kind: 'Scale', plural: 'scales' } as const;

/** @throws ApiError 404 where the object is not there, or its kind has no scale */
export function readScale(api: ApiServer, type: ResourceType, namespace: string, name: string): Scale {
  return scaleOf(type, api.get(scalable(type, name), namespace, name));
}

/**
 * Gives a workload the number that the scale says, as an update of the object: its generation grows where the number is another.
 * `change` is given the scale as it is and returns it as it is to be; a `resourceVersion` or `uid` in that must be the stored one.
 * @throws ApiError 404, 409, 422 for a negative number
 */
export function writeScale(
  api: ApiServer,
  type: ResourceType,
  namespace: string,
  name: string,
  change: (scale: Scale) => Scale,
  options: WriteOptions = {},
): Scale {
  const object = api.get(scalable(type, name), namespace, name) as Scalable;
  const wanted = change(scaleOf(type, object));
  check(type, object, wanted);
  const { resourceVersion } = wanted.metadata;
  const metadata = resourceVersion === undefined ? object.metadata : { ...object.metadata, resourceVersion };
  const replicas = wanted.spec.replicas ?? 0;
  const { specReplicasPath = '.spec.replicas' } = type.scalePaths ?? {};
  const scaled = { ...withPart(object, fieldsOf(specReplicasPath), replicas), metadata };
  return scaleOf(type, api.update(type, scaled as KubeObject, { ...options, subresource: 'scale' }));
}

function scalable(type: ResourceType, name: string): ResourceType {
  if (!type.subresources.includes('scale')) throw notFound(type, name);
  return type;
}

function check(type: ResourceType, { metadata }: Scalable, { metadata: given, spec }: Scale): void {
  if (given.uid !== undefined && given.uid !== metadata.uid)
    throw conflict(
      type,
      metadata.name,
      `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${metadata.uid ?? ''}`,
    );
  const { replicas = 0 } = spec;
  if (replicas >= 0) return;
  const detail = 'must be greater than or equal to 0';
  throw invalid(SCALE, given.name, [{ type: 'FieldValueInvalid', field: 'spec.replicas', value: replicas, detail }]);
}

interface Sizes {
  readonly replicas: number;
  readonly current: number;
  readonly selector: string;
}

function builtInSizes({ group, kind }: ResourceType, object: KubeObject): Sizes {
  const { spec, status } = object as Scalable;
  const isPlain = group === '' && kind === 'ReplicationController';
  const selector = isPlain
    ? { matchLabels: (spec?.selector ?? {}) as Readonly<Record<string, string>> }
    : ((spec?.selector ?? {}) as LabelSelector);
  return { replicas: spec?.replicas ?? 1, current: status?.replicas ?? 0, selector: listSelector(selector) };
}

/** Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#scale-subresource */
function customSizes(paths: NonNullable<ResourceType['scalePaths']>, object: KubeObject): Sizes {
  const wanted = partOf(object, fieldsOf(paths.specReplicasPath));
  if (typeof wanted !== 'number') {
    const why = `the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`;
    throw apiError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] });
  }
  const current = partOf(object, fieldsOf(paths.statusReplicasPath));
  const selector = paths.labelSelectorPath === undefined ? '' : partOf(object, fieldsOf(paths.labelSelectorPath));
  return {
    replicas: wanted,
    current: typeof current === 'number' ? current : 0,
    selector: typeof selector === 'string' ? selector : '',
  };
}

/** `.spec.replicas`. */
function fieldsOf(path: string): readonly string[] {
  return path.split('.').filter((field) => field !== '');
}

function partOf(value: unknown, fields: readonly string[]): unknown {
  return fields.reduce<unknown>(
    (part, field) => (part as Readonly<Record<string, unknown>> | undefined)?.[field],
    value,
  );
}

function withPart<T extends object>(value: T, [field = '', ...rest]: readonly string[], part: unknown): T {
  const inner = (value as Readonly<Record<string, unknown>>)[field] ?? {};
  return { ...value, [field]: rest.length === 0 ? part : withPart(inner as object, rest, part) };
}

function scaleOf(type: ResourceType, object: KubeObject): Scale {
  const {
    replicas: wanted,
    current,
    selector: text,
  } = type.scalePaths === undefined ? builtInSizes(type, object) : customSizes(type.scalePaths, object);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: wanted === 0 ? {} : { replicas: wanted },
    status: { replicas: current, ...(text === '' ? {} : { selector: text }) },
  };
}

/** As the API takes selectors: requirements by key, values in order. Source: `labels.Selector.String` */
export function listSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const pairs = Object.entries(matchLabels).map(([key, value]) => [key, `${key}=${value}`] as const);
  const expressions = matchExpressions.map((one) => [one.key, requirementText(one)] as const);
  return [...pairs, ...expressions]
    .sort(([a], [b]) => compare(a, b))
    .map(([, text]) => text)
    .join(',');
}

function requirementText({ key, operator, values = [] }: Requirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${[...values].sort(compare).join(',')})`;
}
