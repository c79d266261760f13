/** Certificates of cert-manager are asked of an issuer that makes them. */
import { compare, refKey, refOf, refText, type Certificate, type Issuer, type ResourceRef } from '@aia/cluster';
import type { AssessedRootCause, Change } from '@aia/contract';
import { issuerOf, issuersIn } from '../../../diagnose/certificates/cert-manager.ts';
import { isReady } from '../../../diagnose/conditions.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { byPerson } from '../../network/by-person.ts';
import { likeness } from '../../network/likeness.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
const SHIM = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];

/** Proposes another issuer, or says what its own lacks. */
export const fixIssuer: ActionKind = {
  kind: 'fix-issuer',
  title: 'Have a certificate made by an issuer that works',
  explanation:
    'Names, in a Certificate of cert-manager, a ready issuer in place of one that does not exist, is not ready or refuses: the one of a similar name, or the only one of the same kind of authority that the namespace may use. Where the Certificate follows from an Ingress, the annotation of the Ingress is changed. Where a challenge fails, another issuer would fail as well: what is to be mended then, and which limits are to be waited for, is told to a person.',
  capability: 'certificates',
  prior: { alpha: 8, beta: 2, basis: 'a ready issuer usually signs what it is asked for' },
  durationMs: { optimistic: 2 * MINUTE, likely: 5 * MINUTE, pessimistic: 60 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning
      .causesOf('certificate-not-ready', 'certificate-issuer-not-ready')
      .flatMap((cause) => remediesFor(cause, planning)),
};

function remediesFor(cause: AssessedRootCause, planning: Planning): readonly Remedy[] {
  const findings = planning.findingsOf(cause).filter(({ code }) => code === 'certificate-not-ready');
  const certificates = findings.flatMap(({ resource }) => (planning.object(resource) as Certificate | undefined) ?? []);
  const isChallenge = findings.some(({ facts }) => String(facts['blockedBy']).includes('/Challenge/'));
  const drafts = isChallenge ? [] : certificates.map((one) => draftFor(one, planning));
  const sure = drafts.filter((draft) => draft !== undefined);
  const [first] = sure;
  const manual = byPerson(cause, {
    kind: fixIssuer.kind,
    title: `Find out why ${certificates[0] === undefined ? refText(cause.resource) : refText(refOf(certificates[0]))} is not issued`,
    target: cause.resource,
    instruction: instructionFor(cause, isChallenge),
    statement: `the certificates that wait for ${refText(cause.resource)} are ready`,
    fit: 0.3,
  });
  if (first === undefined || sure.length < drafts.length) return [manual];
  return [{ title: first.title, resolves: [cause.id], fit: 0.9, drafts: sure }, manual];
}

function instructionFor({ statement }: AssessedRootCause, isChallenge: boolean): string {
  if (isChallenge)
    return 'Let requests for http://HOST/.well-known/acme-challenge/ reach the solver of cert-manager: DNS of the host has to lead to the Ingress, the Ingress class of the solver has to be the one that serves it, and nothing may redirect or refuse that path. cert-manager tries again by itself; "cmctl renew NAME -n NAMESPACE" does so at once.';
  if (/rateLimited|rate limit|too many/i.test(statement))
    return 'The authority allows no more certificates of these names for now. Wait until the time that its refusal names, do not ask again before, and stop what asks so often: a Secret that is deleted again and again, or several clusters for one name.';
  return 'See what the issuer says with "kubectl describe": an ACME account needs an address of mail that the authority accepts, a CA issuer its Secret, Vault and others their credentials. Make the issuer that the certificate names where there is none, or name another one in spec.issuerRef.';
}

function draftFor(certificate: Certificate, planning: Planning): ActionDraft | undefined {
  const { namespace = '' } = certificate.metadata;
  const asked = issuerOf(certificate.spec?.issuerRef, namespace);
  const found = asked === undefined ? undefined : otherIssuer(asked, namespace, planning);
  if (asked === undefined || found === undefined) return undefined;
  const ref = refOf(certificate);
  const to = refOf(found.issuer);
  return {
    kind: fixIssuer.kind,
    title: `Have ${refText(ref)} made by ${refText(to)} instead of ${asked.name}`,
    target: ref,
    reason: `${refText(ref)} asks ${refText(asked)}, ${found.isMissing ? 'which does not exist' : 'which does not make it'}. ${found.why}`,
    evidence: [
      fieldEvidence(certificate, 'spec.issuerRef.name', asked.name),
      fieldEvidence(found.issuer, 'status.conditions[Ready].status', 'True'),
    ],
    confidence: found.confidence,
    changes: [changeFor(certificate, to, planning)],
    probe: { conditions: [{ kind: 'condition', target: ref, type: 'Ready', status: 'True' }], withinMs: 30 * MINUTE },
    risks: [{ reason: 'clients have to trust the authority of that issuer too', adds: 0.06 }],
  };
}

interface OtherIssuer {
  readonly issuer: Issuer;
  readonly isMissing: boolean;
  readonly confidence: number;
  readonly why: string;
}

function otherIssuer(asked: ResourceRef, namespace: string, planning: Planning): OtherIssuer | undefined {
  const own = planning.object(asked) as Issuer | undefined;
  const open = issuersIn(planning.examination).filter(
    (one) =>
      isReady(one) &&
      refKey(refOf(one)) !== refKey(asked) &&
      (one.kind === 'ClusterIssuer' || one.metadata.namespace === namespace) &&
      (own === undefined || authorityOf(one) === authorityOf(own)),
  );
  const [near, second] = open
    .map((issuer) => ({ issuer, likeness: likeness(asked.name, issuer.metadata.name) }))
    .sort((a, b) => b.likeness - a.likeness || compare(a.issuer.metadata.name, b.issuer.metadata.name));
  const isMissing = own === undefined;
  if (near === undefined) return undefined;
  if (near.likeness > 0 && second?.likeness !== near.likeness)
    return {
      issuer: near.issuer,
      isMissing,
      confidence: 0.6 + near.likeness * 0.3,
      why: 'It is the ready one of the likest name.',
    };
  return second === undefined
    ? { issuer: near.issuer, isMissing, confidence: 0.6, why: 'It is the only other one that is ready.' }
    : undefined;
}

/** `acme`, `ca`, `vault`, …: what kind of authority signs. */
function authorityOf(issuer: Issuer): string {
  const { spec } = issuer as { readonly spec?: Readonly<Record<string, unknown>> };
  return Object.keys(spec ?? {})
    .sort()
    .join();
}

/** In the Ingress where cert-manager makes the Certificate after it, else in the Certificate. */
function changeFor(certificate: Certificate, to: ResourceRef, planning: Planning): Change {
  const owner = certificate.metadata.ownerReferences?.find(({ kind }) => kind === 'Ingress');
  const { namespace = '' } = certificate.metadata;
  const ingress = owner === undefined ? undefined : planning.snapshot.get('Ingress', namespace, owner.name);
  if (ingress !== undefined) {
    const [cluster = '', local = ''] = SHIM;
    const annotations =
      to.kind === 'ClusterIssuer' ? { [cluster]: to.name, [local]: null } : { [local]: to.name, [cluster]: null };
    return { kind: 'patch', target: refOf(ingress), patch: { type: 'merge', patch: { metadata: { annotations } } } };
  }
  const issuerRef = { name: to.name, kind: to.kind, group: to.group };
  return { kind: 'patch', target: refOf(certificate), patch: { type: 'merge', patch: { spec: { issuerRef } } } };
}
