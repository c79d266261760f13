import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { ago, NOW } from '../../scene.suite.ts';
import { rule } from './rule.ts';

const certificate = (conditions: readonly object[], more: object = {}, spec: object = {}) => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'web', namespace: 'shop', uid: 'web', creationTimestamp: ago(90 * 24 * 60) },
  spec: { secretName: 'web-tls', issuerRef: { name: 'ca' }, ...spec },
  status: { conditions, ...more },
});
const ready = (status: string, reason: string, minutes = 120) => ({
  type: 'Ready',
  status,
  reason,
  message: 'why',
  lastTransitionTime: ago(minutes),
});
const findings = (...objects: readonly unknown[]) => check(rule, examine({ observedAt: NOW, objects }));

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says why, what it waits for, and how bad that is', () => {
    expect(check(rule, failing)).toMatchObject([
      { severity: 'critical', resource: { name: 'expired' }, facts: { reason: 'Expired', secret: 'shop/expired-tls' } },
      {
        severity: 'high',
        resource: { name: 'new' },
        message: expect.stringMatching(
          /its Secret does not exist yet.*Challenge new-1-42-7 for new.example.com is invalid/,
        ) as string,
        facts: {
          blockedBy: 'acme.cert-manager.io/Challenge/shop/new-1-42-7',
          issuer: 'cert-manager.io/ClusterIssuer//letsencrypt',
        },
      },
      {
        severity: 'medium',
        resource: { name: 'overdue' },
        message: expect.stringMatching(
          /renewal is 7 days overdue \(4 failed attempts\).* expires in 22 days/,
        ) as string,
        facts: { failedAttempts: 4, renewalOverdue: true },
      },
    ]);
  });

  it.each([
    'DoesNotExist',
    'MissingData',
    'InvalidKeyPair',
    'InvalidCertificate',
    'SecretMismatch',
    'IncorrectIssuer',
    'IncorrectCertificate',
    'RequestChanged',
    'Renewing',
    'Expired',
    'SomethingNew',
  ])('knows or quotes the reason %s', (reason) => {
    const [found] = findings(certificate([ready('False', reason)]));
    expect(found?.facts['reason']).toBe(reason);
    expect(found?.message).toMatch(reason === 'SomethingNew' ? /SomethingNew: why/ : /(?:its|it|the|another) /);
  });

  it('names an issuer that is not ready or does not exist', () => {
    const issuer = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Issuer',
      metadata: { name: 'ca', namespace: 'shop' },
      status: { conditions: [{ type: 'Ready', status: 'False', reason: 'ErrGetKeyPair', message: 'no key' }] },
    };
    expect(findings(certificate([ready('False', 'DoesNotExist')]), issuer)[0]?.message).toContain(
      'its Issuer shop/ca is not ready',
    );
    const other = { ...issuer, metadata: { name: 'other', namespace: 'shop' } };
    expect(findings(certificate([ready('False', 'DoesNotExist')]), other)[0]?.message).toContain(
      'its Issuer shop/ca does not exist',
    );
  });

  it('is definite within the grace when an attempt has failed', () => {
    expect(findings(certificate([ready('False', 'DoesNotExist', 2)]))).toEqual([]);
    expect(findings(certificate([ready('False', 'DoesNotExist', 2)], { failedIssuanceAttempts: 1 }))).toHaveLength(1);
  });

  it('is high when the certificate ends within a week, and quiet about one that is merely being issued anew', () => {
    const soon = { notAfter: ago(-3 * 24 * 60), renewalTime: ago(20 * 24 * 60) };
    expect(findings(certificate([ready('True', 'Ready')], soon))).toMatchObject([{ severity: 'high' }]);
    const issuing = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', lastTransitionTime: ago(10) };
    expect(findings(certificate([ready('True', 'Ready'), issuing], { notAfter: ago(-60 * 24 * 60) }))).toEqual([]);
  });

  it('tells a Certificate that nothing takes up from a manifest', () => {
    const stored = { ...certificate([]), status: undefined };
    expect(findings(stored)[0]?.message).toContain('cert-manager may not be running');
    expect(findings({ ...stored, metadata: { name: 'web', namespace: 'shop' } })).toEqual([]);
  });
});
