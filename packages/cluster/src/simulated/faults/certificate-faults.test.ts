import { describe, expect, it } from 'vitest';
import { INGRESSES, SECRETS } from '../api/built-in-types.ts';
import {
  CERTIFICATE_REQUESTS,
  CERTIFICATES,
  CLUSTER_ISSUERS,
  MANAGED_CERTIFICATES,
} from '../controllers/certificates/certificate-kinds.ts';
import { Symptoms } from './symptoms.suite.ts';

const DAY = 86_400_000;
const ISSUER = 'letsencrypt-production';

/** What the conditions of the Certificate and its request say. */
function conditionsOf({ cluster: { api } }: Symptoms) {
  const readyOf = (one: { readonly status?: { readonly conditions?: readonly object[] } } | undefined) => {
    const conditions = (one?.status?.conditions ?? []) as readonly Readonly<Record<string, string>>[];
    const { status, reason, message } = conditions.find(({ type }) => type === 'Ready') ?? {};
    return { status, reason, message };
  };
  return {
    certificate: readyOf(api.store.get(CERTIFICATES, 'shop', 'storefront-tls')),
    request: readyOf(api.store.get(CERTIFICATE_REQUESTS, 'shop', 'storefront-tls-1')),
    issuer: readyOf(api.store.get(CLUSTER_ISSUERS, '', ISSUER)),
  };
}

describe('faults of certificates', () => {
  it.each([
    ['certificate-expiring', { days: 5 }, 5],
    ['certificate-expired', { days: 2 }, -2],
  ])('%s: the Secret of an Ingress holds one with few days left', (kind, parameters, days) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront', parameters });
    const { cluster, fault } = symptoms;
    expect(cluster.api.store.get(INGRESSES, 'shop', 'storefront')?.spec?.tls).toEqual([
      { hosts: ['shop.example.com'], secretName: 'storefront-tls' },
    ]);
    expect(cluster.api.store.get(SECRETS, 'shop', 'storefront-tls')?.type).toBe('kubernetes.io/tls');
    const facts = cluster.certificates.ofSecret('shop', 'storefront-tls');
    expect(facts?.names).toEqual(['shop.example.com']);
    expect((facts?.notAfterAt ?? 0) - fault.at).toBe(days * DAY);
    expect(cluster.surroundings.certificates).toContainEqual(facts);
    symptoms.repair();
    expect(fault.isGone?.(cluster)).toBe(true);
  });

  it.each([
    [
      'certificate-issuer-missing',
      {
        reason: 'Pending',
        message: `Referenced "ClusterIssuer" not found: clusterissuer.cert-manager.io "${ISSUER}" not found`,
      },
    ],
    [
      'certificate-issuer-not-ready',
      { reason: 'Pending', message: 'Referenced issuer does not have a Ready status condition' },
    ],
    [
      'certificate-issuer-refuses',
      {
        reason: 'Failed',
        message: expect.stringMatching(
          /^Failed to wait for order resource "storefront-tls-1-\d+" to become ready: order is in "errored" state: Failed to create Order: 429 urn:ietf:params:acme:error:rateLimited: too many certificates/,
        ) as string,
      },
    ],
    [
      'certificate-challenge-fails',
      {
        reason: 'Pending',
        message: expect.stringMatching(
          /^Waiting on certificate issuance from order shop\/storefront-tls-1-\d+: "pending"$/,
        ) as string,
      },
    ],
  ])('%s: the request waits or has failed, and the Certificate is not ready', (kind, request) => {
    const symptoms = new Symptoms(kind, { target: 'shop/storefront' });
    const found = conditionsOf(symptoms);
    expect(found.certificate).toEqual({
      ...{ status: 'False', reason: 'DoesNotExist' },
      message: 'Issuing certificate as Secret does not exist',
    });
    expect(found.request).toEqual({ status: 'False', ...request });
    symptoms.repair(3 * 3_600_000);
    expect(conditionsOf(symptoms).certificate.status).toBe('True');
  });

  it('certificate-issuer-not-ready: the issuer says why', () => {
    const symptoms = new Symptoms('certificate-issuer-not-ready', { target: 'shop/storefront' });
    expect(conditionsOf(symptoms).issuer).toEqual({
      status: 'False',
      reason: 'ErrRegisterACMEAccount',
      message:
        'Failed to register ACME account: 400 urn:ietf:params:acme:error:invalidContact: Error creating new account :: contact email has forbidden domain "example.com"',
    });
  });

  it.each([
    ['FailedNotVisible', 'Provisioning'],
    ['FailedCaaChecking', 'Provisioning'],
    ['FailedCaaForbidden', 'ProvisioningFailed'],
    ['FailedRateLimited', 'Provisioning'],
  ])('managed-certificate-failed by %s: its domain says so', (failure, certificateStatus) => {
    const symptoms = new Symptoms('managed-certificate-failed', { target: 'shop/storefront', parameters: { failure } });
    const { api } = symptoms.cluster;
    expect(api.store.get(MANAGED_CERTIFICATES, 'shop', 'storefront-certificate')?.status).toMatchObject({
      certificateStatus,
      domainStatus: [{ domain: 'shop.example.com', status: failure }],
    });
    expect(api.store.get(INGRESSES, 'shop', 'storefront')?.metadata.annotations).toMatchObject({
      'networking.gke.io/managed-certificates': 'storefront-certificate',
    });
  });
});
