/** Every failing scene many times over: what a finding says and lists stays short, however many of a thing there are. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RULES } from './catalogue.ts';
import { findAll } from './findings.ts';
import { examineAsRead, type Scene } from './rule.suite.ts';

const folder = new URL('rules/', import.meta.url);
const TIMES = 60;

type SceneObject = NonNullable<Scene['objects']>[number];

/** The objects, and copies of them under other names, with the same labels, owners and namespace. */
function crowded(objects: readonly SceneObject[]): readonly SceneObject[] {
  return objects.flatMap((object) => [object, ...copies((i) => renamed(object, i))]);
}

function renamed(object: SceneObject, i: number): SceneObject {
  const { metadata, ...rest } = object as { readonly metadata?: { readonly name?: string; readonly uid?: string } };
  const { name = '', uid = name } = metadata ?? {};
  return { ...rest, metadata: { ...metadata, name: `${name}-${i}`, uid: `${uid}-${i}` } };
}

/** Every list inside a value, longer: texts and what has a name under other names, the rest as it is. */
function swollen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, swollen(one)]));
  return value.map(swollen).flatMap((one: unknown) => [one, ...copies((i) => another(one, i))]);
}

function another(value: unknown, i: number): unknown {
  if (typeof value === 'string') return `${value}${i}`;
  return typeof value === 'object' && value !== null && 'name' in value
    ? { ...value, name: `${String(value.name)}-${i}` }
    : value;
}

function copies<T>(copy: (i: number) => T): readonly T[] {
  return Array.from({ length: TIMES }, (_, i) => copy(i));
}

describe.each(readdirSync(folder))('%s', (code) => {
  const { failing = {} } = parse(readFileSync(new URL(`${code}/cluster.yaml`, folder), 'utf8'), {
    maxAliasCount: 1000,
  }) as Record<string, Scene>;
  const objects = failing.objects ?? [];
  const rules = RULES.filter((rule) => rule.code === code);
  it.each([
    ['objects', crowded(objects)],
    ['lists', objects.map((object) => swollen(object) as SceneObject)],
  ])('many %s', (_, many) => {
    const { findings } = findAll(examineAsRead({ ...failing, objects: many }), rules);
    for (const { id, message, evidence, facts } of findings) {
      expect(message.length, message).toBeLessThanOrEqual(1500);
      expect(evidence.length, id).toBeLessThanOrEqual(50);
      expect(Math.max(id.length, ...evidence.map((one) => JSON.stringify(one).length)), id).toBeLessThan(6500);
      for (const [key, value] of Object.entries(facts))
        expect(
          typeof value === 'object' || typeof value === 'string' ? value.length : 0,
          `${id} ${key}`,
        ).toBeLessThanOrEqual(typeof value === 'string' ? 2000 : 1000);
    }
  });
});
