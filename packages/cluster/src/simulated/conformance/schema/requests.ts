/** Short ways to write requests about one ConfigMap or Deployment in `shop`. */
import type { Expectation, Json, RequestStep } from '../conformance-case.ts';

/** The ConfigMap `settings`; without data it has none, not an empty one. */
export function settings(data: Json, metadata: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop', ...metadata },
    ...(Object.keys(data).length > 0 && { data }),
  };
}

const container = { name: 'web', image: 'registry.k8s.io/pause:3.10' };

/** The Deployment `web` with one container; what is given comes over it. No pods are wanted. */
export function web(spec: Json = {}, metadata: Json = {}): Json {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };
  return deployment({ replicas: 0, selector: { matchLabels: { app: 'web' } }, template, ...spec }, metadata);
}

/** The Deployment `web` with this `spec` alone. */
export function deployment(spec: Json, metadata: Json = {}): Json {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec };
}

/** A template of pods with these containers. */
export function containers(...list: readonly Json[]): Json {
  return { template: { spec: { containers: list } } };
}

type Query = Readonly<Record<string, string>>;

function about(object: Json): Pick<RequestStep, 'resource' | 'namespace' | 'name'> {
  return object['kind'] === 'Deployment'
    ? { resource: 'apps/v1/deployments', namespace: 'shop', name: 'web' }
    : { resource: 'v1/configmaps', namespace: 'shop', name: 'settings' };
}

export function apply(fieldManager: string, object: Json, expect: Expectation = {}, query: Query = {}): RequestStep {
  return { verb: 'apply', ...about(object), body: object, query: { fieldManager, ...query }, expect };
}

export function create(fieldManager: string, object: Json, expect: Expectation = {}, query: Query = {}): RequestStep {
  return { verb: 'create', ...about(object), body: object, query: { fieldManager, ...query }, expect };
}

/** A patch of the object that `of` names by its kind. */
export function patch(
  of: Json,
  patchType: 'merge' | 'json' | 'strategic',
  body: unknown,
  expect: Expectation = {},
  query: Query = { fieldManager: 'editor' },
): RequestStep {
  return { verb: 'patch', ...about(of), patchType, body, query, expect };
}

export function read(of: Json, expect: Expectation): RequestStep {
  return { verb: 'get', ...about(of), expect };
}

/** An entry of `managedFields`, as far as cases look at it. */
export function owns(manager: string, operation: 'Apply' | 'Update', fieldsV1: Json): Json {
  return { manager, operation, fieldsType: 'FieldsV1', fieldsV1 };
}
