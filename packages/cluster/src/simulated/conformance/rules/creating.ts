/** Short ways to write the cases that only create something. */
import type { ConformanceCase, Expectation, Json, RequestStep } from '../conformance-case.ts';

/** The plurals of the kinds that the cases create. */
const PLURALS: Readonly<Record<string, string>> = {
  Endpoints: 'endpoints',
  Ingress: 'ingresses',
  NetworkPolicy: 'networkpolicies',
  PriorityClass: 'priorityclasses',
  StorageClass: 'storageclasses',
  IngressClass: 'ingressclasses',
};
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
  'IngressClass',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
]);

/** A request that creates an object, in `shop` unless it lives in no namespace. */
export function creating(object: Json, expect: Expectation, keep?: string): RequestStep {
  const kind = String(object['kind']);
  return {
    verb: 'create',
    resource: `${String(object['apiVersion'])}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}`,
    ...(CLUSTER_SCOPED.has(kind) ? {} : { namespace: 'shop' }),
    body: object,
    expect,
    ...(keep === undefined ? {} : { keep }),
  };
}

/** A case of one creation that succeeds and fills these fields in. */
export function filled(name: string, source: string, object: Json, body: Json): ConformanceCase {
  return { name, source, steps: [creating(object, { code: 201, body })] };
}

/** A case of one creation that is refused with this whole message. */
export function refused(name: string, source: string, object: Json, message: string): ConformanceCase {
  return { name, source, steps: [creating(object, { code: 422, reason: 'Invalid', message })] };
}

/** A container of the name and the image of most cases, with more fields. */
export function container(more: Json = {}): Json {
  return { name: 'app', image: 'registry.k8s.io/pause:3.10', ...more };
}

/** A pod named `web` with one container. */
export function pod(spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', ...metadata },
    spec: { containers: [container()], ...spec },
  };
}

/** A template that the selector of {@link deployment} matches. */
export function template(spec: Json = {}, labels: Json = { app: 'web' }): Json {
  return { metadata: { labels }, spec: { containers: [container()], ...spec } };
}

const SELECTOR = { matchLabels: { app: 'web' } };

/** A Deployment named `web`. */
export function deployment(spec: Json = {}): Json {
  return workload('apps/v1', 'Deployment', spec);
}

/** A workload named `web` with selector and template. */
export function workload(apiVersion: string, kind: string, spec: Json = {}): Json {
  return { apiVersion, kind, metadata: { name: 'web' }, spec: { selector: SELECTOR, template: template(), ...spec } };
}

/** A Job named `sum`. */
export function job(spec: Json = {}): Json {
  const once = { spec: { restartPolicy: 'Never', containers: [container()] } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'sum' }, spec: { template: once, ...spec } };
}
