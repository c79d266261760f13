import { describe, expect, it } from 'vitest';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { deleteService } from './delete-service.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A load balancer that waits, whose selector nothing matches, on a cloud without a free address. */
function scene(...more: readonly Fields[]) {
  const balancer = (name: string, app: string) => serviceOf(name, { type: 'LoadBalancer', selector: { app } });
  const shop = sceneOf([namespaceOf('shop'), deploymentOf('web'), balancer('web', 'web'), ...more], {
    limits: { IN_USE_ADDRESSES: 1 },
  });
  shop.create(balancer('legacy-import', 'zzz-retired'));
  shop.wait(30);
  return shop;
}

function configMap(value: string, namespace = 'shop'): Fields {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data: { app: value } };
}

describe('delete-service', () => {
  it('deletes what leads nowhere, and leaves the way that is used', () => {
    const { strategy, held } = strategyFor(scene().observe());
    expect(held).toContainEqual(expect.stringMatching(/^delete-service:.*legacy-import/));
    expect(strategy.rehearsal?.after.loadBalancers).toBe(1);
    expect(strategy.rehearsal?.remaining.map(({ id }) => id).join()).not.toContain('legacy-import');
  });

  it.each<[string, Fields]>([
    ['an environment', deploymentOf('job', { env: [{ name: 'IMPORT_URL', value: 'http://legacy-import:80/in' }] })],
    ['a ConfigMap of its namespace', configMap('upstream: legacy-import')],
    ['a ConfigMap elsewhere, with its namespace', configMap('http://legacy-import.shop.svc:80', 'default')],
  ])('refuses where %s names it', (_place, named) => {
    expect(proposedFor(scene(named).observe(), deleteService).remedies).toEqual([]);
  });

  it('does not take the name of another namespace for its own', () => {
    const { remedies } = proposedFor(scene(configMap('http://legacy-import.other.svc:80')).observe(), deleteService);
    expect(remedies).toHaveLength(1);
  });
});
