/** References of kinds that are read without types (Gateway API, API aggregation). Nothing about their fields is certain. */
import type { KubeObject } from '../model/kube-object.ts';
import type { Reference } from './relation.ts';

/** Backends of a Gateway API route. Source: https://gateway-api.sigs.k8s.io/reference/spec/ */
export function routeBackends(route: KubeObject): readonly Reference[] {
  return listAt(specOf(route), 'rules').flatMap((rule, i) =>
    listAt(rule, 'backendRefs').flatMap((backend, j) =>
      target(route, backend, { group: '', kind: 'Service' }, `spec.rules[${i}].backendRefs[${j}]`),
    ),
  );
}

/** Gateways (or, in a mesh, Services) that a route attaches to. */
export function gatewaysOf(route: KubeObject): readonly Reference[] {
  const fallback = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };
  return listAt(specOf(route), 'parentRefs').flatMap((parent, i) =>
    target(route, parent, fallback, `spec.parentRefs[${i}]`),
  );
}

/** Service behind an aggregated API. Source: https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/ */
export function serviceOfApi(api: KubeObject): readonly Reference[] {
  return target(api, fieldOf(specOf(api), 'service'), { group: '', kind: 'Service' }, 'spec.service');
}

function target(
  from: KubeObject,
  value: unknown,
  fallback: { group: string; kind: string },
  path: string,
): readonly Reference[] {
  const name = textAt(value, 'name');
  if (name === undefined || name === '') return [];
  const group = textAt(value, 'group') ?? fallback.group;
  const kind = textAt(value, 'kind') ?? fallback.kind;
  const namespace = textAt(value, 'namespace') ?? from.metadata.namespace ?? '';
  return [{ to: { group, kind, namespace, name }, path, optional: false, keys: [] }];
}

function specOf(object: KubeObject): unknown {
  return fieldOf(object, 'spec');
}

function listAt(value: unknown, field: string): readonly unknown[] {
  const found = fieldOf(value, field);
  return Array.isArray(found) ? found : [];
}

function textAt(value: unknown, field: string): string | undefined {
  const found = fieldOf(value, field);
  return typeof found === 'string' ? found : undefined;
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}
