import { describe, expect, it } from 'vitest';
import { BUILT_IN_TYPES, DEPLOYMENTS, PODS, SERVICES } from '../built-in-types.ts';
import { builtInSchema } from './definitions.ts';
import type { FieldSchema, StructSchema, TypeSchema } from './field-schema.ts';

function field(type: Parameters<typeof builtInSchema>[0], ...path: readonly string[]): FieldSchema | undefined {
  let struct: TypeSchema | undefined = builtInSchema(type);
  let found: FieldSchema | undefined;
  for (const name of path) {
    if (struct?.is === 'list') struct = struct.items;
    found = struct?.is === 'struct' ? struct.fields.get(name) : undefined;
    struct = found?.type;
  }
  return found;
}

describe('builtInSchema', () => {
  it('knows every kind that is served, down to the last definition', () => {
    const seen = new Set<TypeSchema>();
    const walk = (type: TypeSchema): void => {
      if (seen.has(type)) return;
      seen.add(type);
      if (type.is === 'struct') for (const { type: inner } of type.fields.values()) walk(inner);
      if (type.is === 'list') walk(type.items);
      if (type.is === 'map') walk(type.values);
    };
    const unknown = BUILT_IN_TYPES.filter((type) => {
      const schema = builtInSchema(type);
      if (schema !== undefined) walk(schema);
      return schema === undefined;
    });
    expect(unknown.map(({ kind }) => kind)).toEqual([]);
    expect(seen.size).toBeGreaterThan(1000);
  });

  it('says how lists merge', () => {
    const ports = field(PODS, 'spec', 'containers', 'ports');
    expect(ports).toMatchObject({ required: false, patch: { merge: true, mergeKey: 'containerPort' } });
    expect(ports?.type).toMatchObject({ is: 'list', listType: 'map', keys: ['containerPort', 'protocol'] });
    expect(field(PODS, 'spec', 'containers', 'ports', 'protocol')?.default).toBe('TCP');
    expect(field(PODS, 'metadata', 'finalizers')).toMatchObject({ type: { listType: 'set' }, patch: { mergeKey: '' } });
    expect(field(PODS, 'spec', 'tolerations')?.type).toMatchObject({ listType: 'atomic' });
    expect(field(SERVICES, 'spec', 'ports')).toMatchObject({
      type: { keys: ['port', 'protocol'] },
      patch: { mergeKey: 'port' },
    });
  });

  it('says which structs are one value, and what patches retain', () => {
    expect(field(DEPLOYMENTS, 'spec', 'selector')?.type).toMatchObject({ atomic: true });
    expect(field(DEPLOYMENTS, 'spec', 'strategy')?.patch).toMatchObject({ retainKeys: true, merge: false });
    expect(field(PODS, 'spec', 'volumes')?.patch).toMatchObject({ retainKeys: true, merge: true, mergeKey: 'name' });
    const policy = { group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' };
    expect(field(policy, 'spec', 'selector')?.patch?.replace).toBe(true);
    const volume = { group: '', version: 'v1', kind: 'PersistentVolume' };
    expect(field(volume, 'spec', 'claimRef')?.type).toMatchObject({ atomic: false });
    expect(field(PODS, 'spec', 'volumes', 'secret')?.type).toMatchObject({
      is: 'struct',
    } satisfies Partial<StructSchema>);
  });

  it('has the fields of the latest version', () => {
    const stateful = { group: 'apps', version: 'v1', kind: 'StatefulSet' };
    const job = { group: 'batch', version: 'v1', kind: 'Job' };
    expect(field(stateful, 'spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable')).toBeDefined();
    expect(field(PODS, 'spec', 'resources')).toBeDefined();
    expect(field(PODS, 'spec', 'securityContext', 'supplementalGroupsPolicy')).toBeDefined();
    expect(field(PODS, 'spec', 'volumes', 'image', 'reference')).toBeDefined();
    expect(field(SERVICES, 'spec', 'trafficDistribution')).toBeDefined();
    expect(field(job, 'spec', 'successPolicy', 'rules')).toBeDefined();
    expect(field(job, 'spec', 'podReplacementPolicy')).toBeDefined();
  });
});
