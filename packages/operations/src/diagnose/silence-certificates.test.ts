/** Healthy clusters full of certificates, against the whole catalogue. */
import type { CertificateFacts } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { ago, condition, DAY, deployment, findingsIn, NOW, object, pod, replicaSet, service } from './scene.suite.ts';

const now = Date.parse(NOW);
const days = (count: number) => now + count * 86_400_000;
const secret = (name: string, more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  source: { kind: 'secret', ref: { group: '', kind: 'Secret', namespace: 'shop', name } },
  subject: `CN=${name}`,
  issuer: 'CN=R11, O=Example Authority',
  serialNumber: name,
  names: ['shop.example.com', '*.shop.example.com'],
  notBeforeAt: days(-20),
  notAfterAt: days(70),
  expectedHosts: [],
  chainError: undefined,
  fingerprint: `print-${name}`,
  isAuthority: false,
  chain: [{ subject: 'CN=R11, O=Example Authority', issuer: 'CN=Root', notAfterAt: days(900) }],
  keyMatches: true,
  ...more,
});
const bundle = (kind: string, name: string, more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  ...secret(name),
  source: {
    kind: 'ca-bundle',
    ref: { group: 'admissionregistration.k8s.io', kind, namespace: '', name },
    path: 'webhooks[0].clientConfig.caBundle',
  },
  names: [],
  isAuthority: true,
  notBeforeAt: days(-400),
  notAfterAt: days(3000),
  ...more,
});
const issued = (name: string, more: object = {}) =>
  object('cert-manager.io/v1', 'Certificate', name, {
    metadata: { uid: `uid-${name}` },
    spec: { secretName: name, dnsNames: ['shop.example.com'], issuerRef: { name: 'le', kind: 'ClusterIssuer' } },
    status: {
      conditions: [condition('Ready', 'True', DAY, { reason: 'Ready' })],
      notAfter: new Date(days(70)).toISOString(),
      renewalTime: new Date(days(40)).toISOString(),
      revision: 3,
      ...more,
    },
  });
const issuer = object('cert-manager.io/v1', 'ClusterIssuer', 'le', {
  metadata: { namespace: undefined },
  status: { conditions: [condition('Ready', 'True', 30 * DAY, { reason: 'ACMEAccountRegistered' })] },
});
const web = [deployment(1, 1), replicaSet('web-1', 1, 1), pod('web-1-a'), service('web')];
const ingress = (name: string, tls: readonly object[], annotations = {}) =>
  object('networking.k8s.io/v1', 'Ingress', name, {
    metadata: { annotations },
    spec: {
      ingressClassName: 'nginx',
      tls,
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } },
  });
const nginx = object('networking.k8s.io/v1', 'IngressClass', 'nginx', {
  metadata: { namespace: undefined },
  spec: { controller: 'k8s.io/ingress-nginx' },
});
const codes = (objects: readonly unknown[], certificates: readonly CertificateFacts[] = []) =>
  findingsIn([...web, nginx, ...objects], { certificates })
    .filter(({ code }) => /certificate|webhook-ca|endpoint-/.test(code))
    .map(({ code, message }) => `${code}: ${message}`);

describe('says nothing of', () => {
  it.each<[string, readonly unknown[], readonly CertificateFacts[]]>([
    [
      'an Ingress with a wildcard certificate that cert-manager keeps',
      [
        issuer,
        issued('tls'),
        ingress('web', [{ hosts: ['shop.example.com', 'a.shop.example.com'], secretName: 'tls' }]),
      ],
      [secret('tls')],
    ],
    [
      'a short-lived certificate that is renewed in time',
      [
        issuer,
        issued('tls', { notAfter: new Date(days(2)).toISOString(), renewalTime: new Date(days(1)).toISOString() }),
      ],
      [secret('tls', { notBeforeAt: days(-1), notAfterAt: days(2) })],
    ],
    [
      'a renewal that has just begun, its request and order pending',
      [
        issuer,
        issued('tls', {
          renewalTime: ago(20),
          conditions: [
            condition('Ready', 'True', DAY, { reason: 'Ready' }),
            condition('Issuing', 'True', 20, { reason: 'Renewing' }),
          ],
        }),
        object('cert-manager.io/v1', 'CertificateRequest', 'tls-4', {
          metadata: {
            ownerReferences: [
              { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', name: 'tls', uid: 'uid-tls', controller: true },
            ],
          },
          status: {
            conditions: [condition('Ready', 'False', 20, { reason: 'Pending', message: 'Waiting for the order' })],
          },
        }),
      ],
      [secret('tls')],
    ],
    [
      'an old request that failed before one that was issued',
      [
        issuer,
        issued('tls'),
        object('cert-manager.io/v1', 'CertificateRequest', 'tls-1', {
          metadata: {
            ownerReferences: [
              { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', name: 'tls', uid: 'uid-tls', controller: true },
            ],
          },
          status: { conditions: [condition('Ready', 'False', 9 * DAY, { reason: 'Failed', message: 'rate limited' })] },
        }),
      ],
      [secret('tls')],
    ],
    [
      'webhooks whose bundles keep the authority before',
      [
        object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'hook', {
          metadata: { namespace: undefined, uid: 'hook' },
          webhooks: [
            {
              name: 'a.example.com',
              failurePolicy: 'Fail',
              clientConfig: { caBundle: 'QUFB', service: { name: 'web', namespace: 'shop' } },
            },
          ],
        }),
      ],
      [
        bundle('MutatingWebhookConfiguration', 'hook'),
        bundle('MutatingWebhookConfiguration', 'hook', { serialNumber: 'old', notAfterAt: days(-5) }),
      ],
    ],
    [
      'a ManagedCertificate that is active and near its automatic renewal',
      [
        object('networking.gke.io/v1', 'ManagedCertificate', 'cert', {
          spec: { domains: ['shop.example.com'] },
          status: {
            certificateStatus: 'Active',
            domainStatus: [{ domain: 'shop.example.com', status: 'Active' }],
            expireTime: '2025-10-12T00:00:00.000-07:00',
          },
        }),
        ingress('web', [], { 'networking.gke.io/managed-certificates': 'cert' }),
      ],
      [
        secret('tls', {
          source: { kind: 'endpoint', host: 'shop.example.com', port: 443 },
          expectedHosts: ['shop.example.com'],
          notBeforeAt: days(-75),
          notAfterAt: days(15),
        }),
      ],
    ],
    [
      'a Secret with a private authority of ten years',
      [],
      [secret('ca', { isAuthority: true, notAfterAt: days(3650) })],
    ],
    [
      'manifests that no cluster has seen',
      [{ ...issued('tls'), metadata: { name: 'tls', namespace: 'shop' }, status: undefined }],
      [],
    ],
  ])('%s', (_, objects, certificates) => {
    expect(codes(objects, certificates)).toEqual([]);
  });
});
