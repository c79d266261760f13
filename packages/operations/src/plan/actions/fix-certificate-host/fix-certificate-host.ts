/** Certificates name the hosts that they are served for. */
import { refOf, refText, type Certificate } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { renewalOfSecret } from '../../../diagnose/certificates/certificate-renewal.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { byPerson } from '../../network/by-person.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes the names that a certificate lacks. */
export const fixCertificateHost: ActionKind = {
  kind: 'fix-certificate-host',
  title: 'Have a certificate name its hosts',
  explanation:
    'Adds to a Certificate of cert-manager, or to a ManagedCertificate of GKE, the hosts that it is served for and does not name. For other certificates a person has to obtain one with these names.',
  capability: 'certificates',
  prior: { alpha: 8, beta: 2, basis: 'a certificate with further names is issued like the one before' },
  durationMs: { optimistic: 2 * MINUTE, likely: 10 * MINUTE, pessimistic: 120 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning.causesOf('certificate-name-mismatch').flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const finding = planning.findingsOf(cause).find(({ code }) => code === 'certificate-name-mismatch');
  const hosts = (finding?.facts['hosts'] as readonly string[] | undefined) ?? [];
  const names = (finding?.facts['names'] as readonly string[] | undefined) ?? [];
  const manual = byPerson(cause, {
    kind: fixCertificateHost.kind,
    title: `Obtain a certificate that names ${hosts.join(', ')}`,
    target: cause.resource,
    instruction: `Obtain a certificate for ${[...names, ...hosts].join(', ')} from the authority that made the one in use, and put it with its key in place of that; or send ${hosts.join(', ')} to where a certificate for it is served.`,
    statement: `a certificate for ${hosts.join(', ')} is served`,
    fit: 0.35,
  });
  const [namespace, name] = String(finding?.facts['secret'] ?? '').split('/');
  if (namespace === undefined || name === undefined || hosts.length === 0) return [manual];
  const renewal = renewalOfSecret(planning.examination, { group: '', kind: 'Secret', namespace, name });
  const certificate = renewal.by === 'cert-manager' && renewal.resource ? planning.object(renewal.resource) : undefined;
  if (certificate === undefined) return [manual];
  return [namesAdded(cause, certificate as Certificate, hosts), manual];
}

function namesAdded(cause: AssessedRootCause, certificate: Certificate, hosts: readonly string[]): Remedy {
  const ref = refOf(certificate);
  const before = certificate.spec?.dnsNames ?? [];
  const title = `Have ${refText(ref)} name ${hosts.join(', ')}`;
  return {
    title,
    resolves: [cause.id],
    fit: 1,
    drafts: [
      {
        kind: fixCertificateHost.kind,
        title,
        target: ref,
        reason: `${cause.title}. cert-manager makes it by ${refText(ref)}, whose dnsNames lack ${hosts.join(', ')}.`,
        evidence: [fieldEvidence(certificate, 'spec.dnsNames', before.join(', ')), ...cause.evidence.slice(0, 2)],
        confidence: 0.85,
        changes: [
          {
            kind: 'patch',
            target: ref,
            patch: { type: 'merge', patch: { spec: { dnsNames: [...before, ...hosts] } } },
          },
        ],
        probe: {
          conditions: [{ kind: 'condition', target: ref, type: 'Ready', status: 'True' }],
          withinMs: 30 * MINUTE,
        },
      },
    ],
  };
}
