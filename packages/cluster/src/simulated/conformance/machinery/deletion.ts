/** How objects go. */
import type { ConformanceCase, Json, RequestStep } from '../conformance-case.ts';

const IN_SHOP = { resource: 'v1/configmaps', namespace: 'shop' } as const;
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } };
const GET: RequestStep = { verb: 'get', ...IN_SHOP, name: 'settings' };
const PODS = { resource: 'v1/pods', namespace: 'shop' } as const;

function pod(metadata: Json = {}, spec: Json = {}): Json {
  const containers = [{ name: 'app', image: 'example.com/app:1' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', ...metadata }, spec: { containers, ...spec } };
}

export const DELETION_CASES: readonly ConformanceCase[] = [
  {
    name: 'finalizers keep an object, and none can come while it goes',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/',
    given: [{ ...SETTINGS, metadata: { ...SETTINGS.metadata, finalizers: ['example.com/hold'] } }],
    steps: [
      {
        verb: 'delete',
        ...IN_SHOP,
        name: 'settings',
        expect: {
          code: 200,
          body: {
            metadata: { deletionTimestamp: /Z$/, deletionGracePeriodSeconds: 0, finalizers: ['example.com/hold'] },
          },
        },
      },
      {
        verb: 'patch',
        ...IN_SHOP,
        name: 'settings',
        body: { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
        expect: {
          code: 422,
          message:
            'ConfigMap "settings" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}',
        },
      },
      {
        verb: 'create',
        ...IN_SHOP,
        body: SETTINGS,
        expect: {
          code: 409,
          reason: 'AlreadyExists',
          message: 'object is being deleted: configmaps "settings" already exists',
        },
      },
      { verb: 'patch', ...IN_SHOP, name: 'settings', body: { metadata: { finalizers: null } }, expect: { code: 200 } },
      { ...GET, expect: { code: 404 } },
    ],
  },
  {
    name: 'a pod that never ran goes at once',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    steps: [
      { verb: 'create', ...PODS, body: pod() },
      { verb: 'delete', ...PODS, name: 'web', expect: { code: 200 } },
      { verb: 'get', ...PODS, name: 'web', expect: { code: 404 } },
    ],
  },
  {
    name: 'a pod on a node gets its time to end, which can be shortened and not lengthened',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    steps: [
      // Nobody runs it, as there is no such node.
      { verb: 'create', ...PODS, body: pod({ finalizers: ['example.com/hold'] }, { nodeName: 'absent' }) },
      {
        verb: 'delete',
        ...PODS,
        name: 'web',
        keep: 'first',
        expect: { code: 200, body: { metadata: { deletionGracePeriodSeconds: 30, generation: 2 } } },
      },
      {
        verb: 'delete',
        ...PODS,
        name: 'web',
        body: { gracePeriodSeconds: 60 },
        expect: { body: { metadata: { deletionTimestamp: '${first.metadata.deletionTimestamp}' } } },
      },
      {
        verb: 'delete',
        ...PODS,
        name: 'web',
        body: { gracePeriodSeconds: 10 },
        expect: { body: { metadata: { deletionGracePeriodSeconds: 10, generation: 2 } } },
      },
      {
        verb: 'delete',
        ...PODS,
        name: 'web',
        body: { gracePeriodSeconds: 0 },
        expect: { body: { metadata: { deletionGracePeriodSeconds: 0, finalizers: ['example.com/hold'] } } },
      },
      { verb: 'patch', ...PODS, name: 'web', body: { metadata: { finalizers: null } } },
      { verb: 'get', ...PODS, name: 'web', expect: { code: 404 } },
    ],
  },
];
