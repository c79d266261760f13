import { describe, expect, it } from 'vitest';
import type { Pod } from '../../model/kinds.ts';
import { PODS } from '../api/built-in-types.ts';
import { podsOnNode, selectedPods } from './object-index.ts';
import { ObjectStore } from './object-store.ts';

function pod(name: string, labels: Record<string, string>, nodeName?: string): Pod {
  const spec = nodeName === undefined ? { containers: [] } : { containers: [], nodeName };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', uid: `uid-${name}`, labels }, spec };
}

const namesOf = (pods: Iterable<Pod>) => [...pods].map(({ metadata }) => metadata.name);

describe('selectedPods', () => {
  it('follows pods as they come, change and go', () => {
    const store = new ObjectStore(() => 0);
    const web = { matchLabels: { app: 'web' } };
    store.put(PODS, pod('a', { app: 'web', tier: 'front' }));
    expect(namesOf(selectedPods(store, 'shop', web))).toEqual(['a']);
    store.put(PODS, pod('b', { app: 'web' }));
    expect(namesOf(selectedPods(store, 'shop', web))).toEqual(['a', 'b']);
    expect(namesOf(selectedPods(store, 'shop', { matchLabels: { app: 'web', tier: 'front' } }))).toEqual(['a']);
    store.put(PODS, pod('a', { app: 'db' }));
    expect(namesOf(selectedPods(store, 'shop', web))).toEqual(['b']);
    store.remove(PODS, 'shop', 'b');
    expect(namesOf(selectedPods(store, 'shop', web))).toEqual([]);
  });

  it('selects by expressions, everything by an empty selector, and nothing by none', () => {
    const store = new ObjectStore(() => 0);
    store.put(PODS, pod('a', { app: 'web' }));
    store.put(PODS, pod('b', { app: 'db' }));
    const notWeb = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] };
    expect(namesOf(selectedPods(store, 'shop', notWeb))).toEqual(['b']);
    expect(namesOf(selectedPods(store, 'shop', {}))).toEqual(['a', 'b']);
    expect(namesOf(selectedPods(store, 'shop', undefined))).toEqual([]);
    expect(namesOf(selectedPods(store, 'other', { matchLabels: { app: 'web' } }))).toEqual([]);
  });
});

describe('podsOnNode', () => {
  it('finds a pod from its binding on, as it is now', () => {
    const store = new ObjectStore(() => 0);
    store.put(PODS, pod('a', {}));
    expect(namesOf(podsOnNode(store, 'node-1'))).toEqual([]);
    store.put(PODS, pod('a', {}, 'node-1'));
    store.put(PODS, pod('a', { app: 'web' }, 'node-1'));
    expect([...podsOnNode(store, 'node-1')]).toMatchObject([{ metadata: { labels: { app: 'web' } } }]);
  });
});
