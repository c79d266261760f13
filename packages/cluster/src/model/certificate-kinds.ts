/** Kinds that issue and renew certificates: cert-manager, https://cert-manager.io/docs/reference/api-docs/, and GKE. */
import type { CustomCondition } from './condition.ts';
import type { KubeObject } from './kube-object.ts';

/** What a Certificate or a CertificateRequest is to be signed by; kind `Issuer` and cert-manager's own group unless it says otherwise. */
export interface IssuerReference {
  readonly name?: string;
  readonly kind?: string;
  readonly group?: string;
}

/** `cert-manager.io/Certificate`: keeps a Secret filled with a certificate. */
export interface Certificate extends KubeObject {
  readonly spec?: {
    readonly secretName?: string;
    readonly commonName?: string;
    readonly dnsNames?: readonly string[];
    readonly ipAddresses?: readonly string[];
    readonly isCA?: boolean;
    readonly issuerRef?: IssuerReference;
  };
  readonly status?: {
    readonly conditions?: readonly CustomCondition[];
    readonly notBefore?: string;
    readonly notAfter?: string;
    readonly renewalTime?: string;
    readonly lastFailureTime?: string;
    readonly failedIssuanceAttempts?: number;
    readonly revision?: number;
  };
}

/** `cert-manager.io/CertificateRequest`: one attempt to have a certificate signed. */
export interface CertificateRequest extends KubeObject {
  readonly spec?: { readonly issuerRef?: IssuerReference };
  readonly status?: { readonly conditions?: readonly CustomCondition[]; readonly failureTime?: string };
}

/** `cert-manager.io/Issuer`, and `ClusterIssuer` without a namespace. */
export interface Issuer extends KubeObject {
  readonly status?: { readonly conditions?: readonly CustomCondition[] };
}

/** `acme.cert-manager.io/Order` and `Challenge`; states: pending, ready, processing, valid, invalid, expired, errored. */
export interface AcmeStep extends KubeObject {
  readonly spec?: { readonly dnsName?: string; readonly type?: string };
  readonly status?: { readonly state?: string; readonly reason?: string };
}

/** `networking.gke.io/ManagedCertificate`, https://cloud.google.com/kubernetes-engine/docs/how-to/managed-certs */
export interface ManagedCertificate extends KubeObject {
  readonly spec?: { readonly domains?: readonly string[] };
  readonly status?: {
    readonly certificateName?: string;
    readonly certificateStatus?: string;
    readonly domainStatus?: readonly { readonly domain?: string; readonly status?: string }[];
    readonly expireTime?: string;
  };
}

/** `group/Kind` → type, a part of `CustomKindMap`. */
export interface CertificateKindMap {
  'acme.cert-manager.io/Challenge': AcmeStep;
  'acme.cert-manager.io/Order': AcmeStep;
  'cert-manager.io/Certificate': Certificate;
  'cert-manager.io/CertificateRequest': CertificateRequest;
  'cert-manager.io/ClusterIssuer': Issuer;
  'cert-manager.io/Issuer': Issuer;
  'networking.gke.io/ManagedCertificate': ManagedCertificate;
}
