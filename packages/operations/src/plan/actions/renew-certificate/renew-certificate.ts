/** Certificates that end are renewed: by cert-manager where it can, else by whoever holds the key. */
import { compare, refOf, refText, type CertificateFacts, type Issuer, type ResourceRef } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { issuersIn } from '../../../diagnose/certificates/cert-manager.ts';
import { renewalOfSecret } from '../../../diagnose/certificates/certificate-renewal.ts';
import { certificateEvidence, isInternalHost } from '../../../diagnose/certificates/certificates.ts';
import { isReady } from '../../../diagnose/conditions.ts';
import { shellWord } from '../../effects/shell.ts';
import { byPerson } from '../../network/by-person.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
const CLASSES = [
  'certificate-expired',
  'certificate-expiring',
  'certificate-key-mismatch',
  'certificate-chain-broken',
  'certificate-unreadable',
  'managed-certificate-failed',
];

/** Proposes what renews a certificate. Keys are never made here. */
export const renewCertificate: ActionKind = {
  kind: 'renew-certificate',
  title: 'Renew a certificate',
  explanation:
    'For a certificate that ends and that nothing renews: a Certificate of cert-manager for the same Secret and names, where an ACME issuer of the cluster is ready and the names are public; else the exact commands for whoever holds the key. Where cert-manager keeps it already, "cmctl renew". For ManagedCertificates of GKE the DNS records that have to lead to the load balancer. Keys and certificates are never invented.',
  capability: 'certificates',
  prior: { alpha: 7, beta: 3, basis: 'authorities check that DNS leads here' },
  durationMs: { optimistic: 5 * MINUTE, likely: 30 * MINUTE, pessimistic: 24 * 60 * MINUTE },
  baseRisk: 0.1,
  propose: (planning) => planning.causesOf(...CLASSES).flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  if (cause.class === 'managed-certificate-failed') return [forManaged(cause, planning)];
  const finding = planning.findingsOf(cause).find(({ code }) => code === cause.class);
  const secret = finding === undefined ? undefined : secretOf(finding);
  if (finding === undefined || secret === undefined) return [];
  const renewal = renewalOfSecret(planning.examination, secret);
  const facts = planning.snapshot.certificates.find(
    ({ source }) =>
      source.kind === 'secret' && source.ref.namespace === secret.namespace && source.ref.name === secret.name,
  );
  const manual = byPerson(cause, {
    kind: renewCertificate.kind,
    title: `Renew the certificate in ${refText(secret)}`,
    target: secret,
    instruction:
      renewal.by === 'cert-manager' ? cmctl(renewal.resource, secret) : replacement(secret, facts, renewal.text),
    statement: `${refText(secret)} holds a valid certificate`,
    fit: 0.4,
  });
  const taken =
    renewal.by === 'nobody-known' && facts !== undefined ? byCertManager(cause, secret, facts, planning) : undefined;
  return taken === undefined ? [manual] : [taken, manual];
}

function secretOf({ facts, resource }: AssessedFinding): ResourceRef | undefined {
  const [namespace, name] = String(facts['secret'] ?? '').split('/');
  if (namespace !== undefined && name !== undefined) return { group: '', kind: 'Secret', namespace, name };
  return resource.kind === 'Secret' ? resource : undefined;
}

function cmctl(certificate: ResourceRef | undefined, secret: ResourceRef): string {
  const { name = secret.name, namespace = secret.namespace } = certificate ?? {};
  return `Have cert-manager renew it at once: cmctl renew ${shellWord(name)} -n ${shellWord(namespace)}, and look with cmctl status certificate ${shellWord(name)} -n ${shellWord(namespace)} at what it waits for.`;
}

