import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameJson } from '../../../snapshot/diff.ts';
import { ApiError } from '../api-error.ts';
import { DEPLOYMENTS, PODS } from '../built-in-types.ts';
import { builtInSchema } from '../schema/definitions.ts';
import type { TypeSchema } from '../schema/field-schema.ts';
import { isFields, type Fields } from './json.ts';
import { patched, patchOf, type Patch } from './patch.ts';

const DEPLOYMENT = builtInSchema(DEPLOYMENTS) as TypeSchema;
const POD = builtInSchema(PODS) as TypeSchema;

function change(kind: 'json' | 'merge' | 'strategic', body: unknown, object: Fields, type = DEPLOYMENT): Fields {
  return patched(object, patchOf(kind, body) as Exclude<Patch, { kind: 'apply' }>, type);
}

function refusal(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  return undefined;
}

/** The smallest patch that makes `to` of `from`. A field that is `null` in `to` cannot be told from one that is not there. */
function mergePatchBetween(from: Fields, to: Fields): Fields {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (to[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    const before = from[key];
    if (value === undefined) continue;
    if (isFields(value) && isFields(before)) {
      const inner = mergePatchBetween(before, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (JSON.stringify(value) !== JSON.stringify(before)) patch[key] = value;
  }
  return patch;
}

describe('JSON patch', () => {
  // Source: RFC 6902 appendix A.
  it.each([
    [{ foo: 'bar' }, { op: 'add', path: '/baz', value: 'qux' }, { foo: 'bar', baz: 'qux' }],
    [{ foo: ['bar', 'baz'] }, { op: 'add', path: '/foo/1', value: 'qux' }, { foo: ['bar', 'qux', 'baz'] }],
    [{ baz: 'qux', foo: 'bar' }, { op: 'remove', path: '/baz' }, { foo: 'bar' }],
    [{ foo: ['bar', 'qux', 'baz'] }, { op: 'remove', path: '/foo/1' }, { foo: ['bar', 'baz'] }],
    [{ baz: 'qux' }, { op: 'replace', path: '/baz', value: 'boo' }, { baz: 'boo' }],
    [
      { a: { b: 1 }, c: {} },
      { op: 'move', from: '/a/b', path: '/c/d' },
      { a: {}, c: { d: 1 } },
    ],
    [{ foo: ['a', 'b', 'c'] }, { op: 'move', from: '/foo/0', path: '/foo/2' }, { foo: ['b', 'c', 'a'] }],
    [{ a: [1] }, { op: 'copy', from: '/a', path: '/b' }, { a: [1], b: [1] }],
    [{ foo: ['bar'] }, { op: 'add', path: '/foo/-', value: ['abc'] }, { foo: ['bar', ['abc']] }],
    [
      { '/': 9, '~1': 10 },
      { op: 'test', path: '/~01', value: 10 },
      { '/': 9, '~1': 10 },
    ],
    [{ foo: ['bar', 'baz'] }, { op: 'replace', path: '/foo/-1', value: 'qux' }, { foo: ['bar', 'qux'] }],
  ])('changes %j by %j', (object, operation, wanted) => {
    expect(change('json', [operation], object)).toEqual(wanted);
  });

  it.each([
    [{ baz: 'qux' }, { op: 'test', path: '/baz', value: 'bar' }],
    [{ foo: 'bar' }, { op: 'add', path: '/baz/bat', value: 'qux' }],
    [{ foo: 'bar' }, { op: 'remove', path: '/baz' }],
    [{ foo: ['a'] }, { op: 'add', path: '/foo/2', value: 'b' }],
    [{ foo: 'bar' }, { op: 'frobnicate', path: '/foo' }],
    [{ foo: 'bar' }, { op: 'add' }],
    [{ foo: 'bar' }, { op: null, path: '/foo' }],
    // What every object of JavaScript has is no field of it.
    [{ foo: 'bar' }, { op: 'remove', path: '/toString' }],
    [{ foo: 'bar' }, { op: 'copy', from: '/constructor/name', path: '/foo' }],
    [{ foo: 'bar' }, { op: 'add', path: '/__proto__/polluted', value: true }],
    [{ foo: 'bar' }, { op: 'add', path: '/__proto__', value: {} }],
  ])('refuses %j by %j as the API server does, without saying why', (object, operation) => {
    expect(refusal(() => change('json', [operation], object))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
    });
  });

  it.each(['toString', 'constructor'])('adds a field that is named %s', (name) => {
    expect(Object.entries(change('json', [{ op: 'add', path: `/${name}`, value: 1 }], {}))).toEqual([[name, 1]]);
    expect(refusal(() => change('json', [{ op: 'copy', from: '/a', path: `/${name}/b` }], { a: 1 }))).toMatchObject({
      code: 422,
    });
  });

  it('refuses copies of copies before they have grown beyond all bounds', () => {
    const doubled = Array.from({ length: 64 }, (_, at) => ({ op: 'copy', from: '/a', path: `/a/${at}` }));
    expect(refusal(() => change('json', doubled, { a: { text: 'x' } }))).toMatchObject({ code: 422 });
  });

  it('refuses a step with a path that is no text', () => {
    expect(refusal(() => change('json', [{ op: 'add', path: 5 }], {}))).toMatchObject({
      code: 400,
      message:
        'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.path of type string',
    });
  });

  it('refuses what is no list of steps', () => {
    expect(refusal(() => change('json', {}, {}))).toMatchObject({
      code: 400,
      message: 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    });
  });
});

describe('JSON merge patch', () => {
  // Source: RFC 7386 appendix A, as far as objects go.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('changes %j by %j', (object, patch, wanted) => {
    expect(change('merge', patch, object)).toEqual(wanted);
  });

  it('made of a difference, restores what it was made for', () => {
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
      ),
      node: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('node')), {
        maxKeys: 3,
      }),
    })).node as fc.Arbitrary<Fields>;
    fc.assert(
      fc.property(value, value, (from, to) => {
        expect(sameJson(change('merge', mergePatchBetween(from, to), from), to)).toBe(true);
      }),
    );
  });
});

