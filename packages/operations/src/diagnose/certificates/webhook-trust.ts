/** Whether the CA bundles of webhooks and aggregated APIs vouch for what answers them. */
import {
  newestFirst,
  refKey,
  refOf,
  timeOf,
  type APIService,
  type CertificateFacts,
  type ClusterSnapshot,
  type Event,
  type KubeObject,
} from '@aia/cluster';
import { covers } from './certificates.ts';
import { conditionOf } from '../conditions.ts';
import type { Evidence } from '../evidence.ts';
import { eventEvidence, fieldEvidence, inOrder, type Examination } from '../examination.ts';
import { parseCreation } from '../messages/creation.ts';

/** A bundle that cannot be right. */
export interface TrustGap {
  readonly object: KubeObject;
  readonly cause: 'empty' | 'not-signed';
  /** Names of the webhooks that it is for; empty for an aggregated API. */
  readonly webhooks: readonly string[];
  /** Field of the bundle, of the first webhook. */
  readonly path: string;
  /** Whether requests pass when the call fails. */
  readonly ignorable: boolean;
  /** Words of the API server that it does not trust what answered. */
  readonly refusal: Evidence | undefined;
  /** What the pods behind the Service mount. */
  readonly serving: CertificateFacts | undefined;
}

/** One connection that the API server makes. */
interface Call {
  readonly name: string;
  readonly path: string;
  readonly caBundle: string;
  readonly ignorable: boolean;
  readonly service: { readonly name: string; readonly namespace: string };
}

/** All gaps, one per object and bundle, in a stable order. */
export function trustGaps(examination: Examination): readonly TrustGap[] {
  const { snapshot } = examination;
  const objects = [
    ...inOrder(snapshot.list('MutatingWebhookConfiguration')),
    ...inOrder(snapshot.list('ValidatingWebhookConfiguration')),
    ...inOrder(snapshot.listCustom('apiregistration.k8s.io/APIService')),
  ];
  return objects.flatMap((object) => {
    if (object.metadata.deletionTimestamp !== undefined || isFresh(examination, object)) return [];
    const groups = Map.groupBy(callsOf(snapshot, object), ({ caBundle }) => caBundle);
    return [...groups.values()].flatMap((calls) => gapOf(examination, object, calls) ?? []);
  });
}

function gapOf(examination: Examination, object: KubeObject, calls: readonly Call[]): TrustGap | undefined {
  const [first] = calls;
  if (first === undefined) return undefined;
  const gap = {
    object,
    webhooks: calls.map(({ name }) => name).filter((name) => name !== ''),
    path: first.path,
    ignorable: calls.every(({ ignorable }) => ignorable),
    refusal: refusalOf(examination, object, calls),
  };
  // Copies of a configuration often leave the bundle out, so an empty one counts only where a call is seen to fail for it.
  if (first.caBundle === '')
    return gap.refusal === undefined ? undefined : { ...gap, cause: 'empty', serving: undefined };
  const trusted = bundles(examination).get(`${refKey(refOf(object))} ${first.path}`) ?? [];
  // An expired authority signs nothing, which is told of itself.
  if (trusted.length === 0 || trusted.every(({ notAfterAt }) => notAfterAt < examination.now)) return undefined;
  const prints = new Set(trusted.map(({ fingerprint }) => fingerprint));
  const serving = servingCertificates(examination, calls);
  const isKnown = serving.length > 0 && serving.every(({ signedBy }) => signedBy !== undefined);
  if (!isKnown || serving.some(({ signedBy = [] }) => signedBy.some((print) => prints.has(print)))) return undefined;
  return { ...gap, cause: 'not-signed', serving: serving[0] };
}

function callsOf(snapshot: ClusterSnapshot, object: KubeObject): readonly Call[] {
  const { namespace: none = '', name } = object.metadata;
  if (object.kind === 'APIService') {
    const api = snapshot.listCustom('apiregistration.k8s.io/APIService').find(({ metadata }) => metadata.name === name);
    const { service, caBundle = '', insecureSkipTLSVerify } = api?.spec ?? {};
    if (service?.name === undefined || service.namespace === undefined || insecureSkipTLSVerify === true) return [];
    const behind = { name: service.name, namespace: service.namespace };
    return [{ name: '', path: 'spec.caBundle', caBundle, ignorable: false, service: behind }];
  }
  const kind = object.kind as 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  return (snapshot.get(kind, none, name)?.webhooks ?? []).flatMap(
    ({ name: webhook, clientConfig, failurePolicy }, i) => {
      const { service, caBundle = '' } = clientConfig ?? {};
      if (service === undefined) return [];
      const path = `webhooks[${i}].clientConfig.caBundle`;
      return [{ name: webhook, path, caBundle, ignorable: failurePolicy === 'Ignore', service }];
    },
  );
}

