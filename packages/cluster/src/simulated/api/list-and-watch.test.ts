import { describe, expect, it } from 'vitest';
import type { ConfigMap } from '../../model/kinds.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { ObjectStore } from '../store/object-store.ts';
import { CONFIG_MAPS } from './built-in-types.ts';
import { listObjects, type ListOptions } from './list.ts';
import { openWatch, type WatchOptions } from './watch.ts';

function made(name: string, namespace = 'shop', labels: Record<string, string> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, uid: `${namespace}-${name}`, labels } };
}

function world(kept?: number) {
  const clock = new VirtualClock(0);
  const store = new ObjectStore(() => clock.now, kept === undefined ? {} : { kept });
  const list = (options: ListOptions = {}) => listObjects(store, CONFIG_MAPS, options);
  const names = (options: ListOptions = {}) => list(options).items.map(({ metadata }) => metadata.name);
  const watch = (options: WatchOptions = {}) => openWatch(store, clock, CONFIG_MAPS, options);
  return { clock, store, list, names, watch, put: (one: ConfigMap) => store.put(CONFIG_MAPS, one) };
}

describe('listObjects', () => {
  it('orders by namespace and name, whatever came first', () => {
    const { list, put } = world();
    for (const [name, namespace] of [
      ['b', 'x'],
      ['a', 'x'],
      ['z', 'x-y'],
      ['c', 'a'],
    ] as const)
      put(made(name, namespace));
    expect(list().items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'a/c',
      'x-y/z',
      'x/a',
      'x/b',
    ]);
  });

  it('gives pages of the moment of the first one', () => {
    const { list, names, put, store } = world();
    for (const name of ['a', 'b', 'c', 'd', 'e']) put(made(name));
    const first = list({ limit: 2 });
    expect(first.metadata).toMatchObject({ resourceVersion: '6', remainingItemCount: 3 });
    store.remove(CONFIG_MAPS, 'shop', 'd');
    put(made('bb'));
    const token = first.metadata.continue ?? '';
    expect(names({ limit: 2, continue: token })).toEqual(['c', 'd']);
    const second = list({ limit: 2, continue: token });
    const last = list({ limit: 2, continue: second.metadata.continue ?? '' });
    expect(last.items.map(({ metadata }) => metadata.name)).toEqual(['e']);
    expect(last.metadata).toEqual({ resourceVersion: '6' });
  });

  it('says no remaining count where it selects', () => {
    const { list, put } = world();
    for (const name of ['a', 'b', 'c']) put(made(name, 'shop', { app: 'web' }));
    const page = list({ limit: 1, labelSelector: 'app=web' });
    expect(page.metadata.continue).toBeDefined();
    expect(page.metadata.remainingItemCount).toBeUndefined();
  });

  it('answers 410 for a token whose moment is forgotten, with one that goes on with what is there now', () => {
    const { list, names, put } = world(2);
    for (const name of ['a', 'b', 'c']) put(made(name));
    const token = list({ limit: 1 }).metadata.continue ?? '';
    for (let i = 0; i < 10; i++) put(made('c'));
    put(made('bb'));
    let fresh = '';
    try {
      list({ limit: 1, continue: token });
    } catch (error) {
      const { status } = error as { status: { code: number; reason: string; metadata: { continue: string } } };
      expect(status).toMatchObject({ code: 410, reason: 'Expired' });
      fresh = status.metadata.continue;
    }
    expect(names({ continue: fresh })).toEqual(['b', 'bb', 'c']);
  });

  it('lists what was', () => {
    const { names, put, store } = world();
    put(made('a'));
    const then = String(store.revision);
    put(made('b'));
    store.remove(CONFIG_MAPS, 'shop', 'a');
    expect(names({ resourceVersion: then, resourceVersionMatch: 'Exact' })).toEqual(['a']);
    expect(names({ resourceVersion: then, resourceVersionMatch: 'NotOlderThan' })).toEqual(['b']);
    expect(names({ resourceVersion: then })).toEqual(['b']);
  });

  it.each([
    [
      { resourceVersion: '99' },
      { code: 504, reason: 'Timeout', message: 'Timeout: Too large resource version: 99, current: 1' },
    ],
    [{ continue: 'no token' }, { code: 400, message: 'invalid continue token: continue key is not valid' }],
    [
      { resourceVersionMatch: 'Exact' },
      {
        code: 422,
        message:
          'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      },
    ],
    [
      { resourceVersion: '1', resourceVersionMatch: 'Near' },
      {
        code: 422,
        message:
          'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Near": supported values: "Exact", "NotOlderThan", ""',
      },
    ],
  ])('refuses %j', (options, status) => {
    const { list } = world();
    expect(() => list(options)).toThrow(expect.objectContaining({ status: expect.objectContaining(status) }));
  });
});

