import { describe, expect, it } from 'vitest';
import { isRecord, type Json } from '../../model/unknown-json.ts';
import { BUILT_IN_TYPES } from '../api/built-in-types.ts';
import { resourceType } from '../api/resource-type.ts';
import { openApiV2, openApiV3, openApiV3Index } from './openapi.ts';

const types = { all: BUILT_IN_TYPES };
const indexOf = (served = types) => openApiV3Index(served)['paths'] as Record<string, { serverRelativeURL: string }>;
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);

function* refsIn(value: unknown): Iterable<string> {
  if (Array.isArray(value)) for (const one of value) yield* refsIn(one);
  else if (isRecord(value))
    for (const [key, one] of Object.entries(value))
      if (key === '$ref' && typeof one === 'string') yield one;
      else yield* refsIn(one);
}

describe('OpenAPI documents', () => {
  it('hold every definition that they refer to', () => {
    const documents: Json[] = [openApiV2(types)];
    for (const place of Object.keys(indexOf())) documents.push(openApiV3(types, place) ?? {});
    for (const document of documents)
      for (const ref of new Set(refsIn(document))) expect(at(document, ...ref.slice(2).split('/')), ref).toBeDefined();
  });

  it('say how fields merge', () => {
    const spec = 'io.k8s.api.core.v1.PodSpec';
    expect(at(openApiV2(types), 'definitions', spec, 'properties', 'containers')).toEqual({
      type: 'array',
      items: { $ref: '#/definitions/io.k8s.api.core.v1.Container' },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    });
    expect(at(openApiV3(types, 'api/v1'), 'components', 'schemas', spec, 'properties', 'volumes')).toMatchObject({
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
      'x-kubernetes-patch-merge-key': 'name',
    });
    const apps = openApiV3(types, 'apis/apps/v1');
    expect(at(apps, 'components', 'schemas', 'io.k8s.api.apps.v1.DeploymentSpec')).toMatchObject({
      required: ['selector', 'template'],
      properties: {
        replicas: { type: 'integer', format: 'int32' },
        strategy: {
          allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy' }],
          default: {},
          'x-kubernetes-patch-strategy': 'retainKeys',
        },
      },
    });
  });

  it('keep a definition apart from a field that merges otherwise than it says', () => {
    const schemas = at(openApiV3(types, 'api/v1'), 'components', 'schemas');
    expect(at(schemas, 'io.k8s.api.core.v1.PersistentVolumeSpec', 'properties', 'claimRef')).toEqual({
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.ObjectReference' }],
      'x-kubernetes-map-type': 'granular',
    });
    expect(at(schemas, 'io.k8s.api.core.v1.ObjectReference', 'x-kubernetes-map-type')).toBe('atomic');
  });

  it('tell the kind of a path, and what a patch of it takes', () => {
    const paths = at(openApiV3(types, 'apis/apps/v1'), 'paths') as Record<string, Json>;
    const patch = at(paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'], 'patch') as Json;
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', kind: 'Deployment', version: 'v1' });
    expect((patch['parameters'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
    expect(at(paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale'], 'get')).toMatchObject({
      'x-kubernetes-group-version-kind': { group: 'autoscaling', kind: 'Scale', version: 'v1' },
    });
  });

  it('are found by an index whose hashes change with what is served', () => {
    const before = indexOf();
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['api/v1', 'apis/apps/v1', 'apis/batch/v1']));
    expect(before['apis/apps/v1']?.serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{64}$/);
    expect(indexOf()).toEqual(before);
    const custom = resourceType('apps/v1', 'Extra', 'extras');
    const after = indexOf({ all: [...BUILT_IN_TYPES, custom] });
    expect(after['apis/apps/v1']).not.toEqual(before['apis/apps/v1']);
    expect(after['api/v1']).toEqual(before['api/v1']);
  });

  it('are not there for a group that is not served', () => {
    expect(openApiV3(types, 'apis/example.com/v1')).toBeUndefined();
  });

  it('describe custom resources, named by their group backwards', () => {
    const custom = resourceType('stable.example.com/v1', 'CronTab', 'crontabs');
    const document = openApiV3({ all: [custom] }, 'apis/stable.example.com/v1');
    expect(at(document, 'components', 'schemas', 'com.example.stable.v1.CronTab')).toMatchObject({
      'x-kubernetes-preserve-unknown-fields': true,
      'x-kubernetes-group-version-kind': [{ group: 'stable.example.com', kind: 'CronTab', version: 'v1' }],
    });
  });
});
