import type { ResourceRef } from '../model/resource-ref.ts';

/** Where a certificate was found. */
export type CertificateSource =
  | { readonly kind: 'endpoint'; readonly host: string; readonly port: number }
  | { readonly kind: 'secret'; readonly ref: ResourceRef }
  /** The authorities that the API server checks a webhook or an aggregated API with; `path` is the field they stand in. */
  | { readonly kind: 'ca-bundle'; readonly ref: ResourceRef; readonly path: string }
  | { readonly kind: 'file'; readonly path: string };

/** A certificate that stood behind another one in its file or handshake: an intermediate, or the root. */
export interface ChainCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly notAfterAt: number;
}

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
  /** SHA-256 over the DER form, in hexadecimal. */
  readonly fingerprint?: string;
  /** Whether it may sign others (basicConstraints). */
  readonly isAuthority?: boolean;
  /** What came with it, in the order it stood there. */
  readonly chain?: readonly ChainCertificate[];
  /** Whether the private key beside it is its own; absent where the two were not compared. */
  readonly keyMatches?: boolean;
  /** Fingerprints of the certificates in CA bundles that signed it, itself or over its chain; absent where nobody looked. */
  readonly signedBy?: readonly string[];
}

/** What stood where a certificate was to be, and is none. */
export interface UnreadableCertificate {
  readonly source: CertificateSource;
  /** What was found: `nothing`, `no PEM`, `a private key`, `a certificate in DER`, `damaged PEM`. */
  readonly found: string;
}
