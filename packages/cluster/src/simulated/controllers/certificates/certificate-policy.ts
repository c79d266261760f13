/**
 * Whether a Certificate has what it asks for, and why not, in cert-manager's words and order.
 * Source: https://github.com/cert-manager/cert-manager, `internal/controller/certificates/policies`
 */
import type { Secret } from '../../../model/kinds.ts';
import { SECRETS } from '../../api/built-in-types.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { createdAt, issuerRefOf, wantedNames, type CertificateObject } from './certificate-kinds.ts';
import { goTime, renewalAt, rfc1123 } from './certificate-life.ts';

/** Why something is as it is. */
export interface Verdict {
  readonly reason: string;
  readonly message: string;
}

/** The certificate in a Secret. */
export interface Held {
  readonly notBeforeAt: number;
  readonly notAfterAt: number;
  readonly renewalAt: number;
}

/** What is known of a Certificate at a moment. */
export interface Judgement {
  readonly held: Held | undefined;
  /** Why it is not ready; `undefined` where it is. */
  readonly unready: Verdict | undefined;
  /** Why it is to be issued; `undefined` where it need not. */
  readonly issue: Verdict | undefined;
}

export const READY: Verdict = { reason: 'Ready', message: 'Certificate is up to date and has not expired' };

/** Judges a Certificate by its Secret as it is now. `startedAt`: Secrets from before hold no values, and may not have been read. */
export function judge(context: SimulationContext, certificate: CertificateObject, startedAt: number): Judgement {
  const { api, clock, unread } = context;
  const { namespace = '' } = certificate.metadata;
  const secret = api.store.get(SECRETS, namespace, certificate.spec?.secretName ?? '');
  if (secret === undefined && unread?.has('/Secret') !== true) {
    const verdict = { reason: 'DoesNotExist', message: 'Issuing certificate as Secret does not exist' };
    return { held: undefined, unready: verdict, issue: verdict };
  }
  const held = heldBy(context, certificate);
  const flaw = secret === undefined ? undefined : flawOf(context, certificate, secret, startedAt);
  if (flaw !== undefined) return { held, unready: flaw, issue: flaw };
  if (held === undefined) return { held, unready: undefined, issue: undefined };
  const isExpired = held.notAfterAt <= clock.now;
  const isDue = held.renewalAt <= clock.now;
  return {
    held,
    unready: isExpired
      ? { reason: 'Expired', message: `Certificate expired on ${rfc1123(held.notAfterAt)}` }
      : undefined,
    issue: isDue
      ? {
          reason: 'Renewing',
          message: `Renewing certificate as renewal was scheduled at ${goTime(held.renewalAt)}`,
        }
      : undefined,
  };
}

/** By what is known of the Secret, else by what the Certificate itself says. */
function heldBy({ certificates }: SimulationContext, { metadata, spec, status }: CertificateObject): Held | undefined {
  const facts = certificates.ofSecret(metadata.namespace ?? '', spec?.secretName ?? '');
  const notBeforeAt = facts?.notBeforeAt ?? Date.parse(status?.notBefore ?? '');
  const notAfterAt = facts?.notAfterAt ?? Date.parse(status?.notAfter ?? '');
  if (Number.isNaN(notAfterAt)) return undefined;
  const told = Date.parse(status?.renewalTime ?? '');
  const begin = Number.isNaN(notBeforeAt) ? notAfterAt : notBeforeAt;
  const due = facts === undefined && !Number.isNaN(told) ? told : renewalAt(begin, notAfterAt, spec?.renewBefore);
  return { notBeforeAt: begin, notAfterAt, renewalAt: due };
}

function flawOf(
  context: SimulationContext,
  certificate: CertificateObject,
  secret: Secret,
  startedAt: number,
): Verdict | undefined {
  const { certificates } = context;
  const { namespace = '', name } = secret.metadata;
  const isRecorded = !(createdAt(secret) >= Math.floor(startedAt / 1000) * 1000);
  const missing = isRecorded ? undefined : missingIn(secret);
  if (missing !== undefined)
    return { reason: 'MissingData', message: `Issuing certificate as Secret does not contain ${missing}` };
  if (certificates.isUnreadable(namespace, name)) {
    const why = 'error decoding certificate PEM block';
    return {
      reason: 'InvalidCertificate',
      message: `Issuing certificate as Secret contains an invalid certificate: ${why}`,
    };
  }
  if (certificates.ofSecret(namespace, name)?.keyMatches === false) {
    const why = 'tls: private key does not match public key';
    return { reason: 'InvalidKeyPair', message: `Issuing certificate as Secret contains an invalid key-pair: ${why}` };
  }
  return otherIssuer(certificate, secret) ?? otherNames(context, certificate);
}

function missingIn({ data = {} }: Secret): string | undefined {
  if (Object.keys(data).length === 0) return 'any data';
  if ((data['tls.key'] ?? '') === '') return 'a private key';
  return (data['tls.crt'] ?? '') === '' ? 'a certificate' : undefined;
}

function otherIssuer({ metadata, spec }: CertificateObject, secret: Secret): Verdict | undefined {
  const { [ISSUER_NAME]: name, [ISSUER_KIND]: kind = 'Issuer' } = secret.metadata.annotations ?? {};
  const wanted = issuerRefOf(spec?.issuerRef, metadata.namespace ?? '');
  if (name === undefined || wanted === undefined || (wanted.name === name && wanted.kind === kind)) return undefined;
  const before = JSON.stringify(`${kind}.cert-manager.io/${name}`);
  return { reason: 'IncorrectIssuer', message: `Issuing certificate as Secret was previously issued by ${before}` };
}

export const ISSUER_NAME = 'cert-manager.io/issuer-name';
export const ISSUER_KIND = 'cert-manager.io/issuer-kind';

function otherNames({ certificates }: SimulationContext, certificate: CertificateObject): Verdict | undefined {
  const { metadata, spec } = certificate;
  const facts = certificates.ofSecret(metadata.namespace ?? '', spec?.secretName ?? '');
  const wanted = wantedNames(certificate);
  if (facts === undefined || wanted.length === 0) return undefined;
  const common = /CN=([^,]+)/.exec(facts.subject)?.[1];
  const held = new Set([...facts.names, ...(common === undefined ? [] : [common])]);
  const isSame = wanted.every((name) => held.has(name)) && facts.names.every((name) => wanted.includes(name));
  if (isSame) return undefined;
  const message = 'Fields on existing CertificateRequest resource not up to date: [spec.dnsNames]';
  return { reason: 'RequestChanged', message };
}
