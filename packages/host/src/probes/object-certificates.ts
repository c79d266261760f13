/** Certificates that stand in objects of the cluster: TLS Secrets, and the CA bundles of webhooks and aggregated APIs. */
import type { X509Certificate } from 'node:crypto';
import {
  refKey,
  refOf,
  type CertificateFacts,
  type ClusterSnapshot,
  type FoundCertificate,
  type ResourceRef,
  type UnreadableCertificate,
} from '@aia/cluster';
import { certificateFacts, fingerprintOf } from './certificate-facts.ts';
import { certificateBlocks, readCertificate } from './tls-secret.ts';

/** What objects hold. */
export interface ObjectCertificates {
  readonly certificates: readonly CertificateFacts[];
  readonly unreadable: readonly UnreadableCertificate[];
}

/** Reads Secrets as they were found, and every CA bundle in the snapshot; says which bundle signed which Secret's certificate. */
export function objectCertificates(
  all: readonly FoundCertificate[],
  snapshot: Pick<ClusterSnapshot, 'list' | 'listCustom'>,
): ObjectCertificates {
  // A dump may hold an object twice, once by its metadata only.
  const found = [...new Map(all.map((one) => [`${refKey(one.secret)} ${one.pemBase64}`, one])).values()];
  const bundles = bundlesOf(snapshot);
  const authorities = Map.groupBy(
    new Map(bundles.flatMap(({ certificates }) => certificates.map((one) => [fingerprintOf(one), one]))).values(),
    ({ subject }) => subject,
  );
  return {
    certificates: [...found.flatMap((secret) => ofSecret(secret, authorities)), ...bundles.flatMap(ofBundle)],
    unreadable: [...found.flatMap(unreadableSecret), ...bundles.flatMap(unreadableBundle)],
  };
}

type Authorities = ReadonlyMap<string, readonly X509Certificate[]>;

function ofSecret({ secret, pemBase64, keyMatches }: FoundCertificate, authorities: Authorities): CertificateFacts[] {
  const [leaf, ...chain] = parsed(Buffer.from(pemBase64, 'base64').toString('latin1'));
  if (leaf === undefined) return [];
  return [
    certificateFacts(leaf, {
      source: { kind: 'secret', ref: secret },
      expectedHosts: [],
      chainError: chainGap(leaf, chain),
      chain,
      keyMatches,
      ...(authorities.size > 0 && { signedBy: signersOf(leaf, chain, authorities) }),
    }),
  ];
}

function unreadableSecret({ secret, found }: FoundCertificate): UnreadableCertificate[] {
  return found === undefined ? [] : [{ source: { kind: 'secret', ref: secret }, found }];
}

/** RFC 8446 section 4.4.2: each certificate should certify the one before it. Clients that find the right one among them do not mind. */
function chainGap(leaf: X509Certificate, chain: readonly X509Certificate[]): string | undefined {
  if (chain.length === 0 || leaf.subject === leaf.issuer) return undefined;
  return chain.some((one) => leaf.checkIssued(one))
    ? undefined
    : 'none of the certificates behind it issued it, so the chain has a gap';
}

/** Certificates of bundles that vouch for one: pinned, or its signer, or the signer of a signer that came with it. */
function signersOf(leaf: X509Certificate, chain: readonly X509Certificate[], authorities: Authorities): string[] {
  const signers = new Set<string>();
  let current: X509Certificate | undefined = leaf;
  for (let step = 0; current !== undefined && step <= chain.length; step++) {
    const here: X509Certificate = current;
    for (const one of authorities.get(here.subject) ?? [])
      if (one.fingerprint256 === here.fingerprint256) signers.add(fingerprintOf(one));
    for (const one of authorities.get(here.issuer) ?? []) if (isSignedBy(here, one)) signers.add(fingerprintOf(one));
    current = chain.find((one) => one !== here && isSignedBy(here, one));
  }
  return [...signers].sort();
}

function isSignedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  try {
    return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  } catch {
    return false;
  }
}

interface Bundle {
  readonly ref: ResourceRef;
  readonly path: string;
  readonly certificates: readonly X509Certificate[];
  /** Why there are none, where a bundle stands. */
  readonly found: string | undefined;
}

function ofBundle({ ref, path, certificates }: Bundle): CertificateFacts[] {
  return certificates.map((one) =>
    certificateFacts(one, { source: { kind: 'ca-bundle', ref, path }, expectedHosts: [], chainError: undefined }),
  );
}

function unreadableBundle({ ref, path, found }: Bundle): UnreadableCertificate[] {
  return found === undefined ? [] : [{ source: { kind: 'ca-bundle', ref, path }, found }];
}

/** Each text once per object: the webhooks of a configuration mostly share theirs. */
function bundlesOf(snapshot: Pick<ClusterSnapshot, 'list' | 'listCustom'>): readonly Bundle[] {
  const read = new Map<string, readonly X509Certificate[]>();
  const bundle = (ref: ResourceRef, path: string, text: string): Bundle => {
    const pem = Buffer.from(text, 'base64').toString('latin1');
    let certificates = read.get(text);
    if (certificates === undefined) read.set(text, (certificates = parsed(pem)));
    const found = certificates.length > 0 || isMasked(text) ? undefined : whatElse(pem);
    return { ref, path, certificates, found };
  };
  const webhooks = (['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const).flatMap((kind) =>
    snapshot.list(kind).flatMap((configuration) => {
      const texts = new Map<string, number>();
      (configuration.webhooks ?? []).forEach(({ clientConfig }, i) => {
        const { caBundle } = clientConfig ?? {};
        if (caBundle !== undefined && caBundle !== '' && !texts.has(caBundle)) texts.set(caBundle, i);
      });
      return [...texts].map(([text, i]) => bundle(refOf(configuration), `webhooks[${i}].clientConfig.caBundle`, text));
    }),
  );
  const services = snapshot.listCustom('apiregistration.k8s.io/APIService').flatMap((service) => {
    const { caBundle } = service.spec ?? {};
    return caBundle === undefined || caBundle === '' ? [] : [bundle(refOf(service), 'spec.caBundle', caBundle)];
  });
  return [...webhooks, ...services];
}

/** Whoever masks a dump may mask this too, although it is public. */
function isMasked(text: string): boolean {
  return !/^[A-Za-z0-9+/=\s]+$/.test(text) || /redact|mask|remov|omit|hidden|trunc/i.test(text);
}

function whatElse(pem: string): string {
  if (pem.trim() === '') return 'nothing';
  return pem.includes('-----BEGIN CERTIFICATE-----') ? 'a damaged certificate' : 'no certificate';
}

function parsed(pem: string): X509Certificate[] {
  return certificateBlocks(pem).flatMap((block) => readCertificate(block) ?? []);
}
