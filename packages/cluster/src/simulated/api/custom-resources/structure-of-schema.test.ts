import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../model/kube-object.ts';
import { openApiV3 } from '../../http/openapi.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, NAMESPACES } from '../built-in-types.ts';
import type { Fields } from '../patch/json.ts';
import type { ResourceType } from '../resource-type.ts';
import { decodedObject } from '../schema/field-validation.ts';

const route = { type: 'object', properties: { host: { type: 'string' }, weight: { type: 'integer', default: 1 } } };
const GATE = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gates.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'gates', singular: 'gate', kind: 'Gate', listKind: 'GateList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'Lets requests in.',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  hosts: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
                  routes: {
                    type: 'array',
                    items: route,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['host'],
                  },
                  plain: { type: 'array', items: { type: 'string' } },
                  port: { 'x-kubernetes-int-or-string': true },
                  labels: { type: 'object', additionalProperties: { type: 'string' } },
                  anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
            },
          },
        },
      },
    ],
  },
};

let api: ApiServer;
let gates: ResourceType;

beforeEach(() => {
  const cluster = new SimulatedCluster();
  ({ api } = cluster);
  if (api.store.get(NAMESPACES, '', 'shop') === undefined)
    api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  api.create(CUSTOM_RESOURCE_DEFINITIONS, GATE as unknown as KubeObject);
  cluster.clock.advance(10_000);
  gates = api.types.byPlural('example.com', 'v1', 'gates') as ResourceType;
});

function gate(spec: Fields): Fields {
  return { apiVersion: 'example.com/v1', kind: 'Gate', metadata: { name: 'main', namespace: 'shop' }, spec };
}

function apply(fieldManager: string, spec: Fields, force = false): unknown {
  const object: unknown = api.apply(gates, 'shop', 'main', gate(spec), { fieldManager, force });
  return (object as { readonly spec: unknown }).spec;
}

describe('custom resources', () => {
  it('merge when applied as their schema says', () => {
    apply('one', { hosts: ['a'], routes: [{ host: 'x' }], plain: ['p'], labels: { a: '1' } });
    expect(apply('two', { hosts: ['b'], routes: [{ host: 'y', weight: 2 }], labels: { b: '2' } })).toEqual({
      hosts: ['a', 'b'],
      routes: [
        { host: 'x', weight: 1 },
        { host: 'y', weight: 2 },
      ],
      plain: ['p'],
      labels: { a: '1', b: '2' },
    });
    expect(apply('one', { routes: [{ host: 'x' }] })).toMatchObject({
      hosts: ['b'],
      routes: [{ host: 'x' }, { host: 'y' }],
    });
  });

  it('own lists without a list type as one', () => {
    apply('one', { plain: ['p'] });
    expect(() => apply('two', { plain: ['q'] })).toThrow('conflict with "one": .spec.plain');
    expect(() => apply('two', { anything: { deep: { inside: 1 } } })).not.toThrow();
    expect(() => apply('one', { plain: ['p'], anything: { deep: { inside: 2 } } })).toThrow(
      'conflict with "two": .spec.anything.deep.inside',
    );
  });

  it('have no fields that their schema does not name', () => {
    expect(() => apply('one', { colour: 'red' })).toThrow('.spec.colour: field not declared in schema');
    const read = () =>
      decodedObject(gates, gate({ colour: 'red', anything: { x: 1 } }), { directive: 'Strict', warn: () => {} });
    expect(read).toThrow(
      'Gate in version "v1" cannot be handled as a Gate: strict decoding error: unknown field "spec.colour"',
    );
  });

  it('take no strategic merge patches', () => {
    apply('one', { hosts: ['a'] });
    let refusal: unknown;
    try {
      api.patch(gates, 'shop', 'main', { kind: 'strategic', patch: { spec: { hosts: ['b'] } } });
    } catch (error) {
      refusal = error instanceof ApiError ? error.status : error;
    }
    expect(refusal).toMatchObject({
      code: 415,
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    });
  });

  it('are published with the texts of their definition', () => {
    const document = openApiV3(api.types, 'apis/example.com/v1');
    expect(document).toMatchObject({
      components: {
        schemas: {
          'com.example.v1.Gate': {
            description: 'Lets requests in.',
            properties: {
              metadata: { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }] },
              spec: { properties: { routes: { 'x-kubernetes-list-map-keys': ['host'] } } },
            },
            'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Gate', version: 'v1' }],
          },
        },
      },
    });
  });
});
