import type { CertificateFacts } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { covers, isInternalHost } from './certificates.ts';
import { brief, deployment, findingsIn, NOW, object } from '../scene.suite.ts';

const DAY = 86_400_000;
const now = Date.parse(NOW);
const certificate = (more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  source: { kind: 'endpoint', host: 'shop.example.com', port: 443 },
  subject: 'CN=shop.example.com',
  issuer: 'CN=Example Issuing CA',
  serialNumber: '01',
  names: ['shop.example.com'],
  notBeforeAt: now - 30 * DAY,
  notAfterAt: now + 60 * DAY,
  expectedHosts: ['shop.example.com'],
  chainError: undefined,
  ...more,
});
const inSecret = (more: Partial<CertificateFacts> = {}) =>
  certificate({
    source: { kind: 'secret', ref: { group: '', kind: 'Secret', namespace: 'shop', name: 'tls' } },
    expectedHosts: [],
    ...more,
  });
const found = (one: CertificateFacts, objects: readonly unknown[] = []) =>
  brief(findingsIn(objects, { certificates: [one] }));
const ingress = (hosts?: readonly string[]) =>
  object('networking.k8s.io/v1', 'Ingress', 'web', {
    spec: { ingressClassName: 'gce', tls: [{ secretName: 'tls', ...(hosts && { hosts }) }] },
  });

describe('covers', () => {
  it.each<[readonly string[], string, boolean]>([
    [['shop.example.com'], 'shop.example.com', true],
    [['Shop.Example.com'], 'shop.example.COM', true],
    [['shop.example.com'], 'shop.example.com.', true],
    [['*.example.com'], 'shop.example.com', true],
    [['*.example.com'], 'example.com', false],
    [['*.example.com'], 'a.shop.example.com', false],
    [['*.example.com'], '*.example.com', true],
    [['sh*.example.com'], 'shop.example.com', false],
    [['10.0.0.7'], '10.0.0.7', true],
    [['*.0.0.7'], '10.0.0.7', false],
    [[], 'shop.example.com', false],
  ])('%j covers %s: %s', (names, host, expected) => {
    expect(covers(certificate({ names }), host)).toBe(expected);
  });
});

it.each([
  ['hook.ops.svc', true],
  ['hook.ops.svc.cluster.local', true],
  ['registry.internal', true],
  ['10.12.0.4', true],
  ['172.20.0.1', true],
  ['172.40.0.1', false],
  ['shop.example.com', false],
  ['34.173.206.6', false],
])('isInternalHost %s: %s', (host, expected) => {
  expect(isInternalHost(host)).toBe(expected);
});

describe('how late', () => {
  const life = (beforeDays: number, leftDays: number) =>
    certificate({ notBeforeAt: now - beforeDays * DAY, notAfterAt: now + leftDays * DAY });
  it.each<[string, CertificateFacts, readonly string[]]>([
    ['90 days, 31 left', life(59, 31), []],
    ['90 days, 20 left', life(70, 20), ['medium certificate-expiring shop.example.com:443']],
    ['90 days, 6 left', life(84, 6), ['high certificate-expiring shop.example.com:443']],
    ['a year, 29 left', life(336, 29), ['medium certificate-expiring shop.example.com:443']],
    ['6 days, 4 left', life(2, 4), []],
    ['6 days, 1 left', life(5, 1), ['medium certificate-expiring shop.example.com:443']],
    ['a day, half of it left', life(0.5, 0.5), []],
    ['a day, 2 hours left', life(0.95, 0.08), ['high certificate-expiring shop.example.com:443']],
    ['expired an hour ago', life(90, -0.04), ['critical certificate-expired shop.example.com:443']],
    ['valid from tomorrow', life(-1, 90), ['critical certificate-not-yet-valid shop.example.com:443']],
  ])('%s', (_, one, expected) => {
    expect(found(one)).toEqual(expected);
  });
  it('says hours where days would be nought', () => {
    expect(findingsIn([], { certificates: [life(90, -0.2)] })[0]?.message).toContain('expired 4 h ago');
  });
});

