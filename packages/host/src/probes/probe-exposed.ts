/** Asks the endpoints that a cluster exposes, with restraint, and adds what they answered to a snapshot. */
import { setTimeout as pause } from 'node:timers/promises';
import { createSnapshot, type ClusterSnapshot, type EndpointProbeResult, type MissingInput } from '@aia/cluster';
import { inParallel } from '../live/in-parallel.ts';
import { locate } from './allowed-address.ts';
import { askEndpoint, type Answer } from './ask-endpoint.ts';
import { endpointText } from './endpoint.ts';
import { exposedEndpoints, type ExposedEndpoint } from './exposed-endpoints.ts';
import type { CertificateProbe } from './probe-certificate.ts';

/** How to ask; the defaults are what the command line uses. */
export interface ProbeExposedOptions {
  /** Only what objects in these namespaces expose; default all. */
  readonly namespaces?: readonly string[] | undefined;
  /** Also connect to loopback addresses, as clusters on this machine have. Default false. */
  readonly allowLoopback?: boolean | undefined;
  /** Longest time for one request, and for one look-up of a name, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Pause before a failed request is repeated once, in milliseconds. Default 1000. */
  readonly retryAfterMs?: number | undefined;
  /** Endpoints asked at most; default 200. */
  readonly most?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds; default the machine's. */
  readonly now?: (() => number) | undefined;
}

/** What one endpoint answered, with the certificate that it showed. */
export interface ExposedProbe {
  readonly result: EndpointProbeResult;
  readonly certificate: CertificateProbe | undefined;
}

/** Everything that was asked, and what was not. */
export interface ExposedProbes {
  readonly probes: readonly ExposedProbe[];
  readonly missing: readonly MissingInput[];
}

/** Hosts asked at a time; the endpoints of one host are asked one after the other. */
const AT_A_TIME = 8;
/** Requests to one host at most. */
const BUDGET = 8;
const REDIRECTS = 3;

/**
 * Asks what the snapshot's Ingresses, Gateways and load balancers expose, and nothing else.
 * @throws the signal's reason when cancelled
 */
export async function probeExposed(
  snapshot: ClusterSnapshot,
  options: ProbeExposedOptions = {},
): Promise<ExposedProbes> {
  const { namespaces, most = 200 } = options;
  const all = exposedEndpoints(snapshot).filter(
    ({ exposedBy }) => namespaces === undefined || namespaces.includes(exposedBy.namespace),
  );
  const hosts = [...Map.groupBy(all.slice(0, most), ({ host }) => host.toLowerCase()).values()];
  const asked = await inParallel(hosts, AT_A_TIME, (endpoints) => probeHost(endpoints, options));
  const missing = asked.flatMap((one) => one.missing);
  if (all.length > most)
    missing.push({
      input: 'endpoints',
      reason: `the cluster exposes ${all.length} endpoints, of which ${most} were asked`,
      consequence: 'whether the others answer is not known',
    });
  return { probes: asked.flatMap(({ probes }) => probes), missing };
}

/** The snapshot with what was answered. */
export function withExposed(snapshot: ClusterSnapshot, { probes, missing }: ExposedProbes): ClusterSnapshot {
  const shown = probes.flatMap(({ certificate }) => (certificate?.kind === 'certificate' ? [certificate.facts] : []));
  const certificates = [...snapshot.certificates, ...shown];
  return createSnapshot({
    ...snapshot,
    endpoints: [...snapshot.endpoints, ...probes.map(({ result }) => result)],
    certificates,
    missing: [...snapshot.missing.filter(({ input }) => input !== 'certificates' || shown.length === 0), ...missing],
  });
}

interface Asked {
  readonly probes: ExposedProbe[];
  readonly missing: MissingInput[];
}

async function probeHost(endpoints: readonly ExposedEndpoint[], options: ProbeExposedOptions): Promise<Asked> {
  const found: Asked = { probes: [], missing: [] };
  let budget = BUDGET;
  for (const endpoint of endpoints) {
    const { host, port, addresses } = endpoint;
    const { allowLoopback = false, timeoutMs = 10_000 } = options;
    const place = await locate(host, addresses, { allowLoopback, timeoutMs });
    options.signal?.throwIfAborted();
    if (place.kind === 'refused' || budget === 0) {
      const reason =
        place.kind === 'refused'
          ? `${place.address} is no address that a cluster may name to be asked`
          : `${BUDGET} requests to one host are enough`;
      const consequence = 'whether it answers is not known';
      found.missing.push({ input: `endpoint:${endpointText({ host, port })}`, reason, consequence });
      continue;
    }
    const { probe, requests } = await probeOne(endpoint, place, budget, options);
    budget -= requests;
    found.probes.push(probe);
  }
  return found;
}

