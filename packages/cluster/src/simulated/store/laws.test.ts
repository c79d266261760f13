import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigMap } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { ApiError } from '../api/api-error.ts';
import { CONFIG_MAPS, NAMESPACES } from '../api/built-in-types.ts';
import { listObjects } from '../api/list.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import type { Change } from './object-store.ts';

/** What somebody does to a few objects of a few names, so that everything meets everything. */
type Operation =
  | { readonly does: 'create'; readonly name: string; readonly owner: string | undefined; readonly held: boolean }
  | { readonly does: 'change'; readonly name: string; readonly label: string }
  | { readonly does: 'free'; readonly name: string }
  | { readonly does: 'delete'; readonly name: string; readonly policy: 'Orphan' | 'Background' | 'Foreground' }
  | { readonly does: 'wait'; readonly ms: number }
  | { readonly does: 'end' };

const name = fc.constantFrom('a', 'b', 'c', 'd');
const operations = fc.array(
  fc.oneof<fc.Arbitrary<Operation>[]>(
    fc.record({
      does: fc.constant('create'),
      name,
      owner: fc.option(name, { nil: undefined }),
      held: fc.boolean(),
    }),
    fc.record({ does: fc.constant('change'), name, label: fc.constantFrom('x', 'y') }),
    fc.record({ does: fc.constant('free'), name }),
    fc.record({
      does: fc.constant('delete'),
      name,
      policy: fc.constantFrom('Orphan', 'Background', 'Foreground'),
    }),
    fc.record({ does: fc.constant('wait'), ms: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({ does: fc.constant('end') }),
  ),
  { maxLength: 40 },
);

/** Runs operations in a new cluster; keeps every change from its beginning on. */
function run(steps: readonly Operation[], seed = 's') {
  const cluster = new SimulatedCluster({ seed });
  const { api, clock } = cluster;
  const start = listAll(cluster);
  const changes: Change[] = [];
  api.store.listen((change) => changes.push(change));
  api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  for (const step of steps)
    try {
      act(cluster, step);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  clock.advance(1000);
  return { cluster, start, changes };
}

function act({ api, clock }: SimulatedCluster, step: Operation): void {
  const change = (mutate: (object: ConfigMap) => ConfigMap, target: string) =>
    api.change(CONFIG_MAPS, 'shop', target, mutate);
  switch (step.does) {
    case 'create': {
      const owner = step.owner === undefined ? undefined : api.store.get(CONFIG_MAPS, 'shop', step.owner);
      const { uid } = owner?.metadata ?? {};
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: step.owner ?? '', uid: uid ?? 'gone' };
      const metadata = {
        name: step.name,
        namespace: 'shop',
        ...(step.held ? { finalizers: ['example.com/hold'] } : {}),
        ...(step.owner === undefined ? {} : { ownerReferences: [{ ...reference, blockOwnerDeletion: true }] }),
      };
      api.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      return;
    }
    case 'change':
      change((one) => ({ ...one, metadata: { ...one.metadata, labels: { app: step.label } } }), step.name);
      return;
    case 'free':
      change((one) => ({ ...one, metadata: { ...one.metadata, finalizers: [] } }), step.name);
      return;
    case 'delete':
      api.delete(CONFIG_MAPS, 'shop', step.name, { propagationPolicy: step.policy });
      return;
    case 'wait':
      clock.advance(step.ms);
      return;
    case 'end':
      api.delete(NAMESPACES, '', 'shop');
  }
}

function listAll({ api }: SimulatedCluster): ReadonlyMap<string, KubeObject> {
  const found = api.types.all.flatMap((type) =>
    listObjects(api.store, type).items.map((object) => [keyOf(object), object] as const),
  );
  return new Map(found);
}

function keyOf({ kind, apiVersion, metadata: { namespace = '', name: own } }: KubeObject): string {
  return `${apiVersion}/${kind}/${namespace}/${own}`;
}

describe('The store, whatever is done', () => {
  it('grows its revision with every change, and names objects by it', () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const { changes, cluster } = run(steps);
        changes.reduce((last, { revision, object }) => {
          expect(revision).toBeGreaterThan(last);
          expect(object.metadata.resourceVersion).toBe(String(revision));
          return revision;
        }, 0);
        expect(cluster.api.store.revision).toBe(changes.at(-1)?.revision);
      }),
      { numRuns: 60 },
    );
  });

  it('is what its changes say, one after the other', () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const { cluster, start, changes } = run(steps);
        const replayed = new Map(start);
        for (const { kind, object, previous } of changes) {
          expect(replayed.get(keyOf(object))).toEqual(previous);
          if (kind === 'DELETED') replayed.delete(keyOf(object));
          else replayed.set(keyOf(object), object);
        }
        expect(new Map([...replayed].sort())).toEqual(new Map([...listAll(cluster)].sort()));
      }),
      { numRuns: 60 },
    );
  });

  it('shows each earlier moment as it was', () => {
    fc.assert(
      fc.property(operations, fc.nat(), (steps, at) => {
        const { cluster, changes } = run(steps);
        const { store } = cluster.api;
        const moment = changes[at % changes.length] as Change;
        const then = new Map<string, KubeObject>();
        for (const { kind, object, revision } of changes)
          if (revision <= moment.revision && object.kind === 'ConfigMap' && object.metadata.namespace === 'shop') {
            if (kind === 'DELETED') then.delete(keyOf(object));
            else then.set(keyOf(object), object);
          }
        const options = { resourceVersion: String(moment.revision), resourceVersionMatch: 'Exact' };
        const listed = listObjects(store, CONFIG_MAPS, { ...options, namespace: 'shop' }).items;
        expect(listed).toEqual([...then].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object));
      }),
      { numRuns: 60 },
    );
  });

  it('tells a watch that began empty all that a list shows', () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const { cluster, changes } = run(steps);
        const { api } = cluster;
        const from = (changes[0] as Change).revision - 1;
        const selection = { namespace: 'shop', labelSelector: 'app=x' };
        const seen = new Map<string, unknown>();
        for (const event of api.watch(CONFIG_MAPS, { ...selection, resourceVersion: String(from) }).take()) {
          const key = keyOf(event.object as KubeObject);
          // What is new was not there, and what changes or goes was.
          expect(seen.has(key)).toBe(event.type !== 'ADDED');
          if (event.type === 'DELETED') seen.delete(key);
          else seen.set(key, event.object);
        }
        expect([...seen.values()].sort(byName)).toEqual(api.list(CONFIG_MAPS, selection).items);
      }),
      { numRuns: 60 },
    );
  });

  it('has the same history from the same seed and operations, byte by byte', () => {
    const history = (steps: readonly Operation[], seed: string) =>
      JSON.stringify(run(steps, seed).changes.map(({ kind, object, at }) => [kind, object, at]));
    fc.assert(
      fc.property(operations, (steps) => {
        expect(history(steps, 'a')).toBe(history(steps, 'a'));
        expect(history(steps, 'b')).not.toBe(history(steps, 'a'));
      }),
      { numRuns: 30 },
    );
  });

  it('keeps nothing of a namespace that is gone, and nothing whose owner went in the background', () => {
    fc.assert(
      fc.property(operations, (steps) => {
        const freed = ['a', 'b', 'c', 'd'].map((one): Operation => ({ does: 'free', name: one }));
        const end: readonly Operation[] = [...freed, { does: 'wait', ms: 60_000 }, { does: 'end' }];
        const { cluster } = run([
          ...steps,
          ...freed,
          { does: 'wait', ms: 1000 },
          ...end,
          { does: 'wait', ms: 120_000 },
        ]);
        const { api } = cluster;
        expect(api.store.get(NAMESPACES, '', 'shop')).toBeUndefined();
        const left = api.types.all.filter((type) => api.store.count(type, 'shop') > 0).map(({ kind }) => kind);
        expect(left).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

function byName(a: unknown, b: unknown): number {
  return keyOf(a as KubeObject) < keyOf(b as KubeObject) ? -1 : 1;
}
