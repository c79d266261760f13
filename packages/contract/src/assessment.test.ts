import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import {
  assessmentSchema,
  type AssessedEvidence,
  type AssessedFinding,
  type AssessedRootCause,
  type Assessment,
  type Kpi,
} from './assessment.ts';

interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

const published = JSON.parse(readFileSync(new URL('../schemas/assessment.v1.json', import.meta.url), 'utf8')) as Schema;

/** Every schema in the document with its path. */
function* schemasIn(schema: Schema, path: string): Generator<readonly [path: string, schema: Schema]> {
  yield [path, schema];
  for (const part of ['properties', '$defs'] as const)
    for (const [name, inner] of Object.entries(schema[part] ?? {})) yield* schemasIn(inner, `${path}/${part}/${name}`);
  for (const part of ['oneOf', 'anyOf'] as const)
    for (const [i, inner] of (schema[part] ?? []).entries()) yield* schemasIn(inner, `${path}/${part}/${i}`);
  if (schema.items !== undefined) yield* schemasIn(schema.items, `${path}/items`);
}
const all = [...schemasIn(published, '#')];

describe('the published schema', () => {
  it('says its version in its name', () => {
    expect(published.$id).toMatch(/\/assessment\.v1\.json$/);
  });

  it('describes every field, itself or where it refers to', () => {
    const fields = all.filter(([path]) => /\/properties\/[^/]+$/.test(path));
    expect(fields.length).toBeGreaterThan(100);
    const described = ({ description, $ref }: Schema) =>
      description ?? all.find(([path]) => path === $ref)?.[1].description;
    expect(fields.filter(([, schema]) => !/\S/.test(described(schema) ?? '')).map(([path]) => path)).toEqual([]);
  });

  it('refers only to what it defines', () => {
    const references = all.flatMap(([, { $ref }]) => ($ref === undefined ? [] : [$ref]));
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((reference) => !all.some(([path]) => path === reference))).toEqual([]);
  });

  it('leaves every object open for fields of later releases', () => {
    expect(all.filter(([, { additionalProperties }]) => additionalProperties === false)).toEqual([]);
  });
});

describe('the types', () => {
  it('are those of the schema', () => {
    expectTypeOf<Assessment>().toEqualTypeOf<z.output<typeof assessmentSchema>>();
    expectTypeOf<z.input<typeof assessmentSchema>>().toEqualTypeOf<Assessment>();
    expectTypeOf<Assessment['findings'][number]>().toEqualTypeOf<AssessedFinding>();
    expectTypeOf<Assessment['rootCauses'][number]>().toEqualTypeOf<AssessedRootCause>();
    expectTypeOf<Assessment['kpis'][number]>().toEqualTypeOf<Kpi>();
    expectTypeOf<AssessedFinding['evidence'][number]>().toEqualTypeOf<AssessedEvidence>();
    expect(Object.keys(assessmentSchema.shape)).toEqual(Object.keys(published.properties ?? {}));
  });
});
