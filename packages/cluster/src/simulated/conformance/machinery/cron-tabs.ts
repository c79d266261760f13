/** A kind of its own, as the pages on custom resources have it, and the requests that most cases make of it. */
import type { Expectation, Json, RequestStep } from '../conformance-case.ts';

export const SOURCE =
  'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/';
export const DEFINITIONS = { resource: 'apiextensions.k8s.io/v1/customresourcedefinitions' } as const;
export const NAME = 'crontabs.stable.example.com';
export const CRON_TABS = { resource: 'stable.example.com/v1/crontabs', namespace: 'shop' } as const;

const SPEC_SCHEMA = {
  type: 'object',
  required: ['cronSpec'],
  properties: {
    cronSpec: { type: 'string', pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$', default: '5 0 * * *' },
    image: { type: 'string', minLength: 1, maxLength: 20 },
    replicas: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
    policy: { type: 'string', enum: ['Allow', 'Forbid'] },
    tabs: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, line: { type: 'string' } },
      },
    },
    ports: { type: 'array', maxItems: 2, items: { type: 'object', properties: { port: { type: 'integer' } } } },
    target: { 'x-kubernetes-int-or-string': true },
    limits: { type: 'object', additionalProperties: { type: 'string' } },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    note: { type: 'string', nullable: true },
  },
};

export function version(name: string, more: Json = {}): Json {
  const status = { type: 'object', properties: { replicas: { type: 'integer' }, labelSelector: { type: 'string' } } };
  return {
    name,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: SPEC_SCHEMA, status } } },
    ...more,
  };
}

export function definition(versions: readonly Json[], spec: Json = {}, name = NAME): Json {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'] },
      versions,
      ...spec,
    },
  };
}

export function cronTab(spec: Json, name = 'backup', apiVersion = 'stable.example.com/v1'): Json {
  return { apiVersion, kind: 'CronTab', metadata: { name }, spec };
}

export function define(body: Json, expect: Expectation = { code: 201 }): RequestStep {
  return { verb: 'create', ...DEFINITIONS, body, expect };
}

export const ESTABLISHED: RequestStep = {
  verb: 'get',
  ...DEFINITIONS,
  name: NAME,
  eventuallyMs: 30_000,
  expect: {
    body: {
      status: {
        acceptedNames: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', listKind: 'CronTabList' },
        conditions: [
          { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
          {
            type: 'Established',
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          },
        ],
      },
    },
  },
};

export function make(spec: Json, expect: Expectation): RequestStep {
  return { verb: 'create', ...CRON_TABS, body: cronTab(spec), expect };
}
