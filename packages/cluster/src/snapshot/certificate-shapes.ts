/** Fields of the kinds in `model/certificate-kinds.ts`, and their types. */
import type { CertificateKindMap } from '../model/certificate-kinds.ts';
import { conditions } from './pod-shapes.ts';
import { boolean, fields, list, number, string, type Shape } from './shape.ts';

const issuerRef = fields({ name: string, kind: string, group: string });
const issuer = { status: fields({ conditions }) };
const acmeStep = {
  spec: fields({ dnsName: string, type: string }),
  status: fields({ state: string, reason: string }),
};

export const CERTIFICATE_KIND_FIELDS: { readonly [K in keyof CertificateKindMap]: Readonly<Record<string, Shape>> } = {
  'acme.cert-manager.io/Challenge': acmeStep,
  'acme.cert-manager.io/Order': acmeStep,
  'cert-manager.io/Certificate': {
    spec: fields({
      secretName: string,
      commonName: string,
      dnsNames: list(string),
      ipAddresses: list(string),
      isCA: boolean,
      issuerRef,
    }),
    status: fields({
      conditions,
      notBefore: string,
      notAfter: string,
      renewalTime: string,
      lastFailureTime: string,
      failedIssuanceAttempts: number,
      revision: number,
    }),
  },
  'cert-manager.io/CertificateRequest': {
    spec: fields({ issuerRef }),
    status: fields({ conditions, failureTime: string }),
  },
  'cert-manager.io/ClusterIssuer': issuer,
  'cert-manager.io/Issuer': issuer,
  'networking.gke.io/ManagedCertificate': {
    spec: fields({ domains: list(string) }),
    status: fields({
      certificateName: string,
      certificateStatus: string,
      domainStatus: list(fields({ domain: string, status: string })),
      expireTime: string,
    }),
  },
};
