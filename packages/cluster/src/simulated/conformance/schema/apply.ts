import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { apply, containers, create, deployment, owns, patch, read, settings, web } from './requests.ts';

const PAGE = 'https://kubernetes.io/docs/reference/using-api/server-side-apply/';
const DATA = (...keys: readonly string[]) => ({ 'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) });

/** What applying does where nobody objects. */
export const APPLY_CASES: readonly ConformanceCase[] = [
  {
    name: 'applying makes an object that is not there, with an entry of its applier',
    source: `${PAGE}#field-management`,
    steps: [
      apply('team', settings({ a: '1' }), {
        code: 201,
        body: {
          data: { a: '1' },
          metadata: { managedFields: [{ ...owns('team', 'Apply', DATA('a')), apiVersion: 'v1', time: /Z$/ }] },
        },
      }),
    ],
  },
  {
    name: 'an applier owns what it applied, and not the defaults',
    source: `${PAGE}#field-management`,
    steps: [
      apply(
        'team',
        web(),
        {
          code: 201,
          body: {
            spec: { revisionHistoryLimit: 10, strategy: { type: 'RollingUpdate' } },
            metadata: {
              managedFields: [
                {
                  manager: 'team',
                  fieldsV1: {
                    'f:spec': {
                      'f:replicas': {},
                      'f:selector': {},
                      'f:strategy': ABSENT,
                      'f:revisionHistoryLimit': ABSENT,
                      'f:template': {
                        'f:metadata': { 'f:labels': { 'f:app': {} } },
                        'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
                      },
                    },
                  },
                },
              ],
            },
          },
        },
        { dryRun: 'All' },
      ),
    ],
  },
  {
    name: 'applying the same again changes neither the object nor its times',
    source: `${PAGE}#comparison-with-client-side-apply`,
    steps: [
      { ...apply('team', settings({ a: '1' })), keep: 'made' },
      { passMs: 2000 },
      apply('team', settings({ a: '1' }), {
        code: 200,
        body: {
          metadata: {
            resourceVersion: '${made.metadata.resourceVersion}',
            managedFields: [{ time: '${made.metadata.managedFields.0.time}' }],
          },
        },
      }),
    ],
  },
  {
    name: 'a field that is not applied any more goes, if nobody else owns it',
    source: `${PAGE}#field-management`,
    steps: [
      apply('team', settings({ a: '1', b: '2' })),
      apply('team', settings({ a: '1' }), {
        body: { data: { a: '1', b: ABSENT }, metadata: { managedFields: [owns('team', 'Apply', DATA('a'))] } },
      }),
    ],
  },
  {
    name: 'a field that two appliers agree on is owned by both, and stays when one leaves it',
    source: `${PAGE}#conflicts`,
    steps: [
      apply('one', settings({ a: '1', b: '2' })),
      apply('two', settings({ b: '2' })),
      apply('one', settings({ a: '1' }), { body: { data: { a: '1', b: '2' } } }),
      apply('two', settings({}), { body: { data: { a: '1', b: ABSENT } } }),
    ],
  },
  {
    name: 'an item of a list goes with its applier, and others stay',
    source: `${PAGE}#merge-strategy`,
    steps: [
      apply('team', web()),
      apply('mesh', deployment(containers({ name: 'proxy', image: 'registry.k8s.io/pause:3.9' })), {
        body: { spec: { template: { spec: { containers: [{ name: 'web' }, { name: 'proxy' }] } } } },
      }),
      apply('mesh', deployment({}), { body: { spec: { template: { spec: { containers: [{ name: 'web' }] } } } } }),
    ],
  },
  {
    name: 'ports of containers are told apart by number and protocol, which is TCP by default',
    source: `${PAGE}#merge-strategy`,
    steps: [
      apply('team', web()),
      apply('dns', deployment(containers({ name: 'web', ports: [{ containerPort: 53, protocol: 'UDP' }] }))),
      apply('web', deployment(containers({ name: 'web', ports: [{ containerPort: 53 }] })), {
        body: {
          spec: {
            template: {
              spec: {
                containers: [
                  {
                    ports: [
                      { containerPort: 53, protocol: 'UDP' },
                      { containerPort: 53, protocol: 'TCP' },
                    ],
                  },
                ],
              },
            },
          },
        },
      }),
    ],
  },
  {
    name: 'a set takes the items of all appliers',
    source: `${PAGE}#merge-strategy`,
    steps: [
      apply('one', settings({}, { finalizers: ['example.com/one'] })),
      apply('two', settings({}, { finalizers: ['example.com/two'] }), {
        body: { metadata: { finalizers: ['example.com/one', 'example.com/two'] } },
      }),
      apply('one', settings({}), { body: { metadata: { finalizers: ['example.com/two'] } } }),
      apply('two', settings({}), { body: { metadata: { finalizers: ABSENT } } }),
    ],
  },
  {
    name: 'a dry run of an application shows the result and stores nothing',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run',
    steps: [
      apply('team', settings({ a: '1' }), { code: 201, body: { data: { a: '1' } } }, { dryRun: 'All' }),
      read(settings({}), { code: 404 }),
    ],
  },
  {
    name: 'creating and updating own what they change',
    source: `${PAGE}#field-management`,
    steps: [
      create('maker', settings({ a: '1', b: '2' }), {
        body: {
          metadata: {
            managedFields: [owns('maker', 'Update', { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } })],
          },
        },
      }),
      { passMs: 1000 },
      patch(
        settings({}),
        'merge',
        { data: { b: '3', c: '4' } },
        {
          body: {
            metadata: {
              managedFields: [
                owns('maker', 'Update', { 'f:data': { '.': {}, 'f:a': {}, 'f:b': ABSENT } }),
                owns('editor', 'Update', { 'f:data': { 'f:b': {}, 'f:c': {} } }),
              ],
            },
          },
        },
      ),
    ],
  },
  {
    name: 'a field that somebody updates is not taken away by who applied it',
    source: `${PAGE}#transferring-ownership`,
    steps: [
      apply('team', settings({ a: '1', b: '2' })),
      patch(settings({}), 'merge', { data: { a: '5' } }),
      apply('team', settings({ b: '2' }), { body: { data: { a: '5', b: '2' } } }),
    ],
  },
  {
    name: 'who owned fields is forgotten when an update says so',
    source: `${PAGE}#clearing-managedfields`,
    steps: [
      apply('team', settings({ a: '1' })),
      patch(
        settings({}),
        'merge',
        { metadata: { managedFields: [{}] } },
        {
          body: { data: { a: '1' }, metadata: { managedFields: ABSENT } },
        },
      ),
    ],
  },
  {
    name: 'entries that an update leaves out stay',
    source: `${PAGE}#clearing-managedfields`,
    steps: [
      apply('team', settings({ a: '1' })),
      {
        verb: 'update',
        resource: 'v1/configmaps',
        namespace: 'shop',
        name: 'settings',
        body: settings({ a: '1' }),
        query: { fieldManager: 'editor' },
        expect: { body: { metadata: { managedFields: [owns('team', 'Apply', DATA('a'))] } } },
      },
    ],
  },
];
