/** The kinds of cert-manager and of Google's managed certificates, as their controllers read and write them. */
import type {
  AcmeStep,
  Certificate,
  CertificateRequest,
  Issuer,
  IssuerReference,
  ManagedCertificate,
} from '../../../model/certificate-kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { resourceType } from '../../api/resource-type.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { ObjectStore } from '../../store/object-store.ts';

/** With what only the controllers look at. */
export interface CertificateObject extends Certificate {
  readonly spec?: NonNullable<Certificate['spec']> & {
    /** Go duration: `2160h`. */
    readonly duration?: string;
    readonly renewBefore?: string;
    readonly privateKey?: { readonly rotationPolicy?: string };
  };
  readonly status?: NonNullable<Certificate['status']> & { readonly nextPrivateKeySecretName?: string };
}

export interface RequestObject extends CertificateRequest {
  readonly spec?: NonNullable<CertificateRequest['spec']> & {
    readonly request?: string;
    readonly duration?: string;
  };
  readonly status?: NonNullable<CertificateRequest['status']> & { readonly certificate?: string };
}

export interface IssuerObject extends Issuer {
  readonly spec?: Readonly<Record<string, unknown>>;
}

const GROUP = 'cert-manager.io';
export const CERTIFICATES = resourceType<CertificateObject>(`${GROUP}/v1`, 'Certificate', 'certificates');
export const CERTIFICATE_REQUESTS = resourceType<RequestObject>(
  `${GROUP}/v1`,
  'CertificateRequest',
  'certificaterequests',
);
export const ISSUERS = resourceType<IssuerObject>(`${GROUP}/v1`, 'Issuer', 'issuers');
export const CLUSTER_ISSUERS = resourceType<IssuerObject>(`${GROUP}/v1`, 'ClusterIssuer', 'clusterissuers', {
  namespaced: false,
});
export const ORDERS = resourceType<AcmeStep>(`acme.${GROUP}/v1`, 'Order', 'orders');
export const CHALLENGES = resourceType<AcmeStep>(`acme.${GROUP}/v1`, 'Challenge', 'challenges');
export const MANAGED_CERTIFICATES = resourceType<ManagedCertificate>(
  'networking.gke.io/v1',
  'ManagedCertificate',
  'managedcertificates',
);

/** The issuer that is named; `undefined` for those of other groups, which nobody here answers for. */
export function issuerRefOf(
  reference: IssuerReference | undefined,
  namespace: string,
): { readonly kind: 'Issuer' | 'ClusterIssuer'; readonly namespace: string; readonly name: string } | undefined {
  const { name = '', kind = 'Issuer', group = GROUP } = reference ?? {};
  if (group !== GROUP && group !== '') return undefined;
  if (kind === 'ClusterIssuer') return { kind, namespace: '', name };
  return kind === 'Issuer' ? { kind, namespace, name } : undefined;
}

/** That issuer. */
export function issuerOf(
  store: ObjectStore,
  reference: NonNullable<ReturnType<typeof issuerRefOf>>,
): IssuerObject | undefined {
  const { kind, namespace, name } = reference;
  return store.get(kind === 'Issuer' ? ISSUERS : CLUSTER_ISSUERS, namespace, name);
}

const TYPES = ['acme', 'ca', 'selfSigned', 'vault', 'venafi'] as const;

/** How an issuer signs: the field of its spec. */
export function issuerType({ spec = {} }: IssuerObject): (typeof TYPES)[number] | undefined {
  return TYPES.find((type) => spec[type] !== undefined);
}

/** Names that a certificate is to be good for, its common name first. */
export function wantedNames({ spec }: CertificateObject): readonly string[] {
  const { commonName, dnsNames = [], ipAddresses = [] } = spec ?? {};
  return [...new Set([...(commonName === undefined ? [] : [commonName]), ...dnsNames, ...ipAddresses])];
}

type Condition = NonNullable<NonNullable<Certificate['status']>['conditions']>[number];

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Puts a condition in its place, or at the end; the time of its transition stays while its status does. */
export function withCondition(
  conditions: readonly Condition[] = [],
  given: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  now: number,
  generation?: number,
): readonly Condition[] {
  const known = conditionOf(conditions, given.type);
  const isSame = known?.status === given.status && known.lastTransitionTime !== undefined;
  const condition: Condition = {
    ...given,
    lastTransitionTime: isSame ? (known.lastTransitionTime as string) : timestamp(now),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  if (known === undefined) return [...conditions, condition];
  return conditions.map((one) => (one.type === given.type ? condition : one));
}

/** Epoch milliseconds of an object's creation; `NaN` where nobody knows. */
export function createdAt({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? '');
}
