import { describe, expect, it } from 'vitest';
import type { ConfigMap } from '../../../model/kinds.ts';
import { CONFIG_MAPS, NAMESPACES } from '../../api/built-in-types.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import { controllerRefTo } from '../claim.ts';

function shop() {
  const { api, clock } = new SimulatedCluster();
  api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const make = (name: string, ...owners: readonly ConfigMap[]) =>
    api.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'shop', ownerReferences: owners.map(referenceTo) },
    });
  const own = (object: ConfigMap, ...owners: readonly ConfigMap[]) =>
    api.change(CONFIG_MAPS, 'shop', object.metadata.name, (one) => ({
      ...one,
      metadata: { ...one.metadata, ownerReferences: owners.map(referenceTo) },
    }));
  const names = () =>
    api
      .list(CONFIG_MAPS, { namespace: 'shop', fieldSelector: 'metadata.name!=kube-root-ca.crt' })
      .items.map(({ metadata }) => metadata.name);
  return { api, clock, make, own, names };
}

function referenceTo(owner: ConfigMap) {
  return { ...controllerRefTo(owner, CONFIG_MAPS), controller: false };
}

describe('garbageCollector', () => {
  it('deletes those who own each other in the foreground, although each waits for the other', () => {
    const { api, clock, make, own, names } = shop();
    const a = make('a');
    own(a, make('b', a));
    clock.advance(1000);
    expect(names()).toEqual(['a', 'b']);
    api.delete(CONFIG_MAPS, 'shop', 'a', { propagationPolicy: 'Foreground' });
    clock.advance(60_000);
    expect(names()).toEqual([]);
  });

  it('goes down in the foreground, and the owner last', () => {
    const { api, clock, make, names } = shop();
    const a = make('a');
    const b = make('b', a);
    make('c', b);
    const gone: string[] = [];
    api.store.listen(({ kind, object }) => {
      if (kind === 'DELETED') gone.push(object.metadata.name);
    });
    api.delete(CONFIG_MAPS, 'shop', 'a', { propagationPolicy: 'Foreground' });
    clock.advance(60_000);
    expect(names()).toEqual([]);
    expect(gone).toEqual(['c', 'b', 'a']);
  });

  it('deletes what loses its last owner by a change', () => {
    const { clock, api, make, own, names } = shop();
    const a = make('a');
    const b = make('b');
    api.delete(CONFIG_MAPS, 'shop', 'b');
    own(make('c', a), b);
    clock.advance(1000);
    expect(names()).toEqual(['a']);
  });

  it('leaves alone what is owned by a kind that nobody serves', () => {
    const { api, clock, names } = shop();
    const owner = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: '1' };
    api.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'shop', ownerReferences: [owner] },
    });
    clock.advance(60_000);
    expect(names()).toEqual(['a']);
  });
});
