import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../model/kinds.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { ApiError } from '../api-error.ts';
import { DEPLOYMENTS } from '../built-in-types.ts';
import { trackFields } from '../field-ownership.ts';
import type { Fields } from '../patch/json.ts';
import { strategicMerged } from '../patch/strategic-merge.ts';
import { builtInSchema } from '../schema/definitions.ts';
import type { TypeSchema } from '../schema/field-schema.ts';
import { appliedObject } from './apply.ts';
import {
  fieldsV1,
  hasPath,
  NO_FIELDS,
  pathsOf,
  readFieldsV1,
  union,
  withNamedFields,
  type FieldSet,
} from './field-set.ts';
import { readManagers } from './managers.ts';
import { fieldsOf } from './typed-fields.ts';

const SCHEMA = builtInSchema(DEPLOYMENTS) as TypeSchema;

const env = fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B', 'C'), value: fc.constantFrom('1', '2') }), {
  selector: ({ name }) => name,
  minLength: 1,
});
const container = fc.record(
  { name: fc.constantFrom('web', 'log', 'proxy'), image: fc.constantFrom('a', 'b'), env, args: fc.constant(['x']) },
  { requiredKeys: ['name'] },
);
const containers = fc.uniqueArray(container, { selector: ({ name }) => name, minLength: 1 });
const labels = fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('1', '2'), { minKeys: 1 });
const spec = fc.record(
  {
    replicas: fc.integer({ min: 1, max: 3 }),
    paused: fc.constant(true),
    template: fc.record(
      { metadata: fc.record({ labels }), spec: fc.record({ containers }) },
      { requiredKeys: ['spec'] },
    ),
  },
  { requiredKeys: [] },
);
const configuration = spec.map((one): Fields => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: one,
}));
const step = fc.record({
  manager: fc.constantFrom('one', 'two', 'three'),
  isApply: fc.boolean(),
  configuration,
  force: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Each step at its own second; what is refused changes nothing. */
function after(steps: readonly Step[]): Deployment | undefined {
  return steps.reduce<Deployment | undefined>((live, one, at) => written(live, one, at * 1000) ?? live, undefined);
}

function written(live: Deployment | undefined, { manager, isApply, configuration: wanted, force }: Step, now: number) {
  if (isApply) return applied(live, manager, wanted, force, now);
  const metadata = { ...live?.metadata, name: 'web', namespace: 'shop', uid: 'u' };
  const object = { ...wanted, metadata } as unknown as Deployment;
  return trackFields(live, object, DEPLOYMENTS, { fieldManager: manager }, now);
}

function applied(
  live: Deployment | undefined,
  fieldManager: string,
  wanted: Fields,
  force: boolean,
  now: number,
): Deployment | undefined {
  const about = { type: DEPLOYMENTS, namespace: 'shop', name: 'web', subresource: '' };
  try {
    return appliedObject({ ...about, live, configuration: wanted, fieldManager, force, now });
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'Conflict') return undefined;
    throw error;
  }
}

function ownedBy(object: Deployment | undefined, isMeant: (manager: string) => boolean): FieldSet {
  const managers = [...(readManagers(object?.metadata.managedFields)?.values() ?? [])];
  return managers.filter(({ manager }) => isMeant(manager)).reduce((all, { fields }) => union(all, fields), NO_FIELDS);
}

const history = fc.array(step, { maxLength: 5 });

describe('laws of server-side apply', () => {
  it('applying the same configuration again changes nothing', () => {
    fc.assert(
      fc.property(history, configuration, (steps, wanted) => {
        const once = applied(after(steps), 'team', wanted, true, 10_000);
        expect(applied(once, 'team', wanted, false, 20_000)).toBe(once);
      }),
    );
  });

  it('a forced application makes everything in the configuration so', () => {
    fc.assert(
      fc.property(history, configuration, (steps, wanted) => {
        const object = applied(after(steps), 'team', wanted, true, 10_000);
        const again = applied(object, 'someone', wanted, false, 20_000);
        expect(again).toBeDefined();
        expect(sameJson(again?.spec, object?.spec)).toBe(true);
      }),
    );
  });

  it('what is applied no more goes if nobody else owns it or something in it, and only then', () => {
    fc.assert(
      fc.property(history, configuration, configuration, (steps, first, second) => {
        const before = applied(after(steps), 'team', first, true, 10_000);
        const now = applied(before, 'team', second, true, 20_000);
        const others = withNamedFields(
          ownedBy(before, (manager) => manager !== 'team'),
          SCHEMA,
        );
        const kept = union(others, fieldsOf(second, SCHEMA));
        const [had, has] = [fieldsOf(before, SCHEMA), fieldsOf(now, SCHEMA)];
        for (const path of pathsOf(fieldsOf(first, SCHEMA))) {
          const isOwnedInside = [...pathsOf(kept)].some((one) => path.every((element, at) => one[at] === element));
          if (hasPath(had, path) && path[0] === 'f:spec') expect(hasPath(has, path)).toBe(isOwnedInside);
        }
      }),
    );
  });

  it('nothing that somebody else owns alone is touched by an application that does not name it', () => {
    fc.assert(
      fc.property(history, configuration, (steps, wanted) => {
        const before = after(steps);
        const now = applied(before, 'team', wanted, true, 10_000);
        const named = fieldsOf(wanted, SCHEMA);
        const has = fieldsOf(now, SCHEMA);
        for (const path of pathsOf(ownedBy(before, (manager) => manager !== 'team')))
          if (!hasPath(named, path) && hasPath(fieldsOf(before, SCHEMA), path)) expect(hasPath(has, path)).toBe(true);
      }),
    );
  });

  it('nobody owns what is not there', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const object = after(steps);
        const has = withNamedFields(fieldsOf(object, SCHEMA), SCHEMA);
        for (const path of pathsOf(ownedBy(object, () => true))) expect(hasPath(has, path)).toBe(true);
      }),
    );
  });

  it('sets of fields survive being written and read', () => {
    fc.assert(
      fc.property(configuration, (wanted) => {
        const set = fieldsOf(wanted, SCHEMA);
        const read = readFieldsV1(JSON.parse(JSON.stringify(fieldsV1(set))));
        expect([...pathsOf(read ?? NO_FIELDS)]).toEqual([...pathsOf(set)]);
      }),
    );
  });
});

