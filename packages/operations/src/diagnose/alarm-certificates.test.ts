/** Failing certificates, against the whole catalogue: each fault once, by the rule that is for it. */
import type { CertificateFacts } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { brief, condition, DAY, findingsIn, NOW, object } from './scene.suite.ts';

const day = 86_400_000;
const now = Date.parse(NOW);
const secret = (more: Partial<CertificateFacts>): CertificateFacts => ({
  source: { kind: 'secret', ref: { group: '', kind: 'Secret', namespace: 'shop', name: 'tls' } },
  subject: 'CN=shop.example.com',
  issuer: 'CN=Authority',
  serialNumber: '01',
  names: ['shop.example.com'],
  notBeforeAt: now - 60 * day,
  notAfterAt: now + 300 * day,
  expectedHosts: [],
  chainError: undefined,
  ...more,
});
const certificate = (status: object) =>
  object('cert-manager.io/v1', 'Certificate', 'shop', {
    spec: { secretName: 'tls', issuerRef: { name: 'ca' } },
    status,
  });
const issuer = (status: 'True' | 'False') =>
  object('cert-manager.io/v1', 'Issuer', 'ca', {
    status: {
      conditions: [condition('Ready', status, DAY, { reason: 'ErrGetKeyPair', message: 'Secret "ca" not found' })],
    },
  });
const notReady = { conditions: [condition('Ready', 'False', DAY, { reason: 'DoesNotExist', message: 'why' })] };
const managed = (status: object) =>
  object('networking.gke.io/v1', 'ManagedCertificate', 'shop', { spec: { domains: ['shop.example.com'] }, status });
const domain = (status: string) => [{ domain: 'shop.example.com', status }];

describe('one finding for one fault', () => {
  it.each<[string, readonly unknown[], readonly CertificateFacts[], readonly string[]]>([
    ['expired', [], [secret({ notAfterAt: now - day })], ['high certificate-expired tls']],
    ['about to expire', [], [secret({ notAfterAt: now + 3 * day })], ['high certificate-expiring tls']],
    ['not valid yet', [], [secret({ notBeforeAt: now + day })], ['high certificate-not-yet-valid tls']],
    ['a strange key', [], [secret({ keyMatches: false })], ['high certificate-key-mismatch tls']],
    ['a gap', [], [secret({ chainError: 'the chain has a gap' })], ['high certificate-chain-broken tls']],
    ['never issued', [issuer('True'), certificate(notReady)], [], ['high certificate-not-ready shop']],
    [
      'never issued, for want of an issuer',
      [issuer('False'), certificate(notReady)],
      [],
      ['high certificate-issuer-not-ready ca', 'high certificate-not-ready shop'],
    ],
    ...['FailedNotVisible', 'FailedCaaChecking', 'FailedCaaForbidden', 'FailedRateLimited'].map(
      (status): [string, readonly unknown[], readonly CertificateFacts[], readonly string[]] => [
        status,
        [managed({ certificateStatus: 'Provisioning', domainStatus: domain(status) })],
        [],
        ['high managed-certificate-failed shop'],
      ],
    ),
    ...['ProvisioningFailed', 'ProvisioningFailedPermanently', 'RenewalFailed'].map(
      (status): [string, readonly unknown[], readonly CertificateFacts[], readonly string[]] => [
        status,
        [managed({ certificateStatus: status })],
        [],
        ['high managed-certificate-failed shop'],
      ],
    ),
  ])('%s', (_, objects, certificates, expected) => {
    expect(brief(findingsIn(objects, { certificates }))).toEqual(expected);
  });
});