describe('who meets it', () => {
  const expired = { notAfterAt: now - DAY };
  it.each<[string, readonly unknown[], string]>([
    ['an Ingress serves it', [ingress()], 'critical'],
    ['nothing is known of its users', [], 'high'],
    ['nobody uses it', [deployment(1, 1)], 'medium'],
  ])('%s', (_, objects, severity) => {
    expect(found(inSecret(expired), objects)).toContainEqual(`${severity} certificate-expired tls`);
  });
  it('compares the hosts of an Ingress with the names of its Secret', () => {
    expect(found(inSecret(), [ingress(['shop.example.com'])])).toEqual([]);
    expect(found(inSecret(), [ingress(['www.example.com'])])).toEqual(['high certificate-name-mismatch tls']);
  });
  it('does not take the common name for a name', () => {
    expect(findingsIn([], { certificates: [certificate({ names: [] })] })[0]?.message).toContain(
      'it is for no host at all, only CN=shop.example.com',
    );
  });
  it.each([
    ['shop.example.com', 'high'],
    ['hook.ops.svc', 'low'],
  ])('judges a private authority by who can reach %s', (host, severity) => {
    const one = certificate({
      source: { kind: 'endpoint', host, port: 443 },
      names: [host],
      expectedHosts: [host],
      chainError: 'self-signed certificate in certificate chain',
    });
    expect(found(one)).toEqual([`${severity} certificate-chain-broken ${host}:443`]);
  });
  it('reports expiry and validity once, not again as a broken chain', () => {
    const one = certificate({ notBeforeAt: now + DAY, chainError: 'certificate is not yet valid' });
    expect(found(one)).toEqual(['critical certificate-not-yet-valid shop.example.com:443']);
  });
});

describe('a chain that is read, not probed', () => {
  const issuer = { subject: 'CN=Example Issuing CA', issuer: 'CN=Root', notAfterAt: now + 900 * DAY };
  it.each<[string, Partial<CertificateFacts>, readonly string[]]>([
    ['whose issuer comes along', { chain: [issuer] }, []],
    ['that stands alone', {}, []],
    ['with a gap', { chain: [issuer], chainError: 'the chain has a gap' }, ['high certificate-chain-broken tls']],
    [
      'whose issuer has expired',
      { chain: [{ ...issuer, notAfterAt: now - DAY }] },
      ['high certificate-chain-broken tls'],
    ],
    ['with an expired cross-signed twin', { chain: [{ ...issuer, notAfterAt: now - DAY }, issuer] }, []],
    ['with an expired stranger', { chain: [issuer, { ...issuer, subject: 'CN=Old', notAfterAt: now - DAY }] }, []],
  ])('%s', (_, more, expected) => {
    expect(found(inSecret(more), [ingress(['shop.example.com'])])).toEqual(expected);
  });
});

describe('a Gateway', () => {
  const gateway = (namespace: string, hostname: string | undefined, secretNamespace?: string) =>
    object('gateway.networking.k8s.io/v1', 'Gateway', 'edge', {
      metadata: { namespace },
      spec: {
        listeners: [
          {
            name: 'https',
            port: 443,
            protocol: 'HTTPS',
            ...(hostname !== undefined && { hostname }),
            tls: {
              certificateRefs: [{ name: 'tls', ...(secretNamespace !== undefined && { namespace: secretNamespace }) }],
            },
          },
        ],
      },
    });
  const grant = (secret: string) =>
    object('gateway.networking.k8s.io/v1', 'ReferenceGrant', 'edge', {
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'edge' }],
        to: [{ group: '', kind: 'Secret', name: secret }],
      },
    });
  const mismatch = ['high certificate-name-mismatch tls'];
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['for its name', [gateway('shop', 'shop.example.com')], []],
    ['for another name', [gateway('shop', 'www.example.com')], mismatch],
    ['for every name', [gateway('shop', undefined)], []],
    ['for a wildcard above its name', [gateway('shop', '*.example.com')], []],
    ['for a foreign wildcard', [gateway('shop', '*.example.org')], mismatch],
    ['of another namespace that is allowed', [gateway('edge', 'www.example.com', 'shop'), grant('tls')], mismatch],
    ['of another namespace that is not', [gateway('edge', 'www.example.com', 'shop'), grant('other')], []],
  ])('%s', (_, objects, expected) => {
    expect(found(inSecret(), objects).filter((one) => one.includes(' certificate-'))).toEqual(expected);
  });
});

