import { describe, expect, it } from 'vitest';
import type { ConfigMap, Deployment } from '../../model/kinds.ts';
import { ControlLoop } from '../controllers/controller.ts';
import { newCluster } from '../simulated-cluster.suite.ts';
import { CONFIG_MAPS, DEPLOYMENTS } from './built-in-types.ts';

const settings: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { mode: 'fast' },
};
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  },
} as Deployment;

describe('ApiServer', () => {
  it('gives new objects a uid, a time, a revision and a generation', () => {
    const { api } = newCluster();
    const made = api.create(DEPLOYMENTS, { ...web, status: { replicas: 7 } });
    expect(made.metadata).toMatchObject({ generation: 1, creationTimestamp: '2025-01-01T00:00:00Z' });
    expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(made.status).toEqual({});
    expect(api.get(DEPLOYMENTS, 'shop', 'web')).toEqual(made);
  });

  it('refuses a second object of the same name, and one that is not there', () => {
    const { api } = newCluster();
    api.create(CONFIG_MAPS, settings);
    expect(() => api.create(CONFIG_MAPS, settings)).toThrow('configmaps "settings" already exists');
    expect(() => api.get(DEPLOYMENTS, 'shop', 'web')).toThrow('deployments.apps "web" not found');
  });

  it('refuses a write to what has changed since it was read', () => {
    const { api } = newCluster();
    const read = api.create(CONFIG_MAPS, settings);
    api.update(CONFIG_MAPS, { ...read, data: { mode: 'slow' } });
    expect(() => api.update(CONFIG_MAPS, { ...read, data: { mode: 'other' } })).toThrow(
      'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  it('counts generations of what is wanted, not of what is', () => {
    const { api } = newCluster();
    api.create(DEPLOYMENTS, web);
    const scaled = api.change(
      DEPLOYMENTS,
      'shop',
      'web',
      (one) => ({ ...one, spec: { ...web.spec, replicas: 3 } }) as Deployment,
    );
    expect(scaled.metadata.generation).toBe(2);
    const reported = api.changeStatus(
      DEPLOYMENTS,
      'shop',
      'web',
      (one) => ({ ...one, spec: undefined, status: { replicas: 3 } }) as never,
    );
    expect(reported).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 }, status: { replicas: 3 } });
  });

  it('writes nothing where nothing changes, and nothing on a dry run', () => {
    const { api } = newCluster();
    const made = api.create(CONFIG_MAPS, settings);
    expect(api.update(CONFIG_MAPS, made).metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    api.update(CONFIG_MAPS, { ...made, data: {} }, { dryRun: true });
    api.delete(CONFIG_MAPS, 'shop', 'settings', { dryRun: true });
    expect(api.get(CONFIG_MAPS, 'shop', 'settings')).toEqual(made);
  });

  it('keeps what finalizers hold until the last one is gone', () => {
    const { api } = newCluster();
    api.create(CONFIG_MAPS, { ...settings, metadata: { ...settings.metadata, finalizers: ['example.com/hold'] } });
    const marked = api.delete(CONFIG_MAPS, 'shop', 'settings');
    expect(marked.metadata).toMatchObject({ deletionTimestamp: '2025-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });
    api.update(CONFIG_MAPS, { ...marked, metadata: { ...marked.metadata, finalizers: [] } });
    expect(() => api.get(CONFIG_MAPS, 'shop', 'settings')).toThrow('not found');
  });
});

describe('ControlLoop', () => {
  it('looks at each changed key once, and again later when it was refused', () => {
    const { api, clock } = newCluster();
    const looks: { key: string; at: number }[] = [];
    const startAt = clock.now;
    const controller = {
      name: 'test',
      keysOf: ({ object }: { object: { metadata: { name: string } } }) =>
        object.metadata.name === 'settings' ? ['settings'] : [],
      reconcile: (key: string) => {
        looks.push({ key, at: clock.now - startAt });
        if (looks.length < 3) api.get(CONFIG_MAPS, 'shop', 'absent');
        return undefined;
      },
    };
    const loop = new ControlLoop(controller, api.store, clock);
    const made = api.create(CONFIG_MAPS, settings);
    api.update(CONFIG_MAPS, { ...made, data: {} });
    clock.advance(60_000);
    expect(looks).toEqual([
      { key: 'settings', at: 5 },
      { key: 'settings', at: 15 },
      { key: 'settings', at: 30 },
    ]);
    loop.stop();
  });
});
