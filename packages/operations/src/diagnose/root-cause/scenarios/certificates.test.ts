/** Certificates that nobody renews, from what stopped it to what breaks. */
import type { CertificateFacts } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { examine } from '../../rule.suite.ts';
import { ago, condition, DAY, deployment, event, NOW, object, ownedBy } from '../../scene.suite.ts';
import { causesOf, diagnose, expectSound } from './scene.suite.ts';

const now = Date.parse(NOW);
const day = 86_400_000;
const causes = (objects: readonly unknown[], certificates: readonly CertificateFacts[] = []) => {
  const diagnosis = diagnose(examine({ observedAt: NOW, objects, certificates }).snapshot);
  expectSound(diagnosis);
  return { names: causesOf(diagnosis), diagnosis };
};
const facts = (source: CertificateFacts['source'], more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  source,
  subject: 'CN=shop.example.com',
  issuer: 'CN=Authority',
  serialNumber: '0A',
  names: ['shop.example.com'],
  notBeforeAt: now - 91 * day,
  notAfterAt: now - day,
  expectedHosts: [],
  chainError: undefined,
  ...more,
});
const inSecret = facts({ kind: 'secret', ref: { group: '', kind: 'Secret', namespace: 'shop', name: 'web-tls' } });
const atEndpoint = facts(
  { kind: 'endpoint', host: 'shop.example.com', port: 443 },
  { expectedHosts: ['shop.example.com'], chainError: 'certificate has expired' },
);
const ingress = object('networking.k8s.io/v1', 'Ingress', 'web', {
  spec: { tls: [{ hosts: ['shop.example.com'], secretName: 'web-tls' }] },
});
const issuer = (status: 'True' | 'False') =>
  object('cert-manager.io/v1', 'ClusterIssuer', 'le', {
    metadata: { namespace: undefined },
    status: {
      conditions: [condition('Ready', status, 5 * DAY, { reason: 'ErrRegisterACMEAccount', message: 'refused' })],
    },
  });
const certificate = (name: string, reason = 'Expired') =>
  object('cert-manager.io/v1', 'Certificate', name, {
    spec: { secretName: `${name}-tls`, issuerRef: { name: 'le', kind: 'ClusterIssuer' } },
    status: {
      conditions: [condition('Ready', 'False', 2 * DAY, { reason, message: reason })],
      ...(reason === 'Expired' && { notAfter: ago(DAY), renewalTime: ago(30 * DAY) }),
      failedIssuanceAttempts: 3,
    },
  });

describe('an expired certificate', () => {
  it('that is found in its Secret and at its endpoint is one cause', () => {
    const { names } = causes([ingress], [inSecret, atEndpoint]);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^certificate-expired Secret shop\/web-tls/);
  });

  it('follows from a Certificate that cannot be issued', () => {
    const { names } = causes([ingress, issuer('True'), certificate('web')], [inSecret, atEndpoint]);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^certificate-not-ready Certificate shop\/web/);
  });

  it('follows, with every other, from the issuer they share', () => {
    const { names, diagnosis } = causes(
      [ingress, issuer('False'), certificate('web'), certificate('api', 'DoesNotExist')],
      [inSecret, atEndpoint],
    );
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^certificate-issuer-not-ready ClusterIssuer le/);
    expect(diagnosis.rootCauses[0]?.severity).toBe('critical');
    expect(diagnosis.rootCauses[0]?.explains).toHaveLength(5);
  });

  it('follows from cert-manager being down', () => {
    const down = {
      ...deployment(1, 0, { status: { conditions: [condition('Available', 'False', 3 * DAY)] } }),
      metadata: { name: 'cert-manager', namespace: 'cert-manager', creationTimestamp: ago(90 * DAY) },
    };
    const { names } = causes([down, ingress, issuer('True'), certificate('web')], [inSecret]);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^deployment-unavailable Deployment cert-manager\/cert-manager/);
  });
});

describe('a webhook that cannot be trusted', () => {
  const hook = object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'policy', {
    metadata: { namespace: undefined },
    webhooks: [
      {
        name: 'check.policy.example.com',
        failurePolicy: 'Fail',
        clientConfig: { caBundle: 'QUFB', service: { name: 'policy', namespace: 'ops' } },
      },
    ],
  });
  const expired = facts(
    {
      kind: 'ca-bundle',
      path: 'webhooks[0].clientConfig.caBundle',
      ref: {
        group: 'admissionregistration.k8s.io',
        kind: 'ValidatingWebhookConfiguration',
        namespace: '',
        name: 'policy',
      },
    },
    { names: [], isAuthority: true },
  );
  const web = deployment(2, 0, { status: { replicas: 0, conditions: [condition('Available', 'False', 30)] } });
  const set = object('apps/v1', 'ReplicaSet', 'web-1', {
    metadata: { ...ownedBy('Deployment', 'web') },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } } },
    },
    status: { replicas: 0 },
  });
  const refused = event(
    set,
    'FailedCreate',
    'Error creating: Internal error occurred: failed calling webhook "check.policy.example.com": failed to call webhook: Post "https://policy.ops.svc:443/?timeout=10s": x509: certificate has expired or is not yet valid',
  );

  it('is the cause of pods that are refused', () => {
    const { names, diagnosis } = causes([hook, web, set, refused], [expired]);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^certificate-expired ValidatingWebhookConfiguration policy/);
    expect(diagnosis.rootCauses[0]?.impact.workloads).toEqual(['Deployment shop/web']);
  });
});

describe('certificates of their own', () => {
  it('stay apart: two Secrets, two causes', () => {
    const other = facts(
      { kind: 'secret', ref: { group: '', kind: 'Secret', namespace: 'blog', name: 'blog-tls' } },
      { serialNumber: '0B', subject: 'CN=blog.example.com' },
    );
    expect(causes([ingress], [inSecret, other]).names).toHaveLength(2);
  });

  it('raise no cause while all is well', () => {
    const good = facts(inSecret.source, { notAfterAt: now + 80 * day });
    expect(causes([ingress, issuer('True')], [good]).names).toEqual([]);
  });
});
