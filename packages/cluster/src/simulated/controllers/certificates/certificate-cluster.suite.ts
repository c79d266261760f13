/** A cluster with cert-manager and two issuers, as tests of certificates begin. */
import { EVENTS, SECRETS } from '../../api/built-in-types.ts';
import { installKinds } from '../../certificates/install-kinds.ts';
import { SimulatedCluster } from '../../simulated-cluster.ts';
import {
  CERTIFICATE_REQUESTS,
  CERTIFICATES,
  CHALLENGES,
  CLUSTER_ISSUERS,
  conditionOf,
  ISSUERS,
  ORDERS,
  type CertificateObject,
} from './certificate-kinds.ts';

export const NAMESPACE = 'default';
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** `own` signs itself, `public` speaks ACME. */
export function certificateCluster(startAt?: number) {
  const cluster = new SimulatedCluster(startAt === undefined ? {} : { startAt });
  const { api, clock, certificates } = cluster;
  installKinds(api, 'cert-manager');
  api.create(ISSUERS, issuer('Issuer', 'own', { selfSigned: {} }));
  api.create(CLUSTER_ISSUERS, issuer('ClusterIssuer', 'public', { acme: { email: 'ops@example.net' } }));
  clock.advance(1000);
  return {
    cluster,
    api,
    clock,
    certificates,
    create: (name: string, spec: Partial<NonNullable<CertificateObject['spec']>> = {}) =>
      api.create(CERTIFICATES, {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name, namespace: NAMESPACE },
        spec: { secretName: `${name}-tls`, dnsNames: [`${name}.example.com`], issuerRef: { name: 'own' }, ...spec },
      }),
    read: (name: string) => api.get(CERTIFICATES, NAMESPACE, name),
    condition: (name: string, type: string) =>
      conditionOf(api.get(CERTIFICATES, NAMESPACE, name).status?.conditions, type),
    request: (name: string) => api.store.get(CERTIFICATE_REQUESTS, NAMESPACE, name),
    requestCondition: (name: string, type: string) =>
      conditionOf(api.store.get(CERTIFICATE_REQUESTS, NAMESPACE, name)?.status?.conditions, type),
    secret: (name: string) => api.store.get(SECRETS, NAMESPACE, name),
    facts: (name: string) => certificates.ofSecret(NAMESPACE, name),
    orders: () => [...api.store.list(ORDERS, NAMESPACE)],
    challenges: () => [...api.store.list(CHALLENGES, NAMESPACE)],
    told: (name: string) =>
      [...api.store.list(EVENTS)]
        .filter(({ involvedObject }) => involvedObject?.name === name)
        .map(({ type = '', reason = '', message = '' }) => `${type} ${reason} ${message}`),
  };
}

export function issuer(kind: 'Issuer' | 'ClusterIssuer', name: string, spec: Readonly<Record<string, unknown>>) {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind,
    metadata: { name, ...(kind === 'Issuer' ? { namespace: NAMESPACE } : {}) },
    spec,
  };
}
