/**
 * The `scale` subresource: how many pods a workload wants and has, in one shape for all kinds.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/autoscaling-resources/ (`autoscaling/v1` Scale); `pkg/registry/apps`
 */
import type { KubeObject } from '../../model/kube-object.ts';
import { compare } from '../../model/order.ts';
import type { LabelSelector, Requirement } from '../../model/selector.ts';
import type { ApiServer } from './api-server.ts';
import { conflict, invalid, notFound } from './api-error.ts';
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
  const scaled = { ...object, metadata, spec: { ...object.spec, replicas: wanted.spec.replicas ?? 0 } };
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

function scaleOf({ group, kind }: ResourceType, object: KubeObject): Scale {
  const { metadata, spec, status } = object as Scalable;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const wanted = spec?.replicas ?? 1;
  const isPlain = group === '' && kind === 'ReplicationController';
  const selector = isPlain
    ? { matchLabels: (spec?.selector ?? {}) as Readonly<Record<string, string>> }
    : ((spec?.selector ?? {}) as LabelSelector);
  const text = listSelector(selector);
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
    status: { replicas: status?.replicas ?? 0, ...(text === '' ? {} : { selector: text }) },
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
