import { describe, expect, it } from 'vitest';
import { namespaceOf, proposedFor, sceneOf } from '../../network/network-scene.suite.ts';
import { createIssuer } from './create-issuer.ts';

const GROUP = 'cert-manager.io';

function definition(plural: string, kind: string, scope: string) {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      ...{ group: GROUP, scope, names: { plural, kind, singular: kind.toLowerCase() } },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

function serverFor(issuer: string, host = 'web.example.com'): unknown {
  const scene = sceneOf([
    namespaceOf('shop'),
    definition('certificates', 'Certificate', 'Namespaced'),
    definition('clusterissuers', 'ClusterIssuer', 'Cluster'),
  ]);
  scene.create({
    ...{ apiVersion: `${GROUP}/v1`, kind: 'Certificate', metadata: { name: 'web-tls', namespace: 'shop' } },
    spec: {
      ...{ secretName: 'web-tls', dnsNames: [host] },
      issuerRef: { name: issuer, kind: 'ClusterIssuer', group: GROUP },
    },
    status: {
      conditions: [
        { type: 'Ready', status: 'False', reason: 'DoesNotExist', lastTransitionTime: '2025-01-01T00:00:00Z' },
      ],
    },
  });
  scene.wait(60);
  const [change] = proposedFor(scene.observe(), createIssuer).remedies[0]?.drafts[0]?.changes ?? [];
  const { spec } = (change?.kind === 'create' ? change.object : {}) as { spec?: { acme?: { server?: string } } };
  return spec?.acme?.server;
}

describe('create-issuer', () => {
  it.each([
    ['letsencrypt-production', 'https://acme-v02.api.letsencrypt.org/directory'],
    ['letsencrypt-staging', 'https://acme-staging-v02.api.letsencrypt.org/directory'],
    ['le', 'https://acme-v02.api.letsencrypt.org/directory'],
    ['public-ca', undefined],
    ['vault', undefined],
  ])('for %s', (name, server) => {
    expect(serverFor(name)).toBe(server);
  });

  it('refuses for hosts that no public authority reaches', () => {
    expect(serverFor('letsencrypt', 'web.shop.svc.cluster.local')).toBeUndefined();
  });
});
