import * as fc from 'fast-check';
import { withPatch, type KubeObject } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { jsonDifference } from './json-difference.ts';

const json = fc.jsonValue({ maxDepth: 4 });
const object = (data: unknown): KubeObject =>
  ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, ...{ data } }) as KubeObject;

describe('the difference of two values', () => {
  it('makes one of the other by the rules of JSON patches', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const operations = jsonDifference(object(from), object(to));
        const made = operations.length === 0 ? object(from) : withPatch(object(from), { type: 'json', operations });
        expect(JSON.parse(JSON.stringify(made))).toEqual(JSON.parse(JSON.stringify(object(to))));
      }),
    );
  });

  it('is nothing between equal values, whatever the order of their fields', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonDifference(value, structuredClone(value))).toEqual([]);
      }),
    );
    expect(jsonDifference({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toEqual([]);
    expect(jsonDifference({ list: [{ a: 1, b: 2 }, 1] }, { list: [{ b: 2, a: 1 }, 1] })).toEqual([]);
  });

  it('names fields with slashes and tildes as pointers do', () => {
    expect(jsonDifference({}, { 'a/b~c': 1 })).toEqual([{ op: 'add', path: '/a~1b~0c', value: 1 }]);
  });
});
