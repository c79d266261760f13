/** Issuers that certificates ask for by a name that says which authority is meant. */
import { refOf, refText, type Certificate, type ResourceRef } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { issuerOf, issuersIn } from '../../../diagnose/certificates/cert-manager.ts';
import { isInternalHost } from '../../../diagnose/certificates/certificates.ts';
import { absenceEvidence, fieldEvidence } from '../../../diagnose/examination.ts';
import { CLASS_ANNOTATION, isGke } from '../../../diagnose/services/ingress-classes.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Let's Encrypt's directories. Source: https://letsencrypt.org/docs/acme-protocol-updates/, https://letsencrypt.org/docs/staging-environment/ */
const DIRECTORIES = {
  production: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
} as const;

/** Makes issuers of Let's Encrypt. */
export const createIssuer: ActionKind = {
  kind: 'create-issuer',
  title: 'Make the issuer that a certificate asks for',
  explanation:
    "Makes an issuer of cert-manager that does not exist and whose name says Let's Encrypt (staging where it says so), without an address of mail, which the authority does not demand, and with a solver over HTTP for the Ingress class that the cluster uses. Refuses for names that say nothing of the authority, for hosts that no public authority reaches, and where it is not known which Ingress class would answer the challenge.",
  capability: 'certificates',
  prior: { alpha: 6, beta: 4, basis: 'the authority has to reach the hosts over DNS' },
  durationMs: { optimistic: 3 * MINUTE, likely: 10 * MINUTE, pessimistic: 120 * MINUTE },
  baseRisk: 0.12,
  propose: (planning) =>
    planning.causesOf('certificate-not-ready').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const findings = planning.findingsOf(cause).filter(({ code }) => code === 'certificate-not-ready');
  const [certificate, ...others] = findings.flatMap(
    ({ resource }) => (planning.object(resource) as Certificate | undefined) ?? [],
  );
  if (certificate === undefined || others.length > 0) return undefined;
  const { namespace = '' } = certificate.metadata;
  const issuer = issuerOf(certificate.spec?.issuerRef, namespace);
  const directory = issuer === undefined ? undefined : directoryFor(issuer, planning);
  const hosts = certificate.spec?.dnsNames ?? [];
  const solver = solverFor(namespace, hosts, planning);
  const isReachable = hosts.length > 0 && hosts.every((host) => !isInternalHost(host) && !host.startsWith('*.'));
  if (issuer === undefined || directory === undefined || solver === undefined || !isReachable) return undefined;
  const title = `Make ${refText(issuer)}, an issuer of Let's Encrypt`;
  const object = {
    ...{ apiVersion: 'cert-manager.io/v1', kind: issuer.kind },
    metadata: { name: issuer.name, ...(issuer.namespace !== '' && { namespace: issuer.namespace }) },
    spec: {
      acme: {
        server: directory,
        privateKeySecretRef: { name: `${issuer.name}-account-key` },
        solvers: [{ http01: { ingress: solver } }],
      },
    },
  };
  return {
    title,
    resolves: [cause.id],
    fit: 0.85,
    drafts: [
      {
        kind: createIssuer.kind,
        title,
        target: issuer,
        reason: `${refText(refOf(certificate))} asks ${refText(issuer)}, which does not exist and whose name says which authority is meant. To register with it accepts its terms.`,
        evidence: [
          fieldEvidence(certificate, 'spec.issuerRef.name', issuer.name),
          absenceEvidence(issuer.kind, issuer.namespace, issuer.name, 'not among the issuers', issuer.group),
        ],
        confidence: 0.65,
        changes: [{ kind: 'create', object }],
        probe: {
          conditions: [
            { kind: 'condition', target: issuer, type: 'Ready', status: 'True' },
            { kind: 'condition', target: refOf(certificate), type: 'Ready', status: 'True' },
          ],
          withinMs: 30 * MINUTE,
        },
      },
    ],
  };
}

function directoryFor({ kind, name, namespace }: ResourceRef, { examination }: Planning): string | undefined {
  const isThere = issuersIn(examination).some(
    (one) => one.kind === kind && one.metadata.name === name && (one.metadata.namespace ?? '') === namespace,
  );
  if (isThere || !/^(?:le|lets-?encrypt)(?:-|$)/.test(name)) return undefined;
  return /-(?:staging|stage|test)(?:-|$)/.test(name) ? DIRECTORIES.staging : DIRECTORIES.production;
}

/** The class of the Ingress that serves the hosts, else the only one that the cluster uses. */
function solverFor(namespace: string, hosts: readonly string[], { snapshot, examination }: Planning) {
  const serving = snapshot
    .listIn('Ingress', namespace)
    .find(({ spec }) => (spec?.rules ?? []).some(({ host }) => host !== undefined && hosts.includes(host)));
  const named = serving?.spec?.ingressClassName;
  const annotated = serving?.metadata.annotations?.[CLASS_ANNOTATION];
  if (named !== undefined) return { ingressClassName: named };
  if (annotated !== undefined) return { class: annotated };
  if (isGke(examination)) return { class: 'gce' };
  const classes = snapshot.list('IngressClass').map(({ metadata }) => metadata.name);
  return classes.length === 1 ? { ingressClassName: classes[0] } : undefined;
}
