/** Who renews a certificate, as far as objects say: cert-manager, an injector of CA bundles, an operator, Helm. */
import {
  controllingReference,
  refOf,
  timeOf,
  type Certificate,
  type CertificateFacts,
  type KubeObject,
  type ResourceRef,
} from '@aia/cluster';
import { isReady } from '../conditions.ts';
import type { Examination } from '../examination.ts';

/** Who renews, and when next where that is known. */
export interface Renewal {
  readonly by: 'cert-manager' | 'managed-certificate' | 'ca-injector' | 'operator' | 'helm' | 'nobody-known';
  /** The object that orders the renewal. */
  readonly resource?: ResourceRef;
  /** In words, as in `Certificate shop/tls of cert-manager`. */
  readonly text: string;
  /** When it is due; epoch milliseconds. */
  readonly renewalAt?: number;
  /** Whether its renewer says that all is well. */
  readonly ready?: boolean;
}

const NOBODY: Renewal = { by: 'nobody-known', text: 'nobody known' };

/** cert-manager's injector: annotations that name where the bundle comes from, https://cert-manager.io/docs/concepts/ca-injector/ */
const INJECT_FROM = 'cert-manager.io/inject-ca-from';
const OTHER_INJECTORS: Readonly<Record<string, string>> = {
  'cert-manager.io/inject-ca-from-secret': "cert-manager's injector, from a Secret",
  'cert-manager.io/inject-apiserver-ca': "cert-manager's injector, from the API server's authority",
  'service.beta.openshift.io/inject-cabundle': 'the service CA operator of OpenShift',
};

/** The renewer of what stands at a source; certificates of endpoints are renewed by whoever renews the Secret behind them. */
export function renewalOf(examination: Examination, certificate: CertificateFacts): Renewal {
  const { source } = certificate;
  if (source.kind === 'secret') return renewalOfSecret(examination, source.ref);
  if (source.kind === 'ca-bundle') return renewalOfBundle(examination, source.ref);
  if (source.kind === 'file') return NOBODY;
  const twin = twins(examination).get(certificate.fingerprint ?? '');
  return twin === undefined ? renewalOfHost(examination, source.host) : renewalOfSecret(examination, twin);
}

/** The renewer of a Secret. */
export function renewalOfSecret(examination: Examination, ref: ResourceRef): Renewal {
  const certificate = orders(examination).get(`${ref.namespace}/${ref.name}`);
  if (certificate !== undefined) return byCertManager(certificate, 'cert-manager');
  const secret = examination.snapshot.resolve({ ...ref, group: '', kind: 'Secret' });
  return secret === undefined ? NOBODY : byKeeper(secret);
}

/** The renewer of a CA bundle. */
export function renewalOfBundle(examination: Examination, ref: ResourceRef): Renewal {
  const object = examination.snapshot.resolve(ref);
  if (object === undefined) return NOBODY;
  const { annotations = {} } = object.metadata;
  const [namespace = '', name = ''] = annotations[INJECT_FROM]?.split('/') ?? [];
  if (name !== '') {
    const resource = { group: 'cert-manager.io', kind: 'Certificate', namespace, name };
    const certificate = examination.snapshot.resolve(resource) as Certificate | undefined;
    if (certificate !== undefined) return byCertManager(certificate, 'ca-injector');
    return { by: 'ca-injector', resource, text: `cert-manager's injector, from Certificate ${namespace}/${name}` };
  }
  const other = Object.keys(OTHER_INJECTORS).find((key) => annotations[key] !== undefined);
  return other === undefined ? byKeeper(object) : { by: 'ca-injector', text: OTHER_INJECTORS[other] ?? '' };
}

function renewalOfHost({ snapshot }: Examination, host: string): Renewal {
  const managed = snapshot
    .listCustom('networking.gke.io/ManagedCertificate')
    .find(({ spec }) => spec?.domains?.includes(host));
  if (managed === undefined) return NOBODY;
  const { namespace = '', name } = managed.metadata;
  return {
    by: 'managed-certificate',
    resource: refOf(managed),
    text: `ManagedCertificate ${namespace}/${name} of GKE`,
    ready: managed.status?.certificateStatus === 'Active',
  };
}

function byCertManager(certificate: Certificate, by: 'cert-manager' | 'ca-injector'): Renewal {
  const { namespace = '', name } = certificate.metadata;
  const renewalAt = timeOf(certificate.status?.renewalTime);
  return {
    by,
    resource: refOf(certificate),
    text: `Certificate ${namespace}/${name} of cert-manager`,
    ...(renewalAt !== undefined && { renewalAt }),
    ready: isReady(certificate),
  };
}

/** Labels and owners, https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
function byKeeper(object: KubeObject): Renewal {
  const { annotations = {}, labels = {} } = object.metadata;
  const owner = controllingReference(object);
  if (annotations['service.beta.openshift.io/originating-service-name'] !== undefined)
    return { by: 'operator', text: 'the service CA operator of OpenShift' };
  if (owner !== undefined) return { by: 'operator', text: `the operator of ${owner.kind} ${owner.name}` };
  const keeper = labels['app.kubernetes.io/managed-by'];
  if (keeper === 'Helm' || annotations['meta.helm.sh/release-name'] !== undefined)
    return {
      by: 'helm',
      text: `Helm release ${annotations['meta.helm.sh/release-name'] ?? '(not named)'}, when it is upgraded`,
    };
  return keeper === undefined ? NOBODY : { by: 'operator', text: keeper };
}

const ordersOf = new WeakMap<Examination, ReadonlyMap<string, Certificate>>();

/** `namespace/secret` → the Certificate that keeps it. */
function orders(examination: Examination): ReadonlyMap<string, Certificate> {
  let found = ordersOf.get(examination);
  if (found === undefined) {
    const certificates = examination.snapshot.listCustom('cert-manager.io/Certificate');
    found = new Map(
      certificates
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map((one) => [`${one.metadata.namespace ?? ''}/${one.spec?.secretName ?? ''}`, one]),
    );
    ordersOf.set(examination, found);
  }
  return found;
}

const twinsOf = new WeakMap<Examination, ReadonlyMap<string, ResourceRef>>();

/** Fingerprint → the Secret that holds the certificate. */
function twins(examination: Examination): ReadonlyMap<string, ResourceRef> {
  let found = twinsOf.get(examination);
  if (found === undefined) {
    const secrets = examination.snapshot.certificates.flatMap(({ source, fingerprint }) =>
      source.kind === 'secret' && fingerprint !== undefined ? [[fingerprint, source.ref] as const] : [],
    );
    twinsOf.set(examination, (found = new Map(secrets)));
  }
  return found;
}
