import type { ResourceRef } from '../model/resource-ref.ts';

/** Where a certificate was found. */
export type CertificateSource =
  | { readonly kind: 'endpoint'; readonly host: string; readonly port: number }
  | { readonly kind: 'secret'; readonly ref: ResourceRef }
  | { readonly kind: 'file'; readonly path: string };

/** The public facts of one X.509 certificate (RFC 5280) or of a failed probe; keys and PEM are never kept. */
export interface CertificateFacts {
  readonly source: CertificateSource;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** Subject alternative names of type DNS and IP. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly notBeforeAt: number;
  readonly notAfterAt: number;
  /** Host names it is expected to serve: the probed host, or none known. */
  readonly expectedHosts: readonly string[];
  /** What the chain check said, for example `certificate has expired`; `undefined` when it was not checked or held. */
  readonly chainError: string | undefined;
}