describe('openWatch', () => {
  const shown = (events: readonly { type: string; object: unknown }[]) =>
    events.map(({ type, object }) => {
      const { metadata } = object as { metadata: { name?: string; resourceVersion?: string } };
      return `${type} ${metadata.name ?? ''}@${metadata.resourceVersion ?? ''}`;
    });

  it('tells changes from a revision on, older ones first', () => {
    const { put, store, watch } = world();
    put(made('a'));
    put(made('b'));
    const stream = watch({ resourceVersion: '2' });
    put(made('b'));
    store.remove(CONFIG_MAPS, 'shop', 'a');
    expect(shown(stream.take())).toEqual(['ADDED b@3', 'MODIFIED b@4', 'DELETED a@5']);
    expect(stream.take()).toEqual([]);
  });

  it('begins with what is there unless it is told a revision', () => {
    const { put, watch } = world();
    put(made('b'));
    put(made('a'));
    expect(shown(watch().take())).toEqual(['ADDED a@3', 'ADDED b@2']);
    expect(shown(watch({ resourceVersion: '0' }).take())).toEqual(['ADDED a@3', 'ADDED b@2']);
    expect(watch({ sendInitialEvents: false, resourceVersionMatch: 'NotOlderThan' }).take()).toEqual([]);
  });

  it('marks the end of the initial events', () => {
    const { put, watch } = world();
    put(made('a'));
    const options = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true };
    const [, end] = watch(options).take();
    expect(end).toEqual({
      type: 'BOOKMARK',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          resourceVersion: '2',
          creationTimestamp: null,
          annotations: { 'k8s.io/initial-events-end': 'true' },
        },
      },
    });
  });

  it('shows what begins and stops to match as new and gone', () => {
    const { put, watch } = world();
    const stream = watch({ resourceVersion: '1', labelSelector: 'app=web' });
    put(made('a'));
    put(made('a', 'shop', { app: 'web' }));
    put(made('a', 'shop', { app: 'web', tier: 'front' }));
    put(made('a', 'shop', { app: 'api' }));
    put(made('a'));
    const events = stream.take();
    expect(shown(events)).toEqual(['ADDED a@3', 'MODIFIED a@4', 'DELETED a@5']);
    expect(events[2]).toMatchObject({ object: { metadata: { labels: { app: 'web', tier: 'front' } } } });
  });

  it('sends bookmarks each minute to those who want them, and ends after its time', () => {
    const { clock, put, watch } = world();
    const stream = watch({ resourceVersion: '1', allowWatchBookmarks: true, timeoutSeconds: 150 });
    put(made('a'));
    clock.advance(125_000);
    expect(shown(stream.take())).toEqual(['ADDED a@2', 'BOOKMARK @2', 'BOOKMARK @2']);
    expect(stream.ended).toBe(false);
    clock.advance(60_000);
    expect(stream.ended).toBe(true);
    expect(clock.waiting).toBe(0);
  });

  it('tells a revision that is forgotten by an event, as the stream has begun already', () => {
    const { put, watch } = world(2);
    for (let i = 0; i < 6; i++) put(made('a'));
    const stream = watch({ resourceVersion: '1' });
    expect(stream.take()).toEqual([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'too old resource version: 1 (4)',
          reason: 'Expired',
          code: 410,
        },
      },
    ]);
    expect(stream.ended).toBe(true);
  });

  it('ends for those who do not take what comes', () => {
    const { put, watch } = world();
    const stream = watch({ resourceVersion: '1' });
    for (let i = 0; i < 10_001; i++) put(made('a'));
    expect(stream.ended).toBe(true);
  });

  it('calls who waits', () => {
    const { put, watch } = world();
    const stream = watch({ resourceVersion: '1' });
    const seen: string[] = [];
    stream.whenReady(() => seen.push(...shown(stream.take()), stream.ended ? 'end' : ''));
    put(made('a'));
    stream.close();
    expect(seen).toEqual(['ADDED a@2', '', 'end']);
  });

  it.each([
    [
      { sendInitialEvents: true },
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      { resourceVersionMatch: 'NotOlderThan' },
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
  ])('refuses %j', (options, message) => {
    const { watch } = world();
    expect(() => watch(options)).toThrow(`ListOptions.meta.k8s.io "" is invalid: ${message}`);
  });
});