function replacement({ namespace, name }: ResourceRef, facts: CertificateFacts | undefined, keeper: string): string {
  const names = facts === undefined || facts.names.length === 0 ? 'the same names' : facts.names.join(', ');
  const from = facts === undefined ? 'its authority' : facts.issuer;
  const who =
    keeper === 'nobody known' ? '' : ` It is kept by ${keeper}, which has to do it, or it will take the change back.`;
  return `Obtain a certificate for ${names} from ${from} with a key of your own, check it with openssl x509 -in tls.crt -noout -dates -ext subjectAltName, and put both into the Secret: kubectl create secret tls ${shellWord(name)} -n ${shellWord(namespace)} --cert=tls.crt --key=tls.key --dry-run=client -o yaml | kubectl apply -f -.${who}`;
}

/** cert-manager takes the Secret over; it keeps what is there until the new certificate is made. */
function byCertManager(
  cause: AssessedRootCause,
  secret: ResourceRef,
  facts: CertificateFacts,
  planning: Planning,
): Remedy | undefined {
  const names = facts.names.filter((name) => !name.startsWith('*.') && name.includes('.'));
  const issuer = issuersIn(planning.examination)
    .filter((one) => one.kind === 'ClusterIssuer' && isReady(one) && isAcme(one))
    .toSorted((a, b) => compare(a.metadata.name, b.metadata.name))[0];
  if (issuer === undefined || names.length === 0 || names.length < facts.names.length || names.some(isInternalHost))
    return undefined;
  const ref = { group: 'cert-manager.io', kind: 'Certificate', namespace: secret.namespace, name: secret.name };
  if (planning.object(ref) !== undefined) return undefined;
  const title = `Let cert-manager keep ${refText(secret)}, by ${refText(refOf(issuer))}`;
  const object = {
    ...{ apiVersion: 'cert-manager.io/v1', kind: 'Certificate' },
    metadata: { name: secret.name, namespace: secret.namespace },
    spec: {
      secretName: secret.name,
      dnsNames: names,
      issuerRef: { name: issuer.metadata.name, kind: 'ClusterIssuer', group: 'cert-manager.io' },
    },
  };
  return {
    title,
    resolves: [cause.id],
    fit: 0.85,
    drafts: [
      {
        kind: renewCertificate.kind,
        title,
        target: ref,
        reason: `${cause.title}. Nothing is known to renew it, and ${refText(refOf(issuer))} is ready to make certificates for public names. What is in the Secret stays until the new one is made.`,
        evidence: [certificateEvidence(facts), ...cause.evidence.slice(0, 2)],
        confidence: 0.7,
        changes: [{ kind: 'create', object }],
        probe: {
          conditions: [{ kind: 'condition', target: ref, type: 'Ready', status: 'True' }],
          withinMs: 30 * MINUTE,
        },
        risks: [{ reason: 'the authority has to reach the names over DNS', adds: 0.1 }],
      },
    ],
  };
}

function isAcme(issuer: Issuer): boolean {
  const { spec } = issuer as { readonly spec?: Readonly<Record<string, unknown>> };
  return spec?.['acme'] !== undefined;
}

function forManaged(cause: AssessedRootCause, planning: Planning): Remedy {
  const finding = planning.findingsOf(cause).find(({ code }) => code === 'managed-certificate-failed');
  const hosts = (finding?.facts['hosts'] as readonly string[] | undefined) ?? [];
  const addresses = planning.snapshot
    .list('Ingress')
    .filter(({ metadata }) =>
      (metadata.annotations?.['networking.gke.io/managed-certificates'] ?? '')
        .split(',')
        .some((name) => name.trim() === cause.resource.name && metadata.namespace === cause.resource.namespace),
    )
    .flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []));
  const to = addresses.length === 0 ? 'the address of the load balancer, once it has one' : addresses.join(', ');
  return byPerson(cause, {
    kind: renewCertificate.kind,
    title: `Let DNS of ${hosts.join(', ') || refText(cause.resource)} lead to the load balancer`,
    target: cause.resource,
    instruction: `Let the A records of ${hosts.join(', ') || 'its domains'} lead to ${to} and to nothing else (dig +short NAME), take AAAA records away that lead elsewhere, and let CAA records of the domain allow pki.goog. Google tries again by itself; where the authority limits how often it is asked, wait.`,
    statement: `${refText(cause.resource)} is Active`,
    fit: 0.4,
  });
}
