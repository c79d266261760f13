import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '../api-error.ts';
import { valueErrors } from './judge-value.ts';
import type { JsonSchema } from './json-schema.ts';
import { defaulted, pruned } from './shape-value.ts';
import { structureErrors } from './structure.ts';

const object = (properties: Readonly<Record<string, JsonSchema>>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
});

/** What a body of JSON can hold: no numbers that are none. */
const JSON_LEAVES = [fc.boolean(), fc.integer(), fc.string(), fc.constant(null)];

describe('pruned', () => {
  it.each([
    [object({ a: {} }), { a: 1, b: 2 }, { a: 1 }],
    [object({ a: object({}) }), { a: { b: 2 } }, { a: {} }],
    [object({}, { 'x-kubernetes-preserve-unknown-fields': true }), { b: 2 }, { b: 2 }],
    [
      object({ a: object({}) }, { 'x-kubernetes-preserve-unknown-fields': true }),
      { a: { c: 1 }, b: 2 },
      { a: {}, b: 2 },
    ],
    [{ type: 'object', additionalProperties: object({ a: {} }) }, { x: { a: 1, b: 1 } }, { x: { a: 1 } }],
    [{ type: 'array', items: object({ a: {} }) }, [{ a: 1, b: 2 }, { b: 3 }], [{ a: 1 }, {}]],
    [
      object({ a: object({}, { 'x-kubernetes-embedded-resource': true }) }),
      { a: { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, spec: 1 } },
      { a: { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' } } },
    ],
    [object({}), { constructor: 1, toString: 2 }, {}],
  ] as readonly (readonly [JsonSchema, unknown, unknown])[])(
    'by %j leaves of %j only %j',
    (schema, value, expected) => {
      expect(pruned(schema, value)).toEqual(expected);
    },
  );

  it('changes nothing where all is known, and nothing more the second time', () => {
    const schema = object({ a: object({ b: {} }), c: { type: 'array', items: object({ d: {} }) } });
    const whole = { a: { b: 1 }, c: [{ d: 2 }] };
    expect(pruned(schema, whole)).toBe(whole);
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), maxDepth: 3, values: JSON_LEAVES }),
        (value) => {
          const once = pruned(schema, value);
          expect(pruned(schema, once)).toBe(once);
        },
      ),
    );
  });
});

describe('defaulted', () => {
  it.each([
    [object({ a: { default: 1 } }), {}, { a: 1 }],
    [object({ a: { default: 1 } }), { a: 2 }, { a: 2 }],
    [object({ a: { default: 1 } }), { a: null }, { a: 1 }],
    [object({ a: { default: 1, nullable: true } }), { a: null }, { a: null }],
    [object({ a: object({ b: { default: 1 } }) }), {}, {}],
    [object({ a: object({ b: { default: 1 } }) }), { a: {} }, { a: { b: 1 } }],
    [object({ a: object({ b: { default: 1 } }, { default: {} }) }), {}, { a: { b: 1 } }],
    [{ type: 'array', items: object({ b: { default: 1 } }) }, [{}, { b: 2 }], [{ b: 1 }, { b: 2 }]],
    [object({ constructor: { default: 1 } }), {}, { constructor: 1 }],
  ] as readonly (readonly [JsonSchema, unknown, unknown])[])('by %j makes of %j %j', (schema, value, expected) => {
    expect(defaulted(schema, value)).toEqual(expected);
  });
});

