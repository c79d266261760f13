import type { CertificateFacts, UnreadableCertificate } from '@aia/cluster';
import { assessmentSchema, certificateEntrySchema } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { assess } from '../../assess.ts';
import { asMarkdown } from '../../report/as-markdown.ts';
import { asText } from '../../report/as-text.ts';
import { certificateLedger } from './certificate-ledger.ts';
import { Examination } from '../examination.ts';
import { examine } from '../rule.suite.ts';
import { condition, deployment, NOW, object } from '../scene.suite.ts';

const now = Date.parse(NOW);
const day = 86_400_000;
const secret = (name: string, more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  source: { kind: 'secret', ref: { group: '', kind: 'Secret', namespace: 'shop', name } },
  subject: `CN=${name}`,
  issuer: 'CN=Authority',
  serialNumber: name,
  names: ['shop.example.com'],
  notBeforeAt: now - 30 * day,
  notAfterAt: now + 60 * day,
  expectedHosts: [],
  chainError: undefined,
  ...more,
});
const ingress = (secretName: string, hosts: readonly string[] = ['shop.example.com']) =>
  object('networking.k8s.io/v1', 'Ingress', `for-${secretName}`, { spec: { tls: [{ hosts, secretName }] } });
const order = (secretName: string, status: object, metadata: object = {}) =>
  object('cert-manager.io/v1', 'Certificate', secretName, {
    metadata,
    spec: { secretName, dnsNames: ['shop.example.com'], issuerRef: { name: 'ca' } },
    status: { conditions: [condition('Ready', 'True', 60, { reason: 'Ready' })], ...status },
  });
interface Given {
  readonly objects?: readonly unknown[];
  readonly certificates?: readonly CertificateFacts[];
  readonly unreadableCertificates?: readonly UnreadableCertificate[];
}
const examination = (given: Given) => examine({ observedAt: NOW, ...given });
const ledger = (given: Given) => certificateLedger(examination(given));