describe('an Ingress with ManagedCertificates', () => {
  const managed = object('networking.gke.io/v1', 'ManagedCertificate', 'cert', {
    spec: { domains: ['shop.example.com'] },
    status: { certificateStatus: 'Active' },
  });
  const web = (host: string, named = 'cert', more: object = {}) =>
    object('networking.k8s.io/v1', 'Ingress', 'web', {
      metadata: { annotations: { 'networking.gke.io/managed-certificates': named, ...more } },
      spec: { rules: [{ host }] },
    });
  const about = (objects: readonly unknown[]) =>
    brief(findingsIn(objects)).filter((one) => one.includes(' certificate-'));
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['for its host', [managed, web('shop.example.com')], []],
    ['for another host', [managed, web('www.example.com')], ['medium certificate-name-mismatch web']],
    ['one of which was not read', [managed, web('www.example.com', 'cert, other')], []],
    [
      'and certificates of another kind',
      [managed, web('www.example.com', 'cert', { 'ingress.gcp.kubernetes.io/pre-shared-cert': 'old' })],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(about(objects)).toEqual(expected);
  });
});

describe('a certificate that somebody renews', () => {
  const keeper = (renewalMinutes: number, status = 'True') =>
    object('cert-manager.io/v1', 'Certificate', 'web', {
      spec: { secretName: 'tls', issuerRef: { name: 'ca' } },
      status: {
        conditions: [{ type: 'Ready', status, reason: 'Ready', lastTransitionTime: NOW }],
        notAfter: new Date(now + 20 * DAY).toISOString(),
        renewalTime: new Date(now + renewalMinutes * 60_000).toISOString(),
      },
    });
  const expiring = inSecret({ notBeforeAt: now - 70 * DAY, notAfterAt: now + 20 * DAY });
  it('is no finding while its renewal lies ahead', () => {
    expect(found(expiring, [ingress(['shop.example.com']), keeper(600)])).toEqual([]);
  });
  it('is one, with the cause, when its renewal is late', () => {
    expect(found(expiring, [ingress(['shop.example.com']), keeper(-600)])).toEqual([
      'medium certificate-expiring tls',
      'medium certificate-not-ready web',
    ]);
  });
  it('says who uses it and who is to renew it', () => {
    expect(findingsIn([ingress(['shop.example.com']), keeper(-600)], { certificates: [expiring] })[0]?.message).toMatch(
      /It is used by Ingress shop\/web; it is renewed by Certificate shop\/web of cert-manager\.$/,
    );
  });
});

describe('a CA bundle', () => {
  const ref = {
    group: 'admissionregistration.k8s.io',
    kind: 'ValidatingWebhookConfiguration',
    namespace: '',
    name: 'hook',
  };
  const authority = (serialNumber: string, notAfterAt: number): CertificateFacts =>
    certificate({
      source: { kind: 'ca-bundle', ref, path: 'webhooks[0].clientConfig.caBundle' },
      serialNumber,
      names: [],
      expectedHosts: [],
      notBeforeAt: now - 900 * DAY,
      notAfterAt,
    });
  const hook = (failurePolicy: string) =>
    object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'hook', {
      metadata: { namespace: undefined },
      webhooks: [
        { name: 'a.example.com', failurePolicy, clientConfig: { caBundle: 'QUFB', url: 'https://h.example.com' } },
      ],
    });
  const about = (certificates: readonly CertificateFacts[], policy = 'Fail') =>
    brief(findingsIn([hook(policy)], { certificates })).filter((one) => one.includes(' certificate-'));
  it('is expired when all of it is', () => {
    expect(about([authority('1', now - DAY), authority('2', now - 2 * DAY)])).toEqual([
      'high certificate-expired hook',
    ]);
  });
  it('matters less where the webhook may fail', () => {
    expect(about([authority('1', now - DAY)], 'Ignore')).toEqual(['medium certificate-expired hook']);
  });
  it('may keep the authority before beside the one in use', () => {
    expect(about([authority('1', now - DAY), authority('2', now + 700 * DAY), authority('3', now + 2 * DAY)])).toEqual(
      [],
    );
  });
});
