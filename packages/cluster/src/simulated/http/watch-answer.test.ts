import { describe, expect, it } from 'vitest';
import type { ConfigMap } from '../../model/kinds.ts';
import { CONFIG_MAPS } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { createHandler } from './handler.ts';

const WATCH = 'http://cluster/api/v1/namespaces/default/configmaps?watch=true';

function settings(name: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } };
}

async function start(query: string, headers: Record<string, string> = {}) {
  const cluster = new SimulatedCluster();
  cluster.clock.advance(1000);
  const revision = cluster.api.store.revision;
  const handle = createHandler(cluster);
  const from = cluster.api.store.revision;
  const response = await handle(new Request(`${WATCH}&resourceVersion=${from}${query}`, { headers }));
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const next = async () => {
    const { done, value } = await reader.read();
    return done
      ? undefined
      : (JSON.parse(new TextDecoder().decode(value)) as { type: string; object: Record<string, unknown> });
  };
  return { cluster, reader, next, revision, response };
}

describe('watchAnswer', () => {
  it('sends one line for each event, also of events that come at once', async () => {
    const { cluster, next, response } = await start('');
    expect(response.headers.get('content-type')).toBe('application/json');
    const first = next();
    cluster.api.create(CONFIG_MAPS, settings('a'));
    cluster.api.delete(CONFIG_MAPS, 'default', 'a');
    cluster.api.create(CONFIG_MAPS, settings('b'));
    expect((await first)?.type).toBe('ADDED');
    expect((await next())?.type).toBe('DELETED');
    expect(await next()).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'b' } } });
  });

  it('ends after its time', async () => {
    const { cluster, next } = await start('&timeoutSeconds=10');
    const end = next();
    cluster.clock.advance(10_000);
    expect(await end).toBeUndefined();
  });

  it('lets go of everything when the client goes', async () => {
    const { cluster, reader, next } = await start('&allowWatchBookmarks=true');
    const before = cluster.clock.waiting;
    const pending = next();
    await reader.cancel();
    expect(await pending).toBeUndefined();
    expect(cluster.clock.waiting).toBeLessThan(before);
  });

  it('ends for a client that takes nothing, instead of keeping all that happens', async () => {
    const { cluster, next } = await start('');
    const made = cluster.api.create(CONFIG_MAPS, settings('a'));
    for (let at = 0; at < 10_050; at++)
      cluster.api.change(CONFIG_MAPS, 'default', 'a', (one) => ({ ...one, data: { at: String(at) } }));
    let events = 0;
    for (let event = await next(); event !== undefined; event = await next()) events++;
    expect(events).toBeLessThanOrEqual(10_001);
    expect(made.metadata.name).toBe('a');
  });

  it('sends tables whose columns only the first tells', async () => {
    const { cluster, next } = await start('', {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    cluster.api.create(CONFIG_MAPS, settings('a'));
    cluster.api.create(CONFIG_MAPS, settings('b'));
    expect(await next()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Table', columnDefinitions: [{ name: 'Name' }, {}, {}], rows: [{ cells: ['a', 0, '0s'] }] },
    });
    expect(await next()).toMatchObject({ object: { columnDefinitions: null, rows: [{ cells: ['b', 0, '0s'] }] } });
  });

  it('says that a revision is forgotten', async () => {
    const cluster = new SimulatedCluster();
    for (let at = 0; at < 100_010; at++)
      cluster.api.store.put(CONFIG_MAPS, { ...settings('a'), data: { at: String(at) } });
    const response = await createHandler(cluster)(new Request(`${WATCH}&resourceVersion=2`));
    expect(JSON.parse((await response.text()).trim())).toMatchObject({
      type: 'ERROR',
      object: { code: 410, reason: 'Expired' },
    });
  });
});
