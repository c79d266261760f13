/** Certificates that end, and issuers that make none. Source: https://cert-manager.io/docs/troubleshooting/ */
import type { KindMap } from '../../model/kinds.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, INGRESSES } from '../api/built-in-types.ts';
import type { IssuerBehaviour } from '../certificates/certificate-behaviour.ts';
import { installKinds, type KindSet } from '../certificates/install-kinds.ts';
import { putTlsSecret } from '../certificates/made-facts.ts';
import { CERTIFICATES, CLUSTER_ISSUERS, MANAGED_CERTIFICATES } from '../controllers/certificates/certificate-kinds.ts';
import { entityOf } from '../entity.ts';
import type { BroughtFault, FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { cloudOf } from './machine-demand.ts';
import { drawIngress } from './network-faults.ts';
import { NoTargetError } from './no-target-error.ts';

type Ingress = KindMap['Ingress'];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ACME = 'https://cert-manager.io/docs/troubleshooting/acme/';
/** What is left of a certificate before somebody should have renewed it. */
const SOON_MS = 30 * DAY;
const LIFETIME_MS = 397 * DAY;

/** A certificate that somebody uploaded: how many days it has left. */
function uploaded(name: string, summary: string, code: string, [min, max]: readonly [number, number]): FaultKind {
  return {
    ...{ name, family: 'certificate', summary },
    source: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls',
    parameters: {
      days: {
        type: 'number',
        summary: 'since it ended, or until it ends',
        min,
        max,
        default: Math.round((min + max) / 2),
        unit: 'days',
      },
    },
    bring: (site, { days }) => {
      const { cluster } = site;
      const ingress = drawIngress(site);
      const { namespace = '', name: of } = ingress.metadata;
      const secret = { namespace, name: `${of}-tls` };
      const hosts = hostsOf(ingress);
      const leftMs = (code === 'certificate-expired' ? -1 : 1) * Number(days) * DAY;
      const put = (notAfterAt: number) =>
        putTlsSecret(cluster, {
          ...{ ...secret, names: hosts, issuer: 'CN=Example Issuing CA,O=Example Trust' },
          ...{ notBeforeAt: notAfterAt - LIFETIME_MS, notAfterAt },
        });
      put(cluster.clock.now + leftMs);
      site.touchOutside(`Secret ${namespace}/${secret.name}`);
      site.change(INGRESSES, ingress, (now) => ({
        ...now,
        spec: { ...now.spec, tls: [{ hosts, secretName: secret.name }] },
      }));
      return {
        truth: { entities: [`Secret ${namespace}/${secret.name}`, entityOf(ingress)], classes: [code] },
        touched: site.takeTouched(),
        settlesMs: 10 * MINUTE,
        remedy: 'Renew the certificate.',
        repair: ({ clock }) => put(clock.now + LIFETIME_MS),
        isGone: ({ certificates, clock }) =>
          (certificates.ofSecret(namespace, secret.name)?.notAfterAt ?? Infinity) - clock.now > SOON_MS,
      };
    },
  };
}

/** Why an issuer of cert-manager makes no certificate. */
interface IssuerRow extends Pick<FaultKind, 'name' | 'summary' | 'source'> {
  readonly classes: readonly string[];
  readonly remedy: string;
  /** Without, there is no such issuer. */
  readonly behaviour?: IssuerBehaviour;
}

const ISSUER_ROWS: readonly IssuerRow[] = [
  {
    name: 'certificate-issuer-missing',
    summary: 'A Certificate names a ClusterIssuer that does not exist.',
    source: 'https://cert-manager.io/docs/configuration/',
    classes: ['certificate-not-ready'],
    remedy: 'Make the ClusterIssuer, or name one that exists.',
  },
  {
    name: 'certificate-issuer-not-ready',
    summary: 'The account of a ClusterIssuer cannot be registered.',
    source: `${ACME}#2-troubleshooting-orders`,
    classes: ['certificate-issuer-not-ready', 'certificate-not-ready'],
    remedy: 'Give the issuer an address of mail that the authority accepts.',
    behaviour: {
      readyError: {
        reason: 'ErrRegisterACMEAccount',
        message:
          'Failed to register ACME account: 400 urn:ietf:params:acme:error:invalidContact: Error creating new account :: contact email has forbidden domain "example.com"',
      },
    },
  },
  {
    name: 'certificate-issuer-refuses',
    summary: 'The authority behind a ClusterIssuer has made too many certificates of these names.',
    source: 'https://letsencrypt.org/docs/rate-limits/',
    classes: ['certificate-not-ready'],
    remedy: 'Wait until the limit allows another one, or use another issuer.',
    behaviour: {
      signError:
        'Failed to create Order: 429 urn:ietf:params:acme:error:rateLimited: too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s',
    },
  },
  {
    name: 'certificate-challenge-fails',
    summary: 'The authority does not find the answer to its challenge, because the Ingress leads elsewhere.',
    source: `${ACME}#3-troubleshooting-challenges`,
    classes: ['certificate-not-ready'],
    remedy: 'Let requests below /.well-known/acme-challenge/ reach the solver.',
    behaviour: {
      challengeError: "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'",
    },
  },
];

function issuerFault({ classes, remedy, behaviour, ...row }: IssuerRow): FaultKind {
  return {
    ...{ ...row, family: 'certificate', parameters: {} },
    bring: (site) => {
      const target = site.deployment();
      needKinds(site, 'cert-manager');
      const issuer = freeIssuer(site);
      let isRepaired = false;
      const takeBack = site.behave({ issuer: ({ name }) => (name === issuer && !isRepaired ? behaviour : undefined) });
      const make = () => site.create(issuerOf(issuer));
      if (behaviour !== undefined) make();
      const { namespace = '', name } = target.metadata;
      const certificate = site.create({
        ...{ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { namespace, name: `${name}-tls` } },
        spec: {
          secretName: `${name}-tls`,
          dnsNames: [`${name}.example.com`],
          issuerRef: { name: issuer, kind: 'ClusterIssuer', group: 'cert-manager.io' },
        },
      });
      return {
        truth: { entities: [entityOf(certificate), `ClusterIssuer ${issuer}`], classes },
        touched: site.takeTouched(),
        settlesMs: 20 * MINUTE,
        remedy,
        repair: () => {
          isRepaired = true;
          takeBack();
          if (behaviour === undefined) make();
        },
        isGone: ({ api: { store } }) => {
          const now = store.get(CERTIFICATES, namespace, certificate.metadata.name);
          const isReady = now?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
          // An authority that refused is asked again only after an hour.
          return now === undefined || isReady === true || (isRepaired && behaviour?.signError !== undefined);
        },
      };
    },
  };
}

function issuerOf(name: string) {
  const acme = {
    server: 'https://acme-v02.api.letsencrypt.org/directory',
    email: 'ops@example.com',
    privateKeySecretRef: { name: `${name}-account` },
    solvers: [{ http01: { ingress: { ingressClassName: 'gce' } } }],
  };
  return { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name }, spec: { acme } };
}

