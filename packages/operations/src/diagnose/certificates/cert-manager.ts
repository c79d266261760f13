/** What cert-manager says of its Certificates and issuers, and where in the chain of an issuance it is stuck. */
import {
  refKey,
  refText,
  type AcmeStep,
  type Certificate,
  type CertificateRequest,
  type Issuer,
  type IssuerReference,
  type KubeObject,
  type ResourceRef,
} from '@aia/cluster';
import { absenceOf } from '../absence.ts';
import { conditionEvidence, conditionOf, isTrue } from '../conditions.ts';
import type { Evidence } from '../evidence.ts';
import { absenceEvidence, fieldEvidence, inOrder, type Examination } from '../examination.ts';
import { createdAt } from '../age.ts';

const GROUP = 'cert-manager.io';

/** Why a Ready condition is False, https://github.com/cert-manager/cert-manager `internal/controller/certificates/policies`. */
export const REASONS: Readonly<Record<string, string>> = {
  DoesNotExist: 'its Secret does not exist yet',
  MissingData: 'its Secret lacks the certificate or the key',
  InvalidKeyPair: "the key in its Secret is not the certificate's",
  InvalidCertificate: 'the certificate in its Secret cannot be read',
  InvalidCertificateRequest: 'its last request cannot be read',
  SecretMismatch: 'its Secret does not match what it asks for',
  IncorrectIssuer: 'its Secret was issued by another issuer',
  IncorrectCertificate: 'another Certificate keeps the same Secret',
  RequestChanged: 'what it asks for has changed and has not been issued yet',
  Renewing: 'its renewal is due and has not been done',
  Expired: 'the certificate in its Secret has expired',
  ManuallyTriggered: 'a renewal was asked for and has not been done',
};

/** The furthest step of an issuance that is known: what blocks it, in words and evidence. */
export interface Blocked {
  readonly text: string;
  readonly resource: ResourceRef | undefined;
  /** Whether it states a failure, not only that something is awaited. */
  readonly isDefinite: boolean;
  readonly evidence: readonly Evidence[];
}

/** The issuer a reference names; cluster-scoped when its kind says so. */
export function issuerOf(reference: IssuerReference | undefined, namespace: string): ResourceRef | undefined {
  const { name = '', kind = 'Issuer', group = GROUP } = reference ?? {};
  return name === '' ? undefined : { group, kind, namespace: kind === 'ClusterIssuer' ? '' : namespace, name };
}

/** Issuers of both kinds, in a stable order. */
export function issuersIn({ snapshot }: Examination): readonly Issuer[] {
  return inOrder([
    ...snapshot.listCustom('cert-manager.io/Issuer'),
    ...snapshot.listCustom('cert-manager.io/ClusterIssuer'),
  ]);
}

/** Where the newest issuance of a Certificate hangs: challenge, order, request, issuer; `undefined` where nothing is seen. */
export function blockedBy(examination: Examination, certificate: Certificate): Blocked | undefined {
  const request = newest(examination, certificate, 'CertificateRequest') as CertificateRequest | undefined;
  const order = request === undefined ? undefined : (newest(examination, request, 'Order') as AcmeStep | undefined);
  const challenges =
    order === undefined
      ? []
      : (examination.snapshot.ownedBy(order).filter(({ kind }) => kind === 'Challenge') as AcmeStep[]);
  const step = [...inOrder(challenges).map(ofAcme), ofAcme(order), ofRequest(request)];
  const found = step.find((one) => one?.isDefinite) ?? step.find((one) => one !== undefined);
  return found?.isDefinite === true ? found : (ofIssuer(examination, certificate) ?? found);
}

function newest(examination: Examination, owner: KubeObject, kind: string): KubeObject | undefined {
  const owned = examination.snapshot.ownedBy(owner).filter((object) => object.kind === kind);
  return inOrder(owned).toSorted((a, b) => createdAt(b) - createdAt(a))[0];
}

const ACME_FAILURES: ReadonlySet<string> = new Set(['invalid', 'expired', 'errored']);

function ofAcme(step: AcmeStep | undefined): Blocked | undefined {
  const { state = '', reason = '' } = step?.status ?? {};
  if (step === undefined || state === 'valid' || state === 'ready') return undefined;
  if (!ACME_FAILURES.has(state) && reason === '') return undefined;
  const host = step.spec?.dnsName === undefined ? '' : ` for ${step.spec.dnsName}`;
  return {
    text: `${step.kind} ${step.metadata.name}${host} is ${state === '' ? 'pending' : state}${reason === '' ? '' : `: ${reason}`}`,
    resource: refFor(step),
    isDefinite: ACME_FAILURES.has(state),
    evidence: [
      ...(state === '' ? [] : [fieldEvidence(step, 'status.state', state)]),
      ...(reason === '' ? [] : [fieldEvidence(step, 'status.reason', reason)]),
    ],
  };
}

function ofRequest(request: CertificateRequest | undefined): Blocked | undefined {
  const conditions = request?.status?.conditions;
  const denied = conditionOf(conditions, 'Denied') ?? conditionOf(conditions, 'InvalidRequest');
  const ready = conditionOf(conditions, 'Ready');
  const found = denied?.status === 'True' ? denied : ready?.status === 'False' ? ready : undefined;
  if (request === undefined || found === undefined) return undefined;
  const { reason = '', message = '' } = found;
  const isDefinite = found === denied || reason === 'Failed' || reason === 'Denied';
  // Requests that merely wait say no more than their issuer does.
  if (!isDefinite && message === '') return undefined;
  return {
    text: `CertificateRequest ${request.metadata.name} says ${reason}: ${message}`,
    resource: refFor(request),
    isDefinite,
    evidence: conditionEvidence(request, found),
  };
}

function ofIssuer({ snapshot }: Examination, certificate: Certificate): Blocked | undefined {
  const ref = issuerOf(certificate.spec?.issuerRef, certificate.metadata.namespace ?? '');
  if (ref === undefined) return undefined;
  const issuer = snapshot.resolve(ref) as Issuer | undefined;
  const ready = conditionOf(issuer?.status?.conditions, 'Ready');
  if (issuer !== undefined) {
    if (ready?.status !== 'False') return undefined;
    const text = `its ${refText(ref)} is not ready`;
    return { text, resource: ref, isDefinite: true, evidence: conditionEvidence(issuer, ready) };
  }
  if (ref.group !== GROUP || absenceOf(snapshot, ref.group, ref.kind, ref.namespace) !== 'certain') return undefined;
  const text = `its ${refText(ref)} does not exist`;
  const evidence = [absenceEvidence(ref.kind, ref.namespace, ref.name, 'named by spec.issuerRef', ref.group)];
  return { text, resource: ref, isDefinite: true, evidence };
}

function refFor({ kind, metadata }: KubeObject): ResourceRef {
  const group = kind === 'CertificateRequest' ? GROUP : 'acme.cert-manager.io';
  return { group, kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** How many Certificates name each issuer, by `refKey`. */
export function issuedBy({ snapshot }: Examination): ReadonlyMap<string, readonly Certificate[]> {
  return Map.groupBy(snapshot.listCustom('cert-manager.io/Certificate'), ({ spec, metadata }) => {
    const ref = issuerOf(spec?.issuerRef, metadata.namespace ?? '');
    return ref === undefined ? '' : refKey(ref);
  });
}

/** Whether an issuance is under way. */
export function isIssuing({ status }: Certificate): boolean {
  return isTrue(status?.conditions, 'Issuing');
}