describe('the patch that client-side apply sends', () => {
  type Container = { readonly name: string };
  const template = (list: unknown, more: object = {}) => ({
    spec: { template: { spec: { containers: list, ...more } } },
  });

  /** What was applied last and is not wanted any more goes by directive and null; what is wanted comes, in its order. */
  function threeWay(last: readonly Container[], wanted: readonly Container[]): Fields {
    const gone = last.filter(({ name }) => wanted.every((one) => one.name !== name));
    const changes = wanted.map((one) => {
      const before = last.find(({ name }) => name === one.name) ?? one;
      const dropped = Object.keys(before).filter((field) => !(field in one));
      return { ...Object.fromEntries(dropped.map((field) => [field, null])), ...one };
    });
    const order = { '$setElementOrder/containers': wanted.map(({ name }) => ({ name })) };
    return template([...changes, ...gone.map(({ name }) => ({ name, $patch: 'delete' }))], order);
  }

  it('gives the wanted object, and keeps what only the server has', () => {
    const plain = fc.uniqueArray(
      fc.record(
        { name: fc.constantFrom('web', 'log'), image: fc.constantFrom('a', 'b'), args: fc.constant(['x']) },
        { requiredKeys: ['name'] },
      ),
      { selector: ({ name }) => name, minLength: 1 },
    );
    fc.assert(
      fc.property(plain, plain, (last, wanted) => {
        const live = template([{ name: 'injected', image: 'i' }, ...last.map((one) => ({ ...one, tty: true }))]);
        const result = strategicMerged(live, threeWay(last, wanted), SCHEMA) as ReturnType<typeof template>;
        const list = result.spec.template.spec.containers as readonly Container[];
        expect(list.filter(({ name }) => name !== 'injected')).toEqual(
          wanted.map((one) => (last.some(({ name }) => name === one.name) ? { ...one, tty: true } : one)),
        );
        expect(list).toContainEqual({ name: 'injected', image: 'i' });
      }),
    );
  });
});