describe('certificateLedger', () => {
  it('says of a served certificate who uses it, who renews it and what breaks without it', () => {
    const renewalTime = new Date(now + 30 * day).toISOString();
    const entries = ledger({
      objects: [ingress('tls'), order('tls', { renewalTime })],
      certificates: [secret('tls', { keyMatches: true })],
    });
    expect(entries).toEqual([
      {
        place: 'Secret shop/tls',
        kind: 'secret',
        resource: { group: '', kind: 'Secret', namespace: 'shop', name: 'tls' },
        state: 'valid',
        subject: 'CN=tls',
        issuer: 'CN=Authority',
        serialNumber: 'tls',
        names: ['shop.example.com'],
        notBeforeAt: now - 30 * day,
        notAfterAt: now + 60 * day,
        daysLeft: 60,
        usedBy: [
          {
            resource: { group: 'networking.k8s.io', kind: 'Ingress', namespace: 'shop', name: 'for-tls' },
            use: 'serves',
            hosts: ['shop.example.com'],
          },
        ],
        renewedBy: {
          by: 'cert-manager',
          resource: { group: 'cert-manager.io', kind: 'Certificate', namespace: 'shop', name: 'tls' },
          text: 'Certificate shop/tls of cert-manager',
          renewalAt: now + 30 * day,
          ready: true,
        },
        breaks: 'HTTPS for shop.example.com',
        faults: [],
        keyMatches: true,
      },
    ]);
    expect(certificateEntrySchema.parse(entries[0])).toEqual(entries[0]);
  });

  it.each<[string, Partial<CertificateFacts>, string, RegExp]>([
    ['expired', { notAfterAt: now - day }, 'expired', /^$/],
    ['late', { notBeforeAt: now - 80 * day, notAfterAt: now + 10 * day }, 'expiring', /^$/],
    ['early', { notBeforeAt: now + day }, 'not-yet-valid', /^$/],
    ['for another host', { names: ['www.example.com'] }, 'faulty', /does not cover shop\.example\.com/],
    ['with a strange key', { keyMatches: false }, 'faulty', /key beside it is not its own/],
    [
      'with a gap in its chain',
      { chainError: 'the chain has a gap' },
      'faulty',
      /chain does not hold: the chain has a gap/,
    ],
  ])('tells one that is %s', (_, more, state, faults) => {
    const [entry] = ledger({ objects: [ingress('tls')], certificates: [secret('tls', more)] });
    expect(entry?.state).toBe(state);
    expect(entry?.faults.join()).toMatch(faults);
  });

  it.each<[string, object, string]>([
    ['Helm', { annotations: { 'meta.helm.sh/release-name': 'shop' } }, 'Helm release shop, when it is upgraded'],
    ['an operator, by its label', { labels: { 'app.kubernetes.io/managed-by': 'vault-operator' } }, 'vault-operator'],
    [
      'an operator, by its owner',
      { ownerReferences: [{ apiVersion: 'x/v1', kind: 'Mesh', name: 'm', uid: 'u', controller: true }] },
      'the operator of Mesh m',
    ],
    ['nobody known', {}, 'nobody known'],
  ])('finds the renewer: %s', (_, metadata, text) => {
    const objects = [object('v1', 'Secret', 'tls', { metadata, type: 'kubernetes.io/tls' })];
    expect(ledger({ objects, certificates: [secret('tls')] })[0]?.renewedBy.text).toBe(text);
  });

  it('finds the renewer of an endpoint by the Secret that holds the same certificate', () => {
    const endpoint = secret('tls', {
      source: { kind: 'endpoint', host: 'shop.example.com', port: 443 },
      expectedHosts: ['shop.example.com'],
      fingerprint: 'aa',
    });
    const entries = ledger({
      objects: [order('tls', {})],
      certificates: [endpoint, secret('tls', { fingerprint: 'aa' })],
    });
    expect(entries.map(({ renewedBy }) => renewedBy.by)).toEqual(['cert-manager', 'cert-manager']);
  });

  it('finds what injects a CA bundle', () => {
    const source = {
      kind: 'ca-bundle' as const,
      path: 'webhooks[0].clientConfig.caBundle',
      ref: { group: 'admissionregistration.k8s.io', kind: 'MutatingWebhookConfiguration', namespace: '', name: 'hook' },
    };
    const hook = object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'hook', {
      metadata: { namespace: undefined, annotations: { 'cert-manager.io/inject-ca-from': 'shop/tls' } },
      webhooks: [],
    });
    const [entry] = ledger({ objects: [hook, order('tls', {})], certificates: [secret('ca', { source })] });
    expect(entry).toMatchObject({
      usedBy: [{ use: 'checks-with', resource: source.ref }],
      renewedBy: { by: 'ca-injector', resource: { kind: 'Certificate', name: 'tls' } },
    });
  });

  it('lists what is used and was not read, once, the soonest first', () => {
    const entries = ledger({
      objects: [
        ingress('unread'),
        ingress('read'),
        ingress('ordered'),
        order('ordered', { notAfter: new Date(now + 5 * day).toISOString() }),
        deployment(1, 1),
      ],
      certificates: [secret('read')],
      unreadableCertificates: [
        {
          source: { kind: 'secret', ref: { group: '', kind: 'Secret', namespace: 'shop', name: 'broken' } },
          found: 'nothing',
        },
      ],
    });
    expect(entries.map(({ place, state, kind }) => `${place} ${kind} ${state}`)).toEqual([
      'Secret shop/ordered order valid',
      'Secret shop/read secret valid',
      'Secret shop/broken secret unreadable',
      'Secret shop/unread secret unknown',
    ]);
  });

  it('leaves out what is not judged', () => {
    const { snapshot } = examination({ objects: [ingress('unread')], certificates: [secret('tls')] });
    expect(certificateLedger(new Examination(snapshot, { namespaces: new Set(['blog']) }))).toEqual([]);
  });
});

describe('in the report', () => {
  const { snapshot } = examination({
    objects: [ingress('tls'), ingress('unread')],
    certificates: [secret('tls', { notAfterAt: now - 2 * day }), secret('other')],
  });
  const assessment = assess(snapshot, { version: '0' });
  it('stands in JSON, text and Markdown', () => {
    expect(assessmentSchema.parse(JSON.parse(JSON.stringify(assessment))).certificates).toHaveLength(3);
    const text = asText(assessment);
    expect(text).toContain('Certificates: 3, of which 1 expired, 1 unknown');
    expect(text).toMatch(
      /expired +Secret shop\/tls: expired 2 days ago; used by Ingress shop\/for-tls; no renewal known/,
    );
    expect(text).toMatch(/valid +Secret shop\/other: 60 days left/);
    expect(text).toContain('1 of them was not read');
    expect(asMarkdown(assessment)).toMatch(
      /\| Secret shop\/tls \| expired \| expired 2 days ago \| CN=tls, shop\.example\.com \|/,
    );
  });
  it('takes no room where no certificate is known', () => {
    const none = assess(examination({ objects: [deployment(1, 1)] }).snapshot, { version: '0' });
    expect(none.certificates).toEqual([]);
    expect(asText(none) + asMarkdown(none)).not.toContain('Certificates:');
  });
});