type Place =
  { readonly kind: 'found'; readonly address: string; readonly resolves: boolean } | { readonly kind: 'unresolved' };

interface Probed {
  readonly probe: ExposedProbe;
  /** Redirects that were followed included. */
  readonly requests: number;
}

async function probeOne(
  endpoint: ExposedEndpoint,
  place: Place,
  budget: number,
  options: ProbeExposedOptions,
): Promise<Probed> {
  const at = (options.now ?? Date.now)();
  if (place.kind === 'unresolved') {
    const answer: Answer = { fault: 'name-unresolved', faultText: 'no address is known for the name' };
    return { probe: probeOf(endpoint, undefined, [answer], { at, resolves: false }), requests: 0 };
  }
  const first = await follow(endpoint, place.address, budget, options);
  const chains = [first];
  if (isFailure(first.answer) && first.answer.fault !== 'timeout' && first.requests < budget) {
    await pause(options.retryAfterMs ?? 1000, undefined, { ...(options.signal && { signal: options.signal }) });
    chains.push(await follow(endpoint, place.address, budget - first.requests, options));
  }
  const answers = chains.map(({ answer }) => answer);
  const requests = chains.reduce((sum, chain) => sum + chain.requests, 0);
  return { probe: probeOf(endpoint, place.address, answers, { at, resolves: place.resolves }), requests };
}

/** Follows redirects that stay at the host; the certificate of the last secure step counts. */
async function follow(
  endpoint: ExposedEndpoint,
  address: string,
  budget: number,
  { timeoutMs = 10_000, signal }: ProbeExposedOptions,
): Promise<{ answer: Answer; requests: number }> {
  let question = { ...endpoint, address, timeoutMs, signal };
  let certificate: CertificateProbe | undefined;
  for (let requests = 1; ; requests++) {
    const answer = await askEndpoint(question);
    certificate = answer.certificate ?? certificate;
    const next = redirectOf(answer, question);
    if (next === undefined || requests > REDIRECTS || requests >= budget)
      return { answer: { ...answer, ...(certificate !== undefined && { certificate }) }, requests };
    question = { ...question, ...next };
  }
}

/** To the same host, at its port or a usual one; never anywhere else. */
function redirectOf(
  { status = 0, location }: Answer,
  { scheme, host, port, path }: Pick<ExposedEndpoint, 'scheme' | 'host' | 'port' | 'path'>,
): Pick<ExposedEndpoint, 'scheme' | 'port' | 'path'> | undefined {
  if (status < 300 || status > 399 || location === undefined) return undefined;
  const url = URL.parse(location, `${scheme}://${endpointText({ host, port })}${path}`);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '') return undefined;
  const target = url.protocol === 'https:' ? 'https' : 'http';
  const wanted = url.port === '' ? (target === 'https' ? 443 : 80) : Number(url.port);
  if (url.hostname.replace(/^\[|\]$/g, '').toLowerCase() !== host.toLowerCase()) return undefined;
  if (wanted !== port && wanted !== 443 && wanted !== 80) return undefined;
  return { scheme: target, port: wanted, path: `${url.pathname}${url.search}`.slice(0, 2000) };
}

function isFailure({ status, fault }: Answer): boolean {
  return fault !== undefined || status === undefined || status >= 500;
}

function probeOf(
  { scheme, host, port, path, exposedBy }: ExposedEndpoint,
  address: string | undefined,
  answers: readonly Answer[],
  { at, resolves }: { readonly at: number; readonly resolves: boolean },
): ExposedProbe {
  const last = answers.at(-1) ?? {};
  const latencies = answers.flatMap(({ latencyMs }) => latencyMs ?? []);
  const origin = last.location === undefined ? null : URL.parse(last.location);
  return {
    certificate: answers.map(({ certificate }) => certificate).findLast((one) => one !== undefined),
    result: {
      url: `${scheme}://${endpointText({ host, port })}${path}`,
      ...{ host, port, exposedBy, address, resolves, at },
      requests: address === undefined ? 0 : answers.length,
      failures: answers.filter(isFailure).length,
      status: last.status,
      latencyMs: latencies.length === 0 ? undefined : Math.min(...latencies),
      redirectedTo: origin === null || origin.hostname.toLowerCase() === host.toLowerCase() ? undefined : origin.origin,
      fault: last.fault,
      faultText: last.faultText,
    },
  };
}
