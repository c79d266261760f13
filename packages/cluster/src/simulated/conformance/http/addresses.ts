import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { SHOP } from './rbac-objects.ts';

const CONCEPTS = 'https://kubernetes.io/docs/reference/using-api/api-concepts/';
const CONFIG_MAPS = { resource: 'v1/configmaps', ...SHOP } as const;
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', ...SHOP }, data: { a: 'b' } };

/** Addresses, bodies that do not fit them, options, and resources in a second version. */
export const ADDRESS_CASES: readonly ConformanceCase[] = [
  {
    name: 'a resource that no version has is not found',
    source: CONCEPTS,
    steps: [
      {
        ...{ verb: 'list', resource: 'v1/nothings' },
        expect: { code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' },
      },
      { ...{ verb: 'list', resource: 'example.com/v1/nothings' }, expect: { code: 404 } },
    ],
  },
  {
    name: 'a body must not contradict the address',
    source: 'staging/src/k8s.io/apiserver/pkg/endpoints/handlers/rest.go',
    given: [SETTINGS],
    namespaces: ['shop', 'bank'],
    steps: [
      {
        ...{ verb: 'create', ...CONFIG_MAPS, body: { ...SETTINGS, metadata: { name: 'other', namespace: 'bank' } } },
        expect: {
          code: 400,
          reason: 'BadRequest',
          message: 'the namespace of the provided object does not match the namespace sent on the request',
        },
      },
      {
        ...{ verb: 'update', ...CONFIG_MAPS, name: 'settings', body: { ...SETTINGS, metadata: { name: 'other' } } },
        expect: { code: 400, message: 'the name of the object (other) does not match the name on the URL (settings)' },
      },
    ],
  },
  {
    name: 'the namespace and the kind of a new object may follow from the address',
    source: CONCEPTS,
    steps: [
      {
        ...{ verb: 'create', ...CONFIG_MAPS, body: { metadata: { name: 'settings' } } },
        expect: { code: 201, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: SHOP } },
      },
    ],
  },
  {
    name: 'deleting most kinds answers a Status, deleting a pod the pod',
    source: 'staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go',
    given: [
      SETTINGS,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', ...SHOP },
        spec: { containers: [{ name: 'a', image: 'a' }] },
      },
    ],
    steps: [
      {
        ...{ verb: 'delete', ...CONFIG_MAPS, name: 'settings' },
        expect: {
          code: 200,
          body: {
            kind: 'Status',
            status: 'Success',
            details: { name: 'settings', kind: 'configmaps', uid: /^[0-9a-f-]{36}$/ },
          },
        },
      },
      {
        ...{ verb: 'delete', resource: 'v1/pods', ...SHOP, name: 'web' },
        expect: { code: 200, body: { kind: 'Pod' } },
      },
    ],
  },
  {
    name: 'a deletion in the foreground answers the object, which is not gone yet',
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/use-cascading-deletion/',
    given: [SETTINGS],
    steps: [
      {
        ...{ verb: 'delete', ...CONFIG_MAPS, name: 'settings', query: { propagationPolicy: 'Foreground' } },
        expect: { code: 200, body: { metadata: { finalizers: ['foregroundDeletion'], deletionTimestamp: /^\d{4}-/ } } },
      },
    ],
  },
  {
    name: 'a dry run answers and keeps nothing',
    source: CONCEPTS,
    steps: [
      {
        ...{ verb: 'create', ...CONFIG_MAPS, body: SETTINGS, query: { dryRun: 'All' } },
        expect: { code: 201, body: { metadata: { uid: /./, resourceVersion: ABSENT } } },
      },
      { ...{ verb: 'get', ...CONFIG_MAPS, name: 'settings' }, expect: { code: 404 } },
      {
        ...{ verb: 'create', ...CONFIG_MAPS, body: SETTINGS, query: { dryRun: 'Some' } },
        expect: {
          code: 422,
          message:
            'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
        },
      },
    ],
  },
  {
    name: 'Events are served by their own group too, in its words',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/',
    given: [
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'one', ...SHOP },
        involvedObject: { kind: 'Pod', name: 'web', ...SHOP },
        reason: 'Tested',
        message: 'hello',
        type: 'Normal',
        source: { component: 'tester' },
        firstTimestamp: '2025-01-01T00:00:00Z',
        lastTimestamp: '2025-01-01T00:00:00Z',
        count: 1,
      },
    ],
    steps: [
      {
        ...{ verb: 'get', resource: 'events.k8s.io/v1/events', ...SHOP, name: 'one' },
        expect: {
          body: {
            apiVersion: 'events.k8s.io/v1',
            kind: 'Event',
            regarding: { kind: 'Pod', name: 'web' },
            note: 'hello',
            deprecatedSource: { component: 'tester' },
            deprecatedCount: 1,
            message: ABSENT,
            involvedObject: ABSENT,
          },
        },
      },
    ],
  },
  {
    name: 'HorizontalPodAutoscalers are served in the older version too',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v1/',
    steps: [
      {
        ...{ verb: 'create', resource: 'autoscaling/v1/horizontalpodautoscalers', ...SHOP },
        body: {
          metadata: { name: 'web' },
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
            maxReplicas: 3,
            targetCPUUtilizationPercentage: 60,
          },
        },
        expect: { code: 201, body: { apiVersion: 'autoscaling/v1', spec: { targetCPUUtilizationPercentage: 60 } } },
      },
      {
        ...{ verb: 'get', resource: 'autoscaling/v2/horizontalpodautoscalers', ...SHOP, name: 'web' },
        expect: {
          body: {
            spec: {
              metrics: [
                {
                  type: 'Resource',
                  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    name: 'a token of a ServiceAccount is given for as long as it is asked for',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/',
    given: [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', ...SHOP } }],
    steps: [
      {
        ...{ verb: 'create', resource: 'v1/serviceaccounts', ...SHOP, name: 'robot', subresource: 'token' },
        body: { spec: { expirationSeconds: 1200 } },
        expect: {
          code: 201,
          body: {
            kind: 'TokenRequest',
            spec: { expirationSeconds: 1200 },
            status: { token: /^[\w-]+\.[\w-]+\.[\w-]+$/ },
          },
        },
      },
      {
        ...{ verb: 'create', resource: 'v1/serviceaccounts', ...SHOP, name: 'robot', subresource: 'token' },
        body: { spec: { expirationSeconds: 60 } },
        expect: { code: 422, reason: 'Invalid' },
      },
    ],
  },
  {
    name: 'a pod with several containers has no log without the name of one',
    source: 'pkg/registry/core/pod/strategy.go',
    given: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', ...SHOP },
        spec: {
          initContainers: [{ name: 'first', image: 'a' }],
          containers: [
            { name: 'a', image: 'a' },
            { name: 'b', image: 'b' },
          ],
        },
      },
    ],
    steps: [
      {
        ...{ verb: 'get', resource: 'v1/pods', ...SHOP, name: 'web', subresource: 'log' },
        expect: {
          code: 400,
          message:
            'a container name must be specified for pod web, choose one of: [a b] or one of the init containers: [first]',
        },
      },
      {
        ...{ verb: 'get', resource: 'v1/pods', ...SHOP, name: 'web', subresource: 'log', query: { container: 'c' } },
        expect: { code: 400, message: 'container c is not valid for pod web' },
      },
    ],
  },
];