describe('strategic merge patch', () => {
  const containers = (...list: readonly unknown[]) => ({ spec: { template: { spec: { containers: list } } } });

  it('merges lists by their key and keeps what it does not name', () => {
    const before = containers(
      { name: 'web', image: 'a', env: [{ name: 'X', value: '1' }] },
      { name: 'log', image: 'l' },
    );
    expect(
      change('strategic', containers({ name: 'web', image: 'b', env: [{ name: 'Y', value: '2' }] }), before),
    ).toEqual(
      containers(
        {
          name: 'web',
          image: 'b',
          env: [
            { name: 'Y', value: '2' },
            { name: 'X', value: '1' },
          ],
        },
        { name: 'log', image: 'l' },
      ),
    );
  });

  it('replaces lists that do not merge', () => {
    const before = { spec: { tolerations: [{ key: 'a' }], containers: [] } };
    expect(change('strategic', { spec: { tolerations: [{ key: 'b' }] } }, before, POD)).toEqual({
      spec: { tolerations: [{ key: 'b' }], containers: [] },
    });
  });

  it('deletes, replaces and merges by directive', () => {
    const before = containers({ name: 'web', image: 'a' }, { name: 'log', image: 'l' });
    expect(change('strategic', containers({ name: 'log', $patch: 'delete' }), before)).toEqual(
      containers({ name: 'web', image: 'a' }),
    );
    expect(change('strategic', containers({ name: 'one', image: 'o' }, { $patch: 'replace' }), before)).toEqual(
      containers({ name: 'one', image: 'o' }),
    );
    const map = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    expect(change('strategic', { spec: { strategy: { $patch: 'replace', type: 'Recreate' } } }, map)).toEqual({
      spec: { strategy: { type: 'Recreate' } },
    });
    expect(change('strategic', { spec: { strategy: { $patch: 'delete' } } }, map)).toEqual({ spec: { strategy: {} } });
  });

  it('retains only the keys that are listed', () => {
    const before = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(change('strategic', patch, before)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
    expect(
      refusal(() => change('strategic', { spec: { strategy: { $retainKeys: ['type'], rollingUpdate: {} } } }, before)),
    ).toMatchObject({ code: 400, message: 'invalid patch format of retainKeys' });
  });

  it('deletes from lists of scalars and merges them', () => {
    const before = { metadata: { finalizers: ['a', 'b', 'c'] } };
    const gone = { metadata: { '$deleteFromPrimitiveList/finalizers': ['b'] } };
    expect(change('strategic', gone, before)).toEqual({ metadata: { finalizers: ['a', 'c'] } });
    expect(change('strategic', { metadata: { finalizers: ['d'] } }, before)).toEqual({
      metadata: { finalizers: ['d', 'a', 'b', 'c'] },
    });
  });

  it('orders lists as the patch wants, and leaves to the server what only it has', () => {
    const before = containers({ name: 'a' }, { name: 'injected' }, { name: 'b' });
    const patch = {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }, { name: 'c' }],
            containers: [{ name: 'c', image: 'c' }],
          },
        },
      },
    };
    expect(change('strategic', patch, before)).toEqual(
      containers({ name: 'injected' }, { name: 'b' }, { name: 'a' }, { name: 'c', image: 'c' }),
    );
  });

  it('takes fields away by null, and does not keep the null', () => {
    const before = { spec: { replicas: 3, paused: true } };
    expect(change('strategic', { spec: { paused: null, minReadySeconds: null } }, before)).toEqual({
      spec: { replicas: 3 },
    });
    expect(change('strategic', { spec: { selector: { matchLabels: { app: null, tier: 'x' } } } }, before)).toEqual({
      spec: { replicas: 3, paused: true, selector: { matchLabels: { tier: 'x' } } },
    });
  });

  it('says which item lacks its key', () => {
    const before = containers({ name: 'web', image: 'a' });
    expect(refusal(() => change('strategic', containers({ image: 'nginx:2' }), before))).toMatchObject({
      code: 500,
      reason: '',
      message: 'map: map[image:nginx:2] does not contain declared merge key: name',
    });
    expect(refusal(() => change('strategic', containers({ name: 'a', $patch: 'merge' }), before))).toMatchObject({
      message: 'merging lists cannot yet be specified in the patch',
    });
    expect(refusal(() => change('strategic', { spec: { $patch: 'drop' } }, { spec: {} }))).toMatchObject({
      message: 'unknown patch type: drop in map: map[$patch:drop]',
    });
  });

  it('writes to neither the object nor the patch', () => {
    const before = containers({ name: 'web', image: 'a' });
    const patch = containers({ name: 'web', image: 'b' });
    const [kept, keptPatch] = [structuredClone(before), structuredClone(patch)];
    change('strategic', patch, before);
    expect([before, patch]).toEqual([kept, keptPatch]);
  });
});
