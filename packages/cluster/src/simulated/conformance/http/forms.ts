import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import { SHOP } from './rbac-objects.ts';

const CONCEPTS = 'https://kubernetes.io/docs/reference/using-api/api-concepts/';
const PRINTERS = 'pkg/printers/internalversion/printers.go';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const PARTIAL = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
const PARTIAL_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
const AGE = /^\d+s$/;

function settings(name: string, data: Json): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...SHOP, labels: { app: name } }, data };
}

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', ...SHOP },
  spec: {
    containers: [
      { name: 'main', image: 'registry.example/web:1' },
      { name: 'side', image: 'registry.example/side:1' },
    ],
  },
};

function named(...names: readonly string[]): readonly Json[] {
  return names.map((name) => ({ name }));
}

/** Tables, metadata alone, lists. */
export const FORM_CASES: readonly ConformanceCase[] = [
  {
    name: 'a list is a table for those who take one',
    source: CONCEPTS,
    given: [settings('a', { one: '1', two: '2' }), settings('b', {})],
    steps: [
      {
        ...{ verb: 'list', resource: 'v1/configmaps', ...SHOP, accept: TABLE, query: { labelSelector: 'app' } },
        expect: {
          body: {
            kind: 'Table',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { resourceVersion: /^\d+$/ },
            columnDefinitions: [
              { name: 'Name', type: 'string', format: 'name', priority: 0 },
              { name: 'Data', priority: 0 },
              { name: 'Age', type: 'string', priority: 0 },
            ],
            rows: [
              { cells: ['a', 2, AGE], object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } },
              { cells: ['b', 0, AGE], object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' } },
            ],
          },
        },
      },
    ],
  },
  {
    name: 'rows of tables carry objects as they are asked to',
    source: CONCEPTS,
    given: [settings('a', { one: '1' })],
    steps: [
      {
        ...{
          verb: 'get',
          resource: 'v1/configmaps',
          ...SHOP,
          name: 'a',
          accept: TABLE,
          query: { includeObject: 'Object' },
        },
        expect: { body: { rows: [{ object: { kind: 'ConfigMap', data: { one: '1' } } }] } },
      },
      {
        ...{
          verb: 'get',
          resource: 'v1/configmaps',
          ...SHOP,
          name: 'a',
          accept: TABLE,
          query: { includeObject: 'None' },
        },
        expect: { body: { rows: [{ cells: ['a', 1, AGE], object: ABSENT }] } },
      },
    ],
  },
  {
    name: 'a pod in a table counts ready containers and shows its place in wide columns',
    source: PRINTERS,
    given: [POD],
    steps: [
      {
        ...{ verb: 'get', ...{ resource: 'v1/pods', ...SHOP }, name: 'web', accept: TABLE },
        expect: {
          body: {
            columnDefinitions: [
              ...named('Name', 'Ready', 'Status', 'Restarts', 'Age'),
              ...named('IP', 'Node', 'Nominated Node', 'Readiness Gates').map((column) => ({ ...column, priority: 1 })),
            ],
            rows: [{ cells: ['web', '0/2', 'Pending', '0', AGE, '<none>', '<none>', '<none>', '<none>'] }],
          },
        },
      },
    ],
  },
  {
    name: 'a pod that ended is marked as completed in a table',
    source: PRINTERS,
    given: [
      {
        ...POD,
        status: {
          phase: 'Succeeded',
          containerStatuses: ['main', 'side'].map((name) => ({
            ...{ name, image: 'a', imageID: '', ready: false, restartCount: 0 },
            state: { terminated: { exitCode: 0, reason: 'Completed' } },
          })),
        },
      },
    ],
    steps: [
      {
        ...{ verb: 'get', ...{ resource: 'v1/pods', ...SHOP }, name: 'web', accept: TABLE },
        expect: {
          body: {
            rows: [
              {
                cells: ['web', '0/2', 'Completed', '0', AGE, '<none>', '<none>', '<none>', '<none>'],
                conditions: [
                  {
                    type: 'Completed',
                    status: 'True',
                    reason: 'Succeeded',
                    message: 'The pod has completed successfully.',
                  },
                ],
              },
            ],
          },
        },
      },
    ],
  },
  {
    name: 'a Service in a table shows its addresses and ports',
    source: PRINTERS,
    given: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', ...SHOP },
        spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, nodePort: 30080 }] },
      },
    ],
    steps: [
      {
        ...{ verb: 'get', resource: 'v1/services', ...SHOP, name: 'web', accept: TABLE },
        expect: {
          body: { rows: [{ cells: ['web', 'LoadBalancer', /^10\./, '<pending>', '80:30080/TCP', AGE, 'app=web'] }] },
        },
      },
    ],
  },
  {
    name: 'a ClusterRole in a table shows when it was made',
    source: PRINTERS,
    steps: [
      {
        ...{ verb: 'get', resource: 'rbac.authorization.k8s.io/v1/clusterroles', name: 'view', accept: TABLE },
        expect: {
          body: { columnDefinitions: named('Name', 'Created At'), rows: [{ cells: ['view', /^\d{4}-\d\d-\d\dT/] }] },
        },
      },
    ],
  },
  {
    name: 'metadata alone is given for those who take no more',
    source: CONCEPTS,
    given: [settings('a', { one: '1' })],
    steps: [
      {
        ...{ verb: 'get', resource: 'v1/configmaps', ...SHOP, name: 'a', accept: PARTIAL },
        expect: {
          body: {
            kind: 'PartialObjectMetadata',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { name: 'a', labels: { app: 'a' } },
            data: ABSENT,
          },
        },
      },
      {
        ...{
          verb: 'list',
          resource: 'v1/configmaps',
          ...SHOP,
          accept: PARTIAL_LIST,
          query: { labelSelector: 'app=a' },
        },
        expect: { body: { kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'a' }, data: ABSENT }] } },
      },
    ],
  },
  {
    name: 'a form that is not offered is refused',
    source: CONCEPTS,
    steps: [
      {
        ...{ verb: 'list', resource: 'v1/configmaps', ...SHOP, accept: 'text/html' },
        expect: {
          code: 406,
          reason: 'NotAcceptable',
          message: /^only the following media types are accepted: application\/json, /,
        },
      },
    ],
  },
  {
    name: 'items of a list of built-in kinds do not repeat what they are',
    source: CONCEPTS,
    given: [settings('a', {})],
    steps: [
      {
        ...{ verb: 'list', resource: 'v1/configmaps', ...SHOP, query: { labelSelector: 'app=a' } },
        expect: { body: { kind: 'ConfigMapList', apiVersion: 'v1', items: [{ kind: ABSENT, apiVersion: ABSENT }] } },
      },
    ],
  },
];