describe('valueErrors', () => {
  const texts = (schema: JsonSchema, value: unknown) => valueErrors(schema, value, 'spec.x').map(fieldErrorText);

  // Wordings of `k8s.io/kube-openapi/pkg/validation/errors`.
  it.each([
    [{ type: 'string' }, 1, 'spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"'],
    [{ type: 'integer' }, 1.5, 'spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"'],
    [{ type: 'string' }, null, 'spec.x: Invalid value: "null": spec.x in body must be of type string: "null"'],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      'spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"',
    ],
    [{ minimum: 1, exclusiveMinimum: true }, 1, 'spec.x: Invalid value: 1: spec.x in body should be greater than 1'],
    [{ maximum: 1 }, 2, 'spec.x: Invalid value: 2: spec.x in body should be less than or equal to 1'],
    [{ multipleOf: 5 }, 7, 'spec.x: Invalid value: 7: spec.x in body should be a multiple of 5'],
    [{ maxLength: 2 }, 'abc', 'spec.x: Too long: may not be more than 2 bytes'],
    [
      { type: 'string', format: 'date-time' },
      'today',
      'spec.x: Invalid value: "today": spec.x in body must be of type date-time: "today"',
    ],
    [
      { pattern: '^(?i)[a-z\\-]+$' },
      'a1',
      'spec.x: Invalid value: "a1": spec.x in body should match \'^(?i)[a-z\\-]+$\'',
    ],
    [{ minItems: 1 }, [], 'spec.x: Invalid value: []: spec.x in body should have at least 1 items'],
    [{ maxProperties: 1 }, { a: 1, b: 2 }, 'spec.x: Too many: 2: must have at most 1 items'],
    [{ enum: [1, 2] }, 3, 'spec.x: Unsupported value: 3: supported values: "1", "2"'],
    [{ items: { required: ['a'] } }, [{}], 'spec.x[0].a: Required value'],
    [{ required: ['constructor'] }, {}, 'spec.x.constructor: Required value'],
    [{ 'x-kubernetes-list-type': 'set' }, ['a', 'a'], 'spec.x[1]: Duplicate value: "a"'],
    [
      { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
      [{ name: 'a' }, { name: 'a', b: 1 }],
      'spec.x[1]: Duplicate value: {"name":"a"}',
    ],
    [
      { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      'spec.x: Invalid value: {}: "spec.x" must validate one and only one schema (oneOf). Found none valid',
    ],
    [{ not: { type: 'string' } }, 'a', 'spec.x: Invalid value: "a": "spec.x" must not validate the schema (not)'],
  ] as readonly (readonly [JsonSchema, unknown, string])[])('by %j of %j', (schema, value, expected) => {
    expect(texts(schema, value)).toEqual([expected]);
  });

  it.each([
    [{ type: 'number' }, 1],
    [{ type: 'string', nullable: true }, null],
    [{ 'x-kubernetes-int-or-string': true }, '50%'],
    [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, 3],
    [{ type: 'string', format: 'unheard-of' }, 'x'],
    [{ type: 'string', format: 'constructor' }, 'x'],
    [{ type: 'integer', format: 'constructor' }, 1],
    [{ type: 'object', additionalProperties: { type: 'string' } }, { a: 'b' }],
  ] as readonly (readonly [JsonSchema, unknown])[])('finds nothing by %j in %j', (schema, value) => {
    expect(texts(schema, value)).toEqual([]);
  });
});

describe('structureErrors', () => {
  const texts = (schema: JsonSchema) => structureErrors(schema, 'schema').map(fieldErrorText);

  it.each([
    [{}, 'schema.type: Required value: must not be empty at the root'],
    [{ type: 'array', items: { type: 'string' } }, 'schema.type: Invalid value: "array": must be object at the root'],
    [object({ a: {} }), 'schema.properties[a].type: Required value: must not be empty for specified object fields'],
    [object({ a: { type: 'array' } }), 'schema.properties[a].items: Required value: must be specified'],
    [
      object({ a: { type: 'array', items: {} } }),
      'schema.properties[a].items.type: Required value: must not be empty for specified array items',
    ],
    [
      object({ a: { type: 'string' } }, { additionalProperties: { type: 'string' } }),
      'schema.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
    ],
    [
      object({ a: { type: 'integer', default: 'x' } }),
      'schema.properties[a].default: Invalid value: "string": schema.properties[a].default in body must be of type integer: "string"',
    ],
    [
      object({ a: { type: 'string', pattern: '+', default: 'x' } }),
      'schema.properties[a].pattern: Invalid value: "+": must be a valid regular expression, but isn\'t: error parsing regexp: missing argument to repetition operator: `+`',
    ],
    [
      object({ a: { type: 'array', items: { type: 'string', anyOf: [{ not: { pattern: '(' } }] } } }),
      'schema.properties[a].items.anyOf[0].not.pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
    ],
  ] as readonly (readonly [JsonSchema, string])[])('of %j', (schema, expected) => {
    expect(texts(schema)).toEqual([expected]);
  });

  it('are none of what says every type', () => {
    const schema = object({
      a: { 'x-kubernetes-int-or-string': true },
      b: { 'x-kubernetes-preserve-unknown-fields': true },
      c: { type: 'array', items: object({}) },
    });
    expect(texts(schema)).toEqual([]);
  });
});
