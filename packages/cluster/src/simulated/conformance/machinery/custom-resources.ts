/** Kinds that CustomResourceDefinitions add. */
import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import {
  CRON_TABS,
  cronTab,
  define,
  definition,
  DEFINITIONS,
  ESTABLISHED,
  make,
  NAME,
  SOURCE,
  version,
} from './cron-tabs.ts';

export const CUSTOM_RESOURCE_CASES: readonly ConformanceCase[] = [
  {
    name: 'a definition is established, and its kind is served then',
    source: `${SOURCE}#create-a-customresourcedefinition`,
    steps: [
      define(definition([version('v1')]), {
        code: 201,
        body: {
          metadata: { generation: 1 },
          spec: { names: { singular: 'crontab', listKind: 'CronTabList' }, conversion: { strategy: 'None' } },
          status: { storedVersions: ['v1'] },
        },
      }),
      ESTABLISHED,
      make({ cronSpec: '* * * * */5' }, { code: 201, body: { metadata: { generation: 1, uid: /./ } } }),
      { verb: 'list', ...CRON_TABS, expect: { names: ['backup'], body: { kind: 'CronTabList' } } },
      {
        verb: 'get',
        ...CRON_TABS,
        name: 'other',
        expect: { code: 404, message: 'crontabs.stable.example.com "other" not found' },
      },
    ],
  },
  {
    name: 'fields that the schema does not name are dropped, unless it says to keep them',
    source: `${SOURCE}#field-pruning`,
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      make(
        { cronSpec: '* * * * *', someRandomField: 42, free: { any: { thing: [1] } }, limits: { a: 'b' } },
        {
          code: 201,
          body: { spec: { someRandomField: ABSENT, free: { any: { thing: [1] } }, limits: { a: 'b' } } },
        },
      ),
    ],
  },
  {
    name: 'defaults of the schema are filled in',
    source: `${SOURCE}#defaulting`,
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      make({ note: null }, { code: 201, body: { spec: { cronSpec: '5 0 * * *', replicas: 1, note: null } } }),
    ],
  },
  {
    name: 'custom resources can only be changed by who says which version it changes',
    source: 'staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/strategy.go',
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      make({}, { code: 201 }),
      {
        verb: 'update',
        ...CRON_TABS,
        name: 'backup',
        body: cronTab({ replicas: 2 }),
        expect: {
          code: 422,
          message:
            'crontabs.stable.example.com "backup" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
        },
      },
    ],
  },
  {
    name: 'with a status subresource, spec and status are written apart',
    source: `${SOURCE}#status-subresource`,
    steps: [
      define(definition([version('v1', { subresources: { status: {} } })])),
      ESTABLISHED,
      {
        verb: 'create',
        ...CRON_TABS,
        body: { ...cronTab({ replicas: 2 }), status: { replicas: 9 } },
        keep: 'made',
        expect: { body: { status: ABSENT, metadata: { generation: 1 } } },
      },
      {
        verb: 'update',
        ...CRON_TABS,
        name: 'backup',
        subresource: 'status',
        onto: 'made',
        body: { spec: { replicas: 3 }, status: { replicas: 2 } },
        keep: 'told',
        expect: { body: { spec: { replicas: 2 }, status: { replicas: 2 }, metadata: { generation: 1 } } },
      },
      {
        verb: 'update',
        ...CRON_TABS,
        name: 'backup',
        onto: 'told',
        body: { spec: { replicas: 3 }, status: { replicas: 5 } },
        expect: { body: { spec: { replicas: 3 }, status: { replicas: 2 }, metadata: { generation: 2 } } },
      },
    ],
  },
  {
    name: 'with a scale subresource, a custom resource can be scaled',
    source: `${SOURCE}#scale-subresource`,
    steps: [
      define(
        definition([
          version('v1', {
            subresources: {
              status: {},
              scale: {
                specReplicasPath: '.spec.replicas',
                statusReplicasPath: '.status.replicas',
                labelSelectorPath: '.status.labelSelector',
              },
            },
          }),
        ]),
      ),
      ESTABLISHED,
      make({ replicas: 2 }, { code: 201 }),
      {
        verb: 'get',
        ...CRON_TABS,
        name: 'backup',
        subresource: 'scale',
        keep: 'scale',
        expect: {
          body: { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 2 }, status: { replicas: 0 } },
        },
      },
      {
        verb: 'update',
        ...CRON_TABS,
        name: 'backup',
        subresource: 'scale',
        onto: 'scale',
        body: { spec: { replicas: 5 } },
      },
      {
        verb: 'get',
        ...CRON_TABS,
        name: 'backup',
        expect: { body: { spec: { replicas: 5 }, metadata: { generation: 2 } } },
      },
    ],
  },
  {
    name: 'a strict request must not have fields that the schema does not name',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      {
        ...make(
          { someRandomField: 42 },
          {
            code: 400,
            reason: 'BadRequest',
            message: /strict decoding error: unknown field "spec\.someRandomField"$/,
          },
        ),
        query: { fieldValidation: 'Strict' },
      },
    ],
  },
  {
    name: 'custom resources take all patches but strategic ones',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply',
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      make({}, { code: 201 }),
      { verb: 'patch', ...CRON_TABS, name: 'backup', body: { spec: { replicas: 3 } }, expect: { code: 200 } },
      {
        verb: 'patch',
        ...CRON_TABS,
        name: 'backup',
        patchType: 'strategic',
        body: { spec: { replicas: 4 } },
        expect: { code: 415, reason: 'UnsupportedMediaType' },
      },
    ],
  },
  {
    name: 'managers share a list whose schema says by which key its items differ',
    source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy',
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      ...(['a', 'b'] as const).map((name) => ({
        verb: 'apply' as const,
        ...CRON_TABS,
        name: 'backup',
        query: { fieldManager: `manager-${name}` },
        body: cronTab({ tabs: [{ name, line: 'x' }] }),
      })),
      {
        verb: 'get',
        ...CRON_TABS,
        name: 'backup',
        expect: { body: { spec: { tabs: [{ name: 'a' }, { name: 'b' }] } } },
      },
    ],
  },
  {
    name: 'all versions of a kind are the same objects',
    source:
      'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/',
    steps: [
      define(definition([version('v1'), version('v2', { storage: false })])),
      ESTABLISHED,
      make({ replicas: 2 }, { code: 201, body: { apiVersion: 'stable.example.com/v1' } }),
      {
        verb: 'get',
        resource: 'stable.example.com/v2/crontabs',
        namespace: 'shop',
        name: 'backup',
        keep: 'second',
        expect: { body: { apiVersion: 'stable.example.com/v2', spec: { replicas: 2 } } },
      },
      {
        verb: 'update',
        resource: 'stable.example.com/v2/crontabs',
        namespace: 'shop',
        name: 'backup',
        onto: 'second',
        body: { spec: { replicas: 4 } },
      },
      {
        verb: 'list',
        ...CRON_TABS,
        expect: { some: [{ apiVersion: 'stable.example.com/v1', spec: { replicas: 4 }, metadata: { generation: 2 } }] },
      },
    ],
  },
  {
    name: 'a deleted definition takes its objects along',
    source: `${SOURCE}#delete-a-customresourcedefinition`,
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      {
        verb: 'create',
        ...CRON_TABS,
        body: { ...cronTab({}), metadata: { name: 'backup', finalizers: ['example.com/hold'] } },
      },
      { verb: 'delete', ...DEFINITIONS, name: NAME },
      {
        verb: 'get',
        ...DEFINITIONS,
        name: NAME,
        eventuallyMs: 30_000,
        expect: {
          body: {
            metadata: {
              deletionTimestamp: /Z$/,
              finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
            },
            status: {
              conditions: [
                {},
                {},
                {
                  type: 'Terminating',
                  status: 'True',
                  reason: 'InstanceDeletionInProgress',
                  message: 'CustomResource deletion is in progress',
                },
              ],
            },
          },
        },
      },
      {
        verb: 'create',
        ...CRON_TABS,
        body: cronTab({}, 'late'),
        expect: {
          code: 405,
          reason: 'MethodNotAllowed',
          message: 'create not allowed while custom resource definition is terminating',
        },
      },
      { verb: 'patch', ...CRON_TABS, name: 'backup', body: { metadata: { finalizers: null } } },
      { verb: 'get', ...DEFINITIONS, name: NAME, expect: { code: 404 }, eventuallyMs: 60_000 },
      { verb: 'list', ...CRON_TABS, expect: { code: 404 }, eventuallyMs: 10_000 },
    ],
  },
];