/** Certificates for the Service's name in Secrets that the pods behind it mount. */
function servingCertificates({ snapshot }: Examination, calls: readonly Call[]): readonly CertificateFacts[] {
  const services = new Map(calls.map(({ service }) => [`${service.namespace}/${service.name}`, service]));
  return [...services.values()].flatMap(({ namespace, name }) => {
    const selector = snapshot.get('Service', namespace, name)?.spec?.selector ?? {};
    if (Object.keys(selector).length === 0) return [];
    const mounted = new Set(
      snapshot
        .withLabels('Pod', namespace, selector)
        .slice(0, 10)
        .flatMap(({ spec }) => spec?.volumes ?? [])
        .flatMap(({ secret, projected }) => [
          secret?.secretName,
          ...(projected?.sources ?? []).map((source) => source.secret?.name),
        ]),
    );
    return secretsOf(snapshot, namespace).filter(
      (certificate) =>
        certificate.source.kind === 'secret' &&
        mounted.has(certificate.source.ref.name) &&
        covers(certificate, `${name}.${namespace}.svc`),
    );
  });
}

const secretIndexes = new WeakMap<ClusterSnapshot, ReadonlyMap<string, readonly CertificateFacts[]>>();

function secretsOf(snapshot: ClusterSnapshot, namespace: string): readonly CertificateFacts[] {
  let index = secretIndexes.get(snapshot);
  if (index === undefined)
    secretIndexes.set(
      snapshot,
      (index = Map.groupBy(snapshot.certificates, ({ source }) =>
        source.kind === 'secret' ? source.ref.namespace : '',
      )),
    );
  return index.get(namespace) ?? [];
}

const bundleIndexes = new WeakMap<Examination, ReadonlyMap<string, readonly CertificateFacts[]>>();

/** By object and field. */
function bundles(examination: Examination): ReadonlyMap<string, readonly CertificateFacts[]> {
  let index = bundleIndexes.get(examination);
  if (index === undefined) {
    const all = examination.snapshot.certificates;
    index = Map.groupBy(all, ({ source }) =>
      source.kind === 'ca-bundle' ? `${refKey(source.ref)} ${source.path}` : '',
    );
    bundleIndexes.set(examination, index);
  }
  return index;
}

/** Made or written to within the grace: injectors need a moment, and pods see a new Secret a minute later. */
function isFresh(examination: Examination, { metadata }: KubeObject): boolean {
  const written = (metadata.managedFields ?? []).map(({ time }) => timeOf(time) ?? 0);
  const last = Math.max(timeOf(metadata.creationTimestamp) ?? 0, ...written);
  return examination.now - last < examination.thresholds.graceMs;
}

const refusalIndexes = new WeakMap<ClusterSnapshot, ReadonlyMap<string, Event>>();

/** What an event or the condition of an aggregated API says of a certificate. */
function refusalOf({ snapshot }: Examination, object: KubeObject, calls: readonly Call[]): Evidence | undefined {
  if (object.kind === 'APIService') {
    const available = conditionOf((object as APIService).status?.conditions, 'Available');
    const isUntrusted = available?.status === 'False' && /x509|certificate/.test(available.message ?? '');
    return isUntrusted ? fieldEvidence(object, `${available.path}.message`, available.message ?? '') : undefined;
  }
  let index = refusalIndexes.get(snapshot);
  if (index === undefined) refusalIndexes.set(snapshot, (index = refusals(snapshot)));
  const event = calls.map(({ name }) => index.get(name)).find((one) => one !== undefined);
  return event === undefined ? undefined : eventEvidence(event);
}

/** Name of a webhook → the newest event that quotes a failed check of its certificate. */
function refusals(snapshot: ClusterSnapshot): ReadonlyMap<string, Event> {
  const found = new Map<string, Event>();
  const events = snapshot.list('Event').filter(({ message }) => message?.includes('x509: ') === true);
  for (const event of events.toSorted(newestFirst)) {
    const name = parseCreation(event.message ?? '')?.name;
    if (name !== undefined && !found.has(name)) found.set(name, event);
  }
  return found;
}
