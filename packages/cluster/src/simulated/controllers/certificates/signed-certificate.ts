/** What stands in place of requests and certificates, which nobody makes here: the few things that they would say. */
import { isRecord } from '../../../model/unknown-json.ts';
import { wantedNames, type CertificateObject } from './certificate-kinds.ts';

/** What was signed. */
export interface Signed {
  readonly notBeforeAt: number;
  readonly notAfterAt: number;
  /** `CN=Example CA`; `''` for certificates that sign themselves. */
  readonly issuer: string;
}

/** In place of a certificate signing request: follows from what it asks for. */
export function requestText(certificate: CertificateObject): string {
  const { isCA = false } = certificate.spec ?? {};
  return btoa(encodeURIComponent(JSON.stringify({ names: wantedNames(certificate), isCA })));
}

/** Names of a request; none of one that was made elsewhere. */
export function requestedNames(text: string | undefined): readonly string[] {
  const { names } = decoded(text);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/** In place of the certificate. */
export function signedText(signed: Signed): string {
  return btoa(encodeURIComponent(JSON.stringify(signed)));
}

/** What was signed; `undefined` of a certificate that was made elsewhere. */
export function signedOf(text: string | undefined): Signed | undefined {
  const { notBeforeAt, notAfterAt, issuer } = decoded(text);
  if (typeof notBeforeAt !== 'number' || typeof notAfterAt !== 'number' || typeof issuer !== 'string') return undefined;
  return { notBeforeAt, notAfterAt, issuer };
}

function decoded(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(atob(text ?? '')));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
