import { describe, expect, it } from 'vitest';
import { CONFIG_MAPS, NAMESPACES, SERVICE_ACCOUNTS } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';

function cluster() {
  const { api, clock } = new SimulatedCluster();
  api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  clock.advance(1000);
  return { api, clock };
}

describe('serviceAccountController', () => {
  it('makes the default account in each namespace, and makes it again', () => {
    const { api, clock } = cluster();
    for (const namespace of ['default', 'kube-system', 'shop']) api.get(SERVICE_ACCOUNTS, namespace, 'default');
    const first = api.delete(SERVICE_ACCOUNTS, 'shop', 'default');
    clock.advance(1000);
    expect(api.get(SERVICE_ACCOUNTS, 'shop', 'default').metadata.uid).not.toBe(first.metadata.uid);
  });
});

describe('rootCaController', () => {
  it('publishes the certificate in each namespace, and repairs it', () => {
    const { api, clock } = cluster();
    const made = api.get(CONFIG_MAPS, 'shop', 'kube-root-ca.crt');
    expect(made.data?.['ca.crt']).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
    expect(made.metadata.annotations?.['kubernetes.io/description']).toMatch(/^Contains a CA bundle /);
    api.update(CONFIG_MAPS, { ...made, data: { 'ca.crt': 'other' } });
    clock.advance(1000);
    expect(api.get(CONFIG_MAPS, 'shop', 'kube-root-ca.crt').data).toEqual(made.data);
    api.delete(CONFIG_MAPS, 'shop', 'kube-root-ca.crt');
    clock.advance(1000);
    expect(api.get(CONFIG_MAPS, 'shop', 'kube-root-ca.crt').data).toEqual(made.data);
  });

  it('makes nothing in a namespace that is going', () => {
    const { api, clock } = cluster();
    api.changeStatus(NAMESPACES, '', 'shop', (one) => ({ ...one, status: { phase: 'Terminating' } }));
    api.delete(CONFIG_MAPS, 'shop', 'kube-root-ca.crt');
    clock.advance(1000);
    expect(api.store.get(CONFIG_MAPS, 'shop', 'kube-root-ca.crt')).toBeUndefined();
  });
});
