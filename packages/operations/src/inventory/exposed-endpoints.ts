/** Ways into a cluster from outside: what answered where somebody asked, and what could be asked where nobody did. */
import { refOf, refKey, type KindMap, type ResourceRef } from '@aia/cluster';
import type { CertificateEntry, ExposedEndpoint } from '@aia/contract';
import { inOrder, type Examination } from '../diagnose/examination.ts';
import { hasAddress, loadBalancers } from '../diagnose/services/load-balancers.ts';
import { probedEndpoints } from '../diagnose/services/probed-endpoints.ts';

/** Probed endpoints first, then those whose certificate alone was asked for, then those that nobody asked. */
export function exposedEndpointsOf(
  examination: Examination,
  certificates: readonly CertificateEntry[],
): readonly ExposedEndpoint[] {
  const ofHost = (host: string) => certificateText(certificates.find((one) => isFor(one, host)));
  const probed = probedEndpoints(examination).map(
    ({ url, host, exposedBy, address, status, ...rest }): ExposedEndpoint => {
      const certificate = url.startsWith('https:') ? ofHost(host) : undefined;
      const time = rest.latencyMs === undefined ? '' : ` after ${Math.round(rest.latencyMs)} ms`;
      return {
        ...{ url, exposedBy },
        ...(address !== undefined && { address }),
        outcome: rest.failures < rest.requests ? 'answers' : 'fails',
        answer: status === undefined ? (rest.faultText ?? 'no answer') : `status ${status}${time}`,
        ...(certificate !== undefined && { certificate }),
      };
    },
  );
  const told = new Set(probed.map(({ url }) => hostOf(url)));
  const handshakes = certificates.filter(
    ({ kind, place }) => kind === 'endpoint' && !told.has(place.replace(/:\d+$/, '')),
  );
  const byHandshake = handshakes.map((one): ExposedEndpoint => {
    const certificate = certificateText(one);
    return {
      url: `https://${one.place}/`,
      outcome: 'answers',
      answer: 'serves a certificate; no request was sent',
      ...(certificate !== undefined && { certificate }),
    };
  });
  for (const { url } of byHandshake) told.add(hostOf(url));
  return [...probed, ...byHandshake, ...unasked(examination, told, new Set(probed.map(keyOf)), ofHost)];
}

function keyOf({ exposedBy }: ExposedEndpoint): string {
  return exposedBy === undefined ? '' : refKey(exposedBy);
}

function hostOf(url: string): string {
  return /^https?:\/\/(\[[^\]]*\]|[^:/]*)/.exec(url)?.[1] ?? url;
}

function isFor({ kind, place, names }: CertificateEntry, host: string): boolean {
  return (kind === 'endpoint' && place.replace(/:\d+$/, '') === host) || names.includes(host);
}

function certificateText(entry: CertificateEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const { state, daysLeft } = entry;
  return daysLeft === undefined ? state : `${state}, ${daysLeft} days left`;
}

function unasked(
  examination: Examination,
  told: ReadonlySet<string>,
  probed: ReadonlySet<string>,
  certificateOf: (host: string) => string | undefined,
): readonly ExposedEndpoint[] {
  const { snapshot } = examination;
  const judged = ({ metadata }: KindMap['Ingress'] | KindMap['Service']) =>
    examination.judges(metadata.namespace ?? '');
  const ingresses = inOrder(snapshot.list('Ingress').filter(judged)).flatMap((ingress) =>
    ofIngress(ingress, certificateOf),
  );
  const services = inOrder(loadBalancers(examination).filter((one) => judged(one) && hasAddress(one))).flatMap(
    ofService,
  );
  return [...ingresses, ...services].filter((one) => !told.has(hostOf(one.url)) && !probed.has(keyOf(one)));
}

const NOT_ASKED = { outcome: 'not-asked', answer: 'not asked; --probe-endpoints asks' } as const;

function ofIngress(ingress: KindMap['Ingress'], certificateOf: (host: string) => string | undefined) {
  const [address] = addressesOf(ingress.status?.loadBalancer?.ingress);
  const hosts = [...new Set((ingress.spec?.rules ?? []).map(({ host }) => host ?? address ?? '*'))];
  return hosts.map((host): ExposedEndpoint => {
    const isSecure = (ingress.spec?.tls ?? []).length > 0;
    const certificate = isSecure ? certificateOf(host) : undefined;
    return {
      url: `${isSecure ? 'https' : 'http'}://${host}/`,
      exposedBy: refOf(ingress),
      ...(address !== undefined && { address }),
      ...NOT_ASKED,
      ...(certificate !== undefined && { certificate }),
    };
  });
}

function ofService(service: KindMap['Service']): readonly ExposedEndpoint[] {
  const exposedBy: ResourceRef = refOf(service);
  return addressesOf(service.status?.loadBalancer?.ingress).flatMap((address) =>
    (service.spec?.ports ?? []).map(({ port }): ExposedEndpoint => ({
      url: `${port === 443 || port === 8443 ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}/`,
      exposedBy,
      address,
      ...NOT_ASKED,
    })),
  );
}

function addressesOf(entries: readonly { readonly ip?: string; readonly hostname?: string }[] = []): readonly string[] {
  return entries.flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
}
