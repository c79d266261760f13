/** Making and changing objects of any kind. */
import { ABSENT, type ConformanceCase, type Json, type RequestStep } from '../conformance-case.ts';

const NAMES = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/';
const CONCEPTS = 'https://kubernetes.io/docs/reference/using-api/api-concepts/';
const IN_SHOP = { resource: 'v1/configmaps', namespace: 'shop' } as const;
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } };
const GET: RequestStep = { verb: 'get', ...IN_SHOP, name: 'settings' };
function settings(metadata: Json): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata };
}

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] },
    },
  },
};
const DEPLOYMENTS = { resource: 'apps/v1/deployments', namespace: 'shop' } as const;

export const OBJECT_CASES: readonly ConformanceCase[] = [
  {
    name: 'a name can be taken once',
    source: NAMES,
    given: [SETTINGS],
    steps: [
      {
        verb: 'create',
        ...IN_SHOP,
        body: SETTINGS,
        expect: {
          code: 409,
          reason: 'AlreadyExists',
          message: 'configmaps "settings" already exists',
          body: { details: { name: 'settings', kind: 'configmaps' } },
        },
      },
      {
        verb: 'get',
        ...DEPLOYMENTS,
        name: 'other',
        expect: {
          code: 404,
          reason: 'NotFound',
          message: 'deployments.apps "other" not found',
          body: { details: { name: 'other', group: 'apps', kind: 'deployments' } },
        },
      },
    ],
  },
  {
    name: 'names are lower case subdomains',
    source: `${NAMES}#dns-subdomain-names`,
    steps: [
      {
        verb: 'create',
        ...IN_SHOP,
        body: settings({ name: 'My_Settings' }),
        expect: {
          code: 422,
          reason: 'Invalid',
          message:
            "ConfigMap \"My_Settings\" is invalid: metadata.name: Invalid value: \"My_Settings\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
          body: {
            details: {
              name: 'My_Settings',
              kind: 'ConfigMap',
              causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }],
            },
          },
        },
      },
    ],
  },
  {
    name: 'names of namespaces hold no dots',
    source: `${NAMES}#dns-label-names`,
    steps: [
      {
        verb: 'create',
        resource: 'v1/namespaces',
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } },
        expect: {
          code: 422,
          message: 'Namespace "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots',
        },
      },
    ],
  },
  {
    name: 'an object needs a name, or what to generate one from',
    source: NAMES,
    steps: [
      {
        verb: 'create',
        ...IN_SHOP,
        body: settings({}),
        expect: {
          code: 422,
          message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
        },
      },
      {
        verb: 'create',
        ...IN_SHOP,
        body: settings({ generateName: 'settings-' }),
        expect: { code: 201, body: { metadata: { name: /^settings-[b-df-hj-np-tv-z2456789]{5}$/ } } },
      },
    ],
  },
  {
    name: 'keys and values of labels have their form',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set',
    steps: [
      {
        verb: 'create',
        ...IN_SHOP,
        body: settings({ name: 'a', labels: { app: 'not a value' } }),
        expect: {
          code: 422,
          message:
            "ConfigMap \"a\" is invalid: metadata.labels: Invalid value: \"not a value\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        },
      },
    ],
  },
  {
    name: 'the server alone gives uid, time, version and generation',
    source: CONCEPTS,
    steps: [
      {
        verb: 'create',
        ...DEPLOYMENTS,
        body: {
          ...DEPLOYMENT,
          metadata: { name: 'web', uid: 'mine', generation: 7, creationTimestamp: '2001-01-01T00:00:00Z' },
        },
        expect: {
          code: 201,
          body: {
            metadata: {
              uid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
              generation: 1,
              resourceVersion: /^\d+$/,
              creationTimestamp: /^20[2-9]\d-/,
              deletionTimestamp: ABSENT,
            },
          },
        },
      },
    ],
  },
  {
    name: 'a write to what has changed since it was read is refused',
    source: `${CONCEPTS}#resource-versions`,
    given: [SETTINGS],
    steps: [
      { ...GET, keep: 'read' },
      { verb: 'update', ...IN_SHOP, name: 'settings', onto: 'read', body: { data: { mode: 'slow' } } },
      {
        verb: 'update',
        ...IN_SHOP,
        name: 'settings',
        onto: 'read',
        body: { data: { mode: 'fast' } },
        expect: {
          code: 409,
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
          body: { details: { name: 'settings', kind: 'configmaps' } },
        },
      },
      {
        verb: 'update',
        ...IN_SHOP,
        name: 'settings',
        onto: 'read',
        body: { data: { mode: 'fast' }, metadata: { resourceVersion: null } },
        expect: { code: 200, body: { data: { mode: 'fast' } } },
      },
    ],
  },
  {
    name: 'some kinds can only be changed by who says which version it changes',
    source: 'pkg/registry/coordination/lease/strategy.go',
    given: [{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'turn', namespace: 'shop' } }],
    steps: [
      {
        verb: 'update',
        resource: 'coordination.k8s.io/v1/leases',
        namespace: 'shop',
        name: 'turn',
        body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'turn' } },
        expect: {
          code: 422,
          reason: 'Invalid',
          message:
            'leases.coordination.k8s.io "turn" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
        },
      },
    ],
  },
  {
    name: 'an object made anew under its old name is another one',
    source: NAMES,
    given: [SETTINGS],
    steps: [
      { ...GET, keep: 'first' },
      {
        verb: 'delete',
        ...IN_SHOP,
        name: 'settings',
        body: { preconditions: { uid: 'f4a3b0c2-0000-4000-8000-000000000000' } },
        expect: {
          code: 409,
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on ConfigMap "settings": the UID in the precondition (f4a3b0c2-0000-4000-8000-000000000000) does not match the UID in record (${first.metadata.uid}). The object might have been deleted and then recreated',
        },
      },
      { verb: 'delete', ...IN_SHOP, name: 'settings' },
      { verb: 'create', ...IN_SHOP, body: SETTINGS, keep: 'second' },
      {
        verb: 'update',
        ...IN_SHOP,
        name: 'settings',
        onto: 'first',
        body: { data: {}, metadata: { resourceVersion: null } },
        expect: {
          code: 409,
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on configmaps "settings": StorageError: invalid object, Code: 4, Key: /registry/configmaps/shop/settings, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${first.metadata.uid}, UID in object meta: ${second.metadata.uid}',
        },
      },
    ],
  },
  {
    name: 'a dry run tells what would be and does nothing',
    source: `${CONCEPTS}#dry-run`,
    given: [SETTINGS],
    steps: [
      { ...GET, keep: 'read' },
      {
        verb: 'update',
        ...IN_SHOP,
        name: 'settings',
        onto: 'read',
        body: { data: { mode: 'fast' } },
        query: { dryRun: 'All' },
        expect: { body: { data: { mode: 'fast' } } },
      },
      { verb: 'delete', ...IN_SHOP, name: 'settings', query: { dryRun: 'All' } },
      {
        verb: 'create',
        ...IN_SHOP,
        body: settings({ name: 'other' }),
        query: { dryRun: 'All' },
        expect: { code: 201, body: { metadata: { uid: /./, resourceVersion: ABSENT } } },
      },
      { ...GET, expect: { body: { data: ABSENT, metadata: { resourceVersion: '${read.metadata.resourceVersion}' } } } },
      { verb: 'get', ...IN_SHOP, name: 'other', expect: { code: 404 } },
    ],
  },
  {
    name: 'a write that changes nothing makes no version',
    source: 'staging/src/k8s.io/apiserver/pkg/storage/etcd3/store.go',
    given: [SETTINGS],
    steps: [
      { ...GET, keep: 'read' },
      {
        verb: 'update',
        ...IN_SHOP,
        name: 'settings',
        onto: 'read',
        body: {},
        expect: { body: { metadata: { resourceVersion: '${read.metadata.resourceVersion}' } } },
      },
    ],
  },
  {
    name: 'generations count what is wanted',
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/',
    given: [DEPLOYMENT],
    steps: [
      {
        verb: 'patch',
        ...DEPLOYMENTS,
        name: 'web',
        body: { metadata: { labels: { a: 'b' } } },
        expect: { body: { metadata: { generation: 1 } } },
      },
      {
        verb: 'patch',
        ...DEPLOYMENTS,
        name: 'web',
        body: { spec: { paused: true } },
        expect: { body: { metadata: { generation: 2 } } },
      },
      {
        verb: 'patch',
        ...DEPLOYMENTS,
        name: 'web',
        body: { metadata: { annotations: { a: 'b' } } },
        expect: { body: { metadata: { generation: 3 } } },
      },
      {
        verb: 'patch',
        ...DEPLOYMENTS,
        name: 'web',
        subresource: 'status',
        body: { status: { collisionCount: 1 } },
        expect: { body: { metadata: { generation: 3 } } },
      },
    ],
  },
  {
    name: 'a new object has no version',
    source: 'staging/src/k8s.io/apiserver/pkg/storage/errors.go',
    steps: [
      {
        verb: 'create',
        ...IN_SHOP,
        body: settings({ name: 'settings', resourceVersion: '12' }),
        expect: { code: 500, message: 'resourceVersion should not be set on objects to be created' },
      },
    ],
  },
  {
    name: 'some kinds are made by an update where they are not there, and others not',
    source: 'pkg/registry/coordination/lease/strategy.go',
    steps: [
      {
        verb: 'update',
        resource: 'coordination.k8s.io/v1/leases',
        namespace: 'shop',
        name: 'turn',
        body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'turn' } },
        expect: { code: 201, body: { metadata: { uid: /./ } } },
      },
      {
        verb: 'update',
        ...IN_SHOP,
        name: 'settings',
        body: SETTINGS,
        expect: { code: 404, reason: 'NotFound', message: 'configmaps "settings" not found' },
      },
    ],
  },
];
