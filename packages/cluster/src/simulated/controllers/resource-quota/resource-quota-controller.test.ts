import { describe, expect, it } from 'vitest';
import type { KindMap, Pod, ResourceQuota } from '../../../model/kinds.ts';
import { PODS, RESOURCE_QUOTAS, SERVICES } from '../../api/built-in-types.ts';
import { createRandom, drawInteger } from '../../clock/random.ts';
import { newCluster } from '../../simulated-cluster.suite.ts';
import { QuotaTally } from './quota-tally.ts';

const HARD = {
  pods: '100',
  'requests.cpu': '100',
  'limits.memory': '100Gi',
  services: '100',
  'services.nodeports': '100',
  'count/pods': '1k',
};

function quota(): ResourceQuota {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'all', namespace: 'shop' },
    spec: { hard: HARD },
  };
}

function pod(name: string, cpu: string): Pod {
  const resources = { requests: { cpu }, limits: { cpu, memory: '64Mi' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [{ name: 'app', image: 'app:1', resources }] },
  };
}

function service(name: string, type: string): KindMap['Service'] {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { type, selector: { app: name }, ports: [{ port: 80 }] },
  };
}

describe('resource quotas', () => {
  it.each(['a', 'b', 'c'])('say after any changes what a count from the beginning says (%s)', (seed) => {
    const { api, clock } = newCluster();
    api.create(RESOURCE_QUOTAS, quota());
    clock.advance(1000);
    const random = createRandom(seed);
    const some = () => `x-${drawInteger(random, 0, 9)}`;
    const steps = [
      () => api.create(PODS, pod(some(), `${drawInteger(random, 1, 900)}m`)),
      () => api.delete(PODS, 'shop', some(), { gracePeriodSeconds: 0 }),
      () =>
        api.changeStatus(PODS, 'shop', some(), (one) => ({ ...one, status: { ...one.status, phase: 'Succeeded' } })),
      () => api.create(SERVICES, service(some(), random.next() < 0.5 ? 'NodePort' : 'ClusterIP')),
      () => api.delete(SERVICES, 'shop', some()),
      () => clock.advance(100),
    ];
    for (let i = 0; i < 200; i++) {
      try {
        steps[drawInteger(random, 0, steps.length - 1)]?.();
      } catch (error) {
        // Names that are taken or not there are part of any sequence.
        expect(String(error)).toMatch(/already exists|not found/);
      }
    }
    clock.advance(1000);
    const now = api.get(RESOURCE_QUOTAS, 'shop', 'all');
    expect(now.status?.used).toEqual(new QuotaTally(now, api.store, api.types).used);
    expect(now.status?.hard).toEqual(HARD);
  });

  it('let nothing in beyond what is limited, however many ask at once', () => {
    const { api, clock } = newCluster();
    api.create(RESOURCE_QUOTAS, { ...quota(), spec: { hard: { pods: '3' } } });
    clock.advance(1000);
    const refusals = Array.from({ length: 5 }, (_, at) => {
      try {
        api.create(PODS, pod(`x-${at}`, '1'));
        return '';
      } catch (error) {
        return String(error);
      }
    });
    expect(
      refusals.filter((text) => text.includes('exceeded quota: all, requested: pods=1, used: pods=3')),
    ).toHaveLength(2);
    expect(api.store.count(PODS, 'shop')).toBe(3);
  });

  it('take nothing for a dry run', () => {
    const { api, clock } = newCluster();
    api.create(RESOURCE_QUOTAS, quota());
    clock.advance(1000);
    api.create(PODS, pod('x', '1'), { dryRun: true });
    expect(api.get(RESOURCE_QUOTAS, 'shop', 'all').status?.used).toMatchObject({ pods: '0' });
  });
});
