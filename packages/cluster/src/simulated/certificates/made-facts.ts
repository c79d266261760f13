/** Facts of certificates that nobody really made, and the Secrets that stand for them. */
import type { Secret } from '../../model/kinds.ts';
import type { CertificateFacts } from '../../snapshot/certificate.ts';
import type { ApiServer } from '../api/api-server.ts';
import { SECRETS } from '../api/built-in-types.ts';
import { fakeDigest } from '../kubelet/image-reference.ts';
import type { CertificateRegistry } from './certificate-registry.ts';

/** What makes a certificate what it is. */
export interface MadeCertificate {
  readonly namespace: string;
  /** Of its Secret. */
  readonly name: string;
  /** DNS names and addresses; the first is its subject. */
  readonly names: readonly string[];
  /** `CN=Example CA`; its own subject by default. */
  readonly issuer?: string;
  /** Epoch milliseconds. */
  readonly notBeforeAt: number;
  readonly notAfterAt: number;
  readonly isAuthority?: boolean;
  /** Default true. */
  readonly keyMatches?: boolean;
  readonly chainError?: string;
}

/** The facts, which follow from what was given alone. */
export function madeFacts(made: MadeCertificate): CertificateFacts {
  const { namespace, name, names, notBeforeAt, notAfterAt, isAuthority = false, keyMatches = true } = made;
  const subject = `CN=${names[0] ?? name}`;
  const digest = fakeDigest(`${namespace}/${name} ${names.join(' ')} ${notBeforeAt} ${notAfterAt}`);
  return {
    source: { kind: 'secret', ref: { group: '', kind: 'Secret', namespace, name } },
    subject,
    issuer: made.issuer ?? subject,
    serialNumber: digest.slice(0, 32).toUpperCase(),
    names,
    notBeforeAt,
    notAfterAt,
    expectedHosts: [],
    chainError: made.chainError,
    fingerprint: digest,
    isAuthority,
    keyMatches,
  };
}

/** Readers take it for a value that was masked, and look no further. */
export const MASKED_VALUE = 'simulatedmasked+';

/**
 * Makes or changes a TLS Secret and says what is in it, as whoever writes a certificate by hand does.
 * @throws ApiError as for other Secrets
 */
export function putTlsSecret(
  { api, certificates }: { readonly api: ApiServer; readonly certificates: CertificateRegistry },
  made: MadeCertificate,
  metadata: Partial<Secret['metadata']> = {},
): void {
  const { namespace, name } = made;
  certificates.put(madeFacts(made));
  const data = { 'tls.crt': MASKED_VALUE, 'tls.key': MASKED_VALUE };
  const written = { 'simulation/certificate': fakeDigest(JSON.stringify(made)).slice(0, 16) };
  const known = api.store.get(SECRETS, namespace, name);
  if (known === undefined)
    api.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...metadata, namespace, name, annotations: { ...metadata.annotations, ...written } },
      type: 'kubernetes.io/tls',
      data,
    });
  else
    api.change(SECRETS, namespace, name, (one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        annotations: { ...one.metadata.annotations, ...metadata.annotations, ...written },
        labels: { ...one.metadata.labels, ...metadata.labels },
      },
      data: { ...one.data, ...data },
    }));
}
