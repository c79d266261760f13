import { SnapshotBuilder, type CertificateFacts } from '@aia/cluster';
import { assess } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { AUTHORITY, EXPIRED, GOOD, SELF_SIGNED } from './certificates.suite.ts';
import { objectCertificates } from './object-certificates.ts';
import { readTls } from './tls-secret.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret = (name: string, cert: string, key = '') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'ops' },
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': base64(cert), 'tls.key': base64(key) },
});
const webhook = (...bundles: readonly string[]) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'policy' },
  webhooks: bundles.map((caBundle, i) => ({ name: `w${i}.example`, clientConfig: { caBundle } })),
});
const api = (caBundle: string) => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1.metrics.example' },
  spec: { caBundle, service: { name: 'metrics', namespace: 'ops' } },
});
function builderOf(...objects: readonly unknown[]) {
  const builder = new SnapshotBuilder(readTls);
  for (const object of objects) builder.add(structuredClone(object), 'test');
  return builder;
}
const source = { kind: 'dump', name: 'test' } as const;
const read = (...objects: readonly unknown[]) => {
  const builder = builderOf(...objects);
  return objectCertificates(builder.certificates, builder.build({ source }));
};
const ofSecret = ({ certificates }: ReturnType<typeof read>): CertificateFacts | undefined =>
  certificates.find((one) => one.source.kind === 'secret');

describe('objectCertificates', () => {
  it('reads every certificate of every bundle, each text once per object', () => {
    const both = base64(AUTHORITY.cert + EXPIRED.cert);
    const { certificates, unreadable } = read(
      webhook(both, both, base64(SELF_SIGNED.cert)),
      api(base64(AUTHORITY.cert)),
    );
    expect(
      certificates.map(({ source: from, subject }) => [from.kind === 'ca-bundle' ? from.path : '', subject]),
    ).toEqual([
      ['webhooks[0].clientConfig.caBundle', 'CN=AIA test authority'],
      ['webhooks[0].clientConfig.caBundle', 'CN=old.example'],
      ['webhooks[2].clientConfig.caBundle', 'CN=probe.example'],
      ['spec.caBundle', 'CN=AIA test authority'],
    ]);
    expect(certificates[0]).toMatchObject({
      isAuthority: true,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(unreadable).toEqual([]);
  });

  it.each<[string, string, string | undefined]>([
    ['a line break alone', base64('\n'), 'nothing'],
    ['a word', base64('not a certificate'), 'no certificate'],
    ['half a certificate', base64(AUTHORITY.cert.slice(0, 100)), 'a damaged certificate'],
    ['a mask', '[redacted]', undefined],
    ['none', '', undefined],
  ])('tells %s from a bundle', (_, bundle, found) => {
    expect(read(webhook(bundle)).unreadable.map((one) => one.found)).toEqual(found === undefined ? [] : [found]);
  });

  it('says which authority signed what a Secret holds, by the signature and not by the name', () => {
    const signed = ofSecret(
      read(secret('tls', GOOD.cert), webhook(base64(AUTHORITY.cert)), api(base64(SELF_SIGNED.cert))),
    );
    const [authority] = read(webhook(base64(AUTHORITY.cert))).certificates;
    expect(signed?.signedBy).toEqual([authority?.fingerprint]);
    expect(ofSecret(read(secret('tls', GOOD.cert), webhook(base64(SELF_SIGNED.cert))))?.signedBy).toEqual([]);
    expect(ofSecret(read(secret('tls', GOOD.cert)))?.signedBy).toBeUndefined();
  });

  it('takes a pinned certificate for its own authority', () => {
    const pinned = read(secret('tls', SELF_SIGNED.cert), webhook(base64(SELF_SIGNED.cert)));
    const [entry] = pinned.certificates;
    expect(entry?.signedBy).toEqual([entry?.fingerprint]);
  });

  it('follows the chain in the Secret, and finds a gap in it', () => {
    const chained = ofSecret(read(secret('tls', GOOD.cert + AUTHORITY.cert, GOOD.key)));
    expect(chained).toMatchObject({
      chainError: undefined,
      keyMatches: true,
      chain: [{ subject: 'CN=AIA test authority' }],
    });
    expect(ofSecret(read(secret('tls', GOOD.cert + SELF_SIGNED.cert)))?.chainError).toContain('gap');
    expect(ofSecret(read(secret('tls', AUTHORITY.cert + GOOD.cert, GOOD.key)))).toMatchObject({ keyMatches: false });
  });
});

it('comes out as findings, without the key that stood in the place of a certificate', () => {
  const builder = builderOf(secret('swapped', GOOD.key, GOOD.key), secret('mixed', GOOD.cert, EXPIRED.key));
  const { certificates, unreadable } = objectCertificates(builder.certificates, builder.build({ source }));
  const observedAt = Date.parse('2025-09-27T12:00:00Z');
  const snapshot = builder.build({ source, certificates, unreadableCertificates: unreadable, observedAt });
  const assessment = assess(snapshot, { version: '0' });
  expect(assessment.findings.map(({ code, resource }) => `${code} ${resource.name}`).sort()).toEqual([
    'certificate-key-mismatch mixed',
    'certificate-unreadable swapped',
  ]);
  expect(JSON.stringify([assessment, snapshot])).not.toContain(GOOD.key.slice(40, 80));
});
