import type { CertificateFacts } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { covers, isInternalHost } from './certificates.ts';
import { brief, deployment, findingsIn, NOW, object } from './scene.suite.ts';

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
  object('networking.k8s.io/v1', 'Ingress', 'web', { spec: { tls: [{ secretName: 'tls', ...(hosts && { hosts }) }] } });

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