function freeIssuer({ cluster: { api } }: FaultSite): string {
  const name = ['letsencrypt-production', 'letsencrypt', 'public-ca'].find(
    (one) => api.store.get(CLUSTER_ISSUERS, '', one) === undefined,
  );
  if (name === undefined) throw new NoTargetError('there are issuers of all names already');
  return name;
}

const MANAGED = 'networking.gke.io/managed-certificates';

const managed: FaultKind = {
  name: 'managed-certificate-failed',
  family: 'certificate',
  summary: 'Google cannot provision the certificate of an Ingress for its domain.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/managed-certs#troubleshooting',
  parameters: {
    failure: {
      type: 'choice',
      summary: 'what stands against the domain',
      choices: ['FailedNotVisible', 'FailedCaaChecking', 'FailedCaaForbidden', 'FailedRateLimited'],
      default: 'FailedNotVisible',
    },
  },
  bring: (site, { failure }): BroughtFault => {
    cloudOf(site.cluster);
    const ingress = drawIngress(site);
    needKinds(site, 'managed-certificates');
    const { namespace = '', name: of } = ingress.metadata;
    const name = `${of}-certificate`;
    let isRepaired = false;
    site.behave({
      domain: (place) =>
        place.name === name && place.namespace === namespace && !isRepaired ? { failure: String(failure) } : undefined,
    });
    const certificate = site.create({
      ...{ apiVersion: 'networking.gke.io/v1', kind: 'ManagedCertificate', metadata: { namespace, name } },
      spec: { domains: hostsOf(ingress) },
    });
    site.change(INGRESSES, ingress, (now) => ({
      ...now,
      metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, [MANAGED]: name } },
    }));
    return {
      truth: { entities: [entityOf(certificate), entityOf(ingress)], classes: ['managed-certificate-failed'] },
      touched: site.takeTouched(),
      // A new certificate may take an hour, in which a domain that is not visible yet is no failure.
      settlesMs: 75 * MINUTE,
      remedy: 'Let the DNS of the domain lead to the load balancer, and its CAA records allow Google.',
      repair: () => {
        isRepaired = true;
      },
      isGone: ({ api: { store } }) => {
        const now = store.get(MANAGED_CERTIFICATES, namespace, name);
        return isRepaired || now === undefined || now.status?.certificateStatus === 'Active';
      },
    };
  },
};

export const CERTIFICATE_FAULTS: readonly FaultKind[] = [
  uploaded(
    'certificate-expiring',
    'The certificate of an Ingress ends soon, and nothing renews it.',
    'certificate-expiring',
    [1, 27],
  ),
  uploaded('certificate-expired', 'The certificate of an Ingress has ended.', 'certificate-expired', [1, 30]),
  ...ISSUER_ROWS.map(issuerFault),
  managed,
];

function hostsOf({ metadata: { name }, spec }: Ingress): readonly string[] {
  const hosts = [...new Set((spec?.rules ?? []).flatMap(({ host }) => host ?? []))];
  return hosts.length > 0 ? hosts : [`${name}.example.com`];
}

/** Has the kinds of an add-on, which is installed where it is not there. */
function needKinds(site: FaultSite, set: KindSet): void {
  const { api } = site.cluster;
  const names = () => [...api.store.list(CUSTOM_RESOURCE_DEFINITIONS)].map(entityOf);
  const before = new Set(names());
  installKinds(api, set);
  for (const name of names()) if (!before.has(name)) site.touchOutside(name);
}
