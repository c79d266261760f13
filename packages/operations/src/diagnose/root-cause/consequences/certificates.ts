/** What follows from findings about certificates and those who issue them. */
import { refKey, type ClusterSnapshot, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { text, texts, type FindingIndex } from '../finding-index.ts';
import { WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

/** What is wrong with the certificate itself, wherever it is found. */
const FAULTS = [
  'certificate-expired',
  'certificate-expiring',
  'certificate-not-yet-valid',
  'certificate-name-mismatch',
  'certificate-chain-broken',
  'certificate-unreadable',
  'certificate-key-mismatch',
] as const;

/** What the API server stumbles over when it calls a webhook or an aggregated API. */
const UNTRUSTED = [
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-unreadable',
  'certificate-key-mismatch',
  'webhook-ca-mismatch',
] as const;

export const CERTIFICATE_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: ['certificate-issuer-not-ready'],
    relation: 'nothing that names the issuer is issued or renewed',
    effects: (finding, findings) =>
      findings.ofCode('certificate-not-ready').filter((other) => text(other, 'issuer') === refKey(finding.resource)),
  },
  {
    from: WORKLOAD_SYMPTOMS,
    relation: 'while cert-manager does not run, nothing is issued, renewed or injected',
    effects: (finding, findings, snapshot) =>
      isCertManager(finding.resource, snapshot) ? ofCertManager(finding, findings) : [],
  },
  {
    from: ['certificate-not-ready'],
    relation: 'the Secret keeps the certificate it has, or has none',
    effects: (finding, findings) => {
      const [namespace = '', name = ''] = text(finding, 'secret').split('/');
      return [
        ...findings.about({ group: '', kind: 'Secret', namespace, name }, ...FAULTS),
        ...findings
          .ofCode('secret-missing', 'ingress-tls-secret-missing', 'gateway-tls-secret-missing')
          .filter((other) => names(other, namespace, name)),
      ];
    },
  },
  {
    from: FAULTS,
    relation: 'the endpoint serves the certificate that the Secret holds',
    effects: (finding, findings) =>
      finding.resource.kind === 'Secret'
        ? findings
            .ofCode(finding.code)
            .filter((other) => other.resource.kind === 'Endpoint' && isSameCertificate(finding, other))
        : [],
  },
  {
    from: ['managed-certificate-failed'],
    relation: 'the load balancer serves the certificate that Google could not issue or renew',
    effects: (finding, findings) => {
      const hosts = new Set(texts(finding, 'hosts').map((host) => `${host}:443`));
      return findings
        .ofCode(...FAULTS)
        .filter(({ resource }) => resource.kind === 'Endpoint' && hosts.has(resource.name));
    },
  },
  {
    from: UNTRUSTED,
    relation: 'the API server does not trust what answers the webhook, so that every call fails',
    effects: (finding, findings, snapshot) => untrusted(finding, findings, snapshot),
  },
];

function names(finding: Finding, namespace: string, secret: string): boolean {
  const named = text(finding, 'objectName') || text(finding, 'secret');
  return finding.resource.namespace === namespace && (named === secret || named === `${namespace}/${secret}`);
}

function isSameCertificate(a: Finding, b: Finding): boolean {
  return (
    text(a, 'serialNumber') !== '' &&
    text(a, 'serialNumber') === text(b, 'serialNumber') &&
    text(a, 'subject') === text(b, 'subject')
  );
}

/** The controller by the label of its chart, or by its usual name. */
function isCertManager(resource: ResourceRef, snapshot: ClusterSnapshot): boolean {
  const labels = snapshot.resolve(resource)?.metadata.labels ?? {};
  return (
    labels['app.kubernetes.io/instance'] === 'cert-manager' || /^cert-manager(?:-cainjector)?$/.test(resource.name)
  );
}

function ofCertManager(finding: Finding, findings: FindingIndex): readonly Finding[] {
  const { name } = finding.resource;
  if (name.endsWith('webhook')) return [];
  if (name.endsWith('cainjector')) return findings.ofCode('webhook-ca-mismatch');
  return findings.ofCode('certificate-not-ready', 'certificate-issuer-not-ready');
}

function untrusted(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  const { resource } = finding;
  if (resource.kind === 'Secret')
    return findings.ofCode('webhook-ca-mismatch').filter((other) => text(other, 'secret') === text(finding, 'secret'));
  const webhooks = webhooksOf(snapshot.resolve(resource));
  return [
    ...findings.about(resource, 'webhook-failing', 'api-service-unavailable'),
    ...findings
      .ofCode('replica-creation-failed')
      .filter((other) => text(other, 'cause') === 'webhook-unreachable' && webhooks.has(text(other, 'name'))),
  ];
}

function webhooksOf(object: KubeObject | undefined): ReadonlySet<string> {
  const { webhooks } = (object ?? {}) as { readonly webhooks?: readonly { readonly name?: string }[] };
  return new Set((webhooks ?? []).flatMap(({ name }) => name ?? []));
}
