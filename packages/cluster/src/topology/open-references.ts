/**
 * References of kinds that are read without types (Gateway API, API aggregation, RBAC, autoscalers, monitors). Nothing about
 * their fields is certain.
 */
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { refOf } from '../model/resource-ref.ts';
import { matchesSelector, type LabelSelector, type Requirement } from '../model/selector.ts';
import type { ClusterSnapshot } from '../snapshot/snapshot.ts';
import type { Reference } from './relation.ts';
import { fieldOf } from './config-references.ts';

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

/** Secrets with the certificates of a Gateway's listeners. */
export function listenerSecrets(gateway: KubeObject): readonly Reference[] {
  return listAt(specOf(gateway), 'listeners').flatMap((listener, i) =>
    listAt(fieldOf(listener, 'tls'), 'certificateRefs').flatMap((certificate, j) =>
      target(gateway, certificate, { group: '', kind: 'Secret' }, `spec.listeners[${i}].tls.certificateRefs[${j}]`),
    ),
  );
}

/**
 * What a VerticalPodAutoscaler (`targetRef`) or a ScaledObject of KEDA (`scaleTargetRef`, a Deployment where it does not say)
 * scales.
 */
export function scaled(field: 'targetRef' | 'scaleTargetRef'): (scaler: KubeObject) => readonly Reference[] {
  return (scaler) => {
    const value = fieldOf(specOf(scaler), field);
    const name = textAt(value, 'name') ?? '';
    if (name === '') return [];
    const group = groupOf(textAt(value, 'apiVersion') ?? 'apps/v1');
    const to = { group, kind: textAt(value, 'kind') ?? 'Deployment', namespace: scaler.metadata.namespace ?? '', name };
    return [{ to, path: `spec.${field}`, ...PLAIN }];
  };
}

/** The role of a binding, and the accounts it is given to. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export function granted(binding: KubeObject): readonly Reference[] {
  const role = fieldOf(binding, 'roleRef');
  const kind = textAt(role, 'kind') ?? '';
  const name = textAt(role, 'name') ?? '';
  const namespace = kind === 'ClusterRole' ? '' : (binding.metadata.namespace ?? '');
  const roles =
    (kind === 'Role' || kind === 'ClusterRole') && name !== ''
      ? [{ to: { group: 'rbac.authorization.k8s.io', kind, namespace, name }, path: 'roleRef', ...PLAIN }]
      : [];
  const accounts = listAt(binding, 'subjects').flatMap((subject, i) => {
    if (textAt(subject, 'kind') !== 'ServiceAccount') return [];
    const named = { name: textAt(subject, 'name'), namespace: textAt(subject, 'namespace') };
    return target(binding, named, { group: '', kind: 'ServiceAccount' }, `subjects[${i}]`);
  });
  return [...roles, ...accounts];
}

const PLAIN = { optional: false, keys: [] } as const;

/** Services or pods that a ServiceMonitor or PodMonitor of the Prometheus operator scrapes. */
export function watched(
  kind: 'Service' | 'Pod',
): (monitor: KubeObject, snapshot: ClusterSnapshot) => readonly Reference[] {
  return (monitor, snapshot) => {
    const selector = selectorIn(fieldOf(specOf(monitor), 'selector'));
    if (selector === undefined) return [];
    const where = fieldOf(specOf(monitor), 'namespaceSelector');
    const names = listAt(where, 'matchNames').filter((name) => typeof name === 'string');
    const namespaces = names.length > 0 ? names : [monitor.metadata.namespace ?? ''];
    const candidates: readonly KubeObject[] =
      fieldOf(where, 'any') === true
        ? snapshot.list(kind)
        : namespaces.flatMap((namespace): readonly KubeObject[] => snapshot.listIn(kind, namespace));
    return candidates
      .filter(({ metadata }) => matchesSelector(selector, metadata.labels))
      .map((one) => ({ to: refOf(one), path: 'spec.selector', ...PLAIN }));
  };
}

/** A label selector of unknown shape; `undefined`, which matches nothing, where it cannot be read. */
function selectorIn(value: unknown): LabelSelector | undefined {
  const labels = fieldOf(value, 'matchLabels') ?? {};
  if (typeof value !== 'object' || value === null || typeof labels !== 'object') return undefined;
  if (!Object.values(labels).every((label) => typeof label === 'string')) return undefined;
  const matchExpressions = listAt(value, 'matchExpressions').map((part): Requirement => {
    const values = listAt(part, 'values').filter((one) => typeof one === 'string');
    return { key: textAt(part, 'key') ?? '', operator: textAt(part, 'operator') ?? '', values };
  });
  return { matchLabels: labels as Readonly<Record<string, string>>, matchExpressions };
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
