import { describe, expect, it } from 'vitest';
import {
  ingressOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  deploymentOf,
  serviceOf,
} from '../../network/network-scene.suite.ts';
import { fixIssuer } from '../fix-issuer/fix-issuer.ts';
import { fixTlsSecret } from '../fix-tls-secret/fix-tls-secret.ts';
import { likeness, likest } from '../../network/likeness.ts';
import { pointerOf } from '../../network/json-pointer.ts';

type Fields = Readonly<Record<string, unknown>>;

function definition(group: string, plural: string, kind: string, scope: 'Namespaced' | 'Cluster'): Fields {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope, names: { plural, kind, singular: kind.toLowerCase() } },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

const KINDS = [
  definition('cert-manager.io', 'certificates', 'Certificate', 'Namespaced'),
  definition('cert-manager.io', 'clusterissuers', 'ClusterIssuer', 'Cluster'),
];

function ready(status: 'True' | 'False', reason = 'Ready') {
  return { conditions: [{ type: 'Ready', status, reason, lastTransitionTime: '2025-01-01T00:00:00Z' }] };
}

function issuer(name: string, state: 'True' | 'False' = 'True', spec: Fields = { acme: { server: 'x' } }): Fields {
  return { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name }, spec, status: ready(state) };
}

function certificate(asked: string): Fields {
  return {
    ...{ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'web-tls', namespace: 'shop' } },
    spec: {
      ...{ secretName: 'web-tls', dnsNames: ['web.example.com'] },
      issuerRef: { name: asked, kind: 'ClusterIssuer', group: 'cert-manager.io' },
    },
    status: ready('False', 'DoesNotExist'),
  };
}

function issuersFor(asked: string, ...issuers: readonly Fields[]) {
  const scene = sceneOf([namespaceOf('shop'), ...KINDS]);
  for (const object of [...issuers, certificate(asked)]) scene.create(object);
  scene.wait(60);
  const { remedies } = proposedFor(scene.observe(), fixIssuer);
  const [first] = remedies;
  const [change] = first?.drafts[0]?.changes ?? [];
  return change?.kind === 'patch' && change.patch.type === 'merge' ? change.patch.patch : change?.kind;
}

describe('fix-issuer', () => {
  it('names the ready issuer of the likest name in place of one that does not exist', () => {
    expect(issuersFor('letsencrypt-prodution', issuer('letsencrypt-production'), issuer('internal'))).toEqual({
      spec: { issuerRef: { name: 'letsencrypt-production', kind: 'ClusterIssuer', group: 'cert-manager.io' } },
    });
  });

  it('leaves it to a person where no issuer is ready', () => {
    expect(issuersFor('letsencrypt')).toBe('manual');
  });

  it('leaves it to a person where nothing tells which of several was meant', () => {
    expect(issuersFor('letsencrypt', issuer('one'), issuer('two'))).toBe('manual');
  });
});

describe('fix-tls-secret', () => {
  it('makes no keys up', () => {
    const front: Fields = {
      ...ingressOf('front', 'web.example.com', { name: 'web', port: { number: 80 } }),
    };
    const spec = { ...(front['spec'] as Fields), tls: [{ hosts: ['web.example.com'], secretName: 'web-tls' }] };
    const scene = sceneOf([namespaceOf('shop'), deploymentOf('web'), serviceOf('web'), { ...front, spec }]);
    const { remedies } = proposedFor(scene.observe(), fixTlsSecret);
    expect(remedies.flatMap(({ drafts }) => drafts.flatMap(({ changes }) => changes.map(({ kind }) => kind)))).toEqual([
      'manual',
    ]);
    expect(remedies[0]?.fit).toBeLessThan(0.5);
  });
});

describe('likeness of names', () => {
  it.each([
    ['web-svc', 'web', true],
    ['letsencrypt-prodution', 'letsencrypt-production', true],
    ['cart', 'billing', false],
    ['a', 'ab', false],
  ])('of %s and %s', (a, b, isAlike) => {
    expect(likeness(a, b) > 0).toBe(isAlike);
    expect(likeness(b, a)).toBe(likeness(a, b));
  });

  it('chooses none of two that are alike in the same way', () => {
    expect(likest('cart-api', ['cart-apa', 'cart-apo'], (name) => name)).toBeUndefined();
  });
});

it('writes paths as JSON pointers', () => {
  expect(pointerOf('spec.rules[0].http.paths[1].backend')).toBe('/spec/rules/0/http/paths/1/backend');
});
