/** Objects and requests that the cases of workloads share. */
import type { Json, NodeShape, RequestStep } from '../conformance-case.ts';

/** Two nodes that take everything. */
export const TWO_NODES: readonly NodeShape[] = [{ name: 'node-a' }, { name: 'node-b' }];

/** Runs and is ready. */
export const IMAGE = 'example.com/web:1';
export const NEXT_IMAGE = 'example.com/web:2';
/** Cannot be pulled. */
export const BROKEN_IMAGE = 'example.com/broken:1';
export const BROKEN = {
  [BROKEN_IMAGE]: { pullError: 'rpc error: code = NotFound desc = failed to pull and unpack image: not found' },
} as const;

/** Long enough for everything that needs no deadline. */
export const SOON = 120_000;

export function template(image = IMAGE, spec: Json = {}, metadata: Json = {}): Json {
  return {
    metadata: { labels: { app: 'web' }, ...metadata },
    spec: { containers: [{ name: 'web', image }], ...spec },
  };
}

/** What a set named `web` of any kind in `apps/v1` wants. */
export function workload(kind: string, spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop', ...metadata },
    spec: { selector: { matchLabels: { app: 'web' } }, template: template(), ...spec },
  };
}

export function pod(name: string, image = IMAGE, metadata: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'web' }, ...metadata },
    spec: { containers: [{ name: 'web', image }] },
  };
}

/** Requests about objects of one resource in `shop`. */
export function requests(resource: string, name = 'web') {
  const place = { resource, namespace: 'shop' } as const;
  return {
    get: (body: unknown, eventuallyMs = SOON): RequestStep => ({
      verb: 'get',
      ...place,
      name,
      expect: { body },
      eventuallyMs,
    }),
    keep: (keep: string): RequestStep => ({ verb: 'get', ...place, name, keep }),
    change: (body: Json): RequestStep => ({ verb: 'patch', ...place, name, body }),
    remove: (query: Readonly<Record<string, string>> = {}): RequestStep => ({ verb: 'delete', ...place, name, query }),
    gone: (eventuallyMs = SOON): RequestStep => ({ verb: 'get', ...place, name, expect: { code: 404 }, eventuallyMs }),
    list: (expect: RequestStep['expect'], eventuallyMs = SOON): RequestStep => ({
      verb: 'list',
      ...place,
      ...(expect === undefined ? {} : { expect }),
      eventuallyMs,
    }),
    all: (query: Readonly<Record<string, string>>, keep: string): RequestStep => ({
      verb: 'list',
      ...place,
      query,
      keep,
    }),
  };
}

/** A change of the template's only image; merge patches replace lists. */
export function ofImage(image: string): Json {
  return { spec: { template: { spec: { containers: [{ name: 'web', image }] } } } };
}

/** An event about the object, in any order among others. */
export function told(kind: string, reason: string, message: string | RegExp, type = 'Normal'): RequestStep {
  const involvedObject = { kind, name: kind === 'ReplicaSet' ? /^web/ : 'web' };
  return requests('v1/events').list({ some: [{ involvedObject, reason, message, type }] });
}

/** `count` pods of which each has at least this. */
export function pods(count: number, each: Json, eventuallyMs = SOON): RequestStep {
  return requests('v1/pods').list({ body: { items: Array.from({ length: count }, () => each) } }, eventuallyMs);
}

/** Pods as their containers' image tells them. */
export const ofPodImage = (image: string): Json => ({ spec: { containers: [{ image }] } });
