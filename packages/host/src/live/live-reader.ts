/** Reads a running cluster. The only place that talks to a Kubernetes API server. */
import {
  SnapshotBuilder,
  UsageCollector,
  type ClusterReader,
  type ClusterSnapshot,
  type FoundCertificate,
  type MissingInput,
  missingSurroundings,
} from '@aia/cluster';
import type { KubeConfig } from '@kubernetes/client-node';
import { objectCertificates } from '../probes/object-certificates.ts';
import { readTls } from '../probes/tls-secret.ts';
import { ApiClient } from './api-client.ts';
import { connect } from './connect.ts';
import { createClientTransport } from './client-transport.ts';
import { discover } from './discovery.ts';
import { createFetchTransport } from './fetch-transport.ts';
import { readCloud, readUsage, warningsOf } from './interpret.ts';
import { loadKubeConfig } from './kube-config.ts';
import { liveSettings, type LiveOptions, type LiveSettings, type Progress } from './live-options.ts';
import { tidyMissing } from './missing.ts';
import { readPrometheus, readToken } from './prometheus.ts';
import { readLogs } from './read-logs.ts';
import { readObjects, type ReadObjects } from './read-objects.ts';
import { readSurroundings } from './read-surroundings.ts';
import type { ApiTransport } from './transport.ts';

/** A snapshot with what it was made from and does not hold itself. */
export interface LiveObservation {
  readonly snapshot: ClusterSnapshot;
  /** Name of the kubeconfig context. */
  readonly context: string;
  /** Public certificates of TLS Secrets, as they stood; empty unless asked for. */
  readonly certificates: readonly FoundCertificate[];
}

/** Pages of 500 large objects reach some hundred megabytes at the very most. */
const BODY_BYTES = 256 * 1024 * 1024;

/**
 * Reader of a live cluster; see {@link observeLive}.
 * @throws RangeError, TypeError for options that cannot be right
 */
export function createLiveReader(options: LiveOptions = {}): ClusterReader {
  const settings = liveSettings(options);
  return { observe: async (signal) => (await observe(settings, signal)).snapshot };
}

/**
 * Reads everything once. Only GET requests are made.
 * @throws HostError `kubeconfig-missing`, `kubeconfig-invalid`, `context-not-found`, `credential-plugin`, `unreachable`,
 * `unauthorized`, `cancelled`
 */
export function observeLive(options: LiveOptions = {}, signal?: AbortSignal): Promise<LiveObservation> {
  return observe(liveSettings(options), signal);
}

async function observe(settings: LiveSettings, signal: AbortSignal | undefined): Promise<LiveObservation> {
  const { prometheus } = settings;
  const history = prometheus && createFetchTransport(prometheus.url, await readToken(prometheus, settings.env));
  const config = await loadKubeConfig(settings);
  const transport = await createClientTransport(config);
  try {
    return await observeOver({ api: transport, history }, contextOf(config), settings, signal);
  } finally {
    await transport.close();
  }
}

/** The context in use, and the namespace that it names. */
interface Context {
  readonly name: string;
  readonly namespace: string | undefined;
}

function contextOf(config: KubeConfig): Context {
  const name = config.getCurrentContext();
  return { name, namespace: config.getContextObject(name)?.namespace };
}

interface Transports {
  readonly api: ApiTransport;
  readonly history: ApiTransport | undefined;
}

async function observeOver(
  transports: Transports,
  context: Context,
  settings: LiveSettings,
  signal: AbortSignal | undefined,
): Promise<LiveObservation> {
  const { server } = transports.api;
  const client = clientFor(transports.api, settings, signal);
  const steps = progress(settings);
  const missing: MissingInput[] = [];
  steps('connect');
  const { version: serverVersion, isSimulated } = await connect(client, server, missing);
  const around = isSimulated ? await readSurroundings(client) : undefined;
  steps('discover');
  const read = await readObjects(client, await discover(client, settings.concurrency), settings, {
    server,
    namespace: context.namespace,
  });
  missing.push(...read.missing);
  const builder = admitAll(read);
  const observedAt = around?.observedAt ?? settings.time.now();
  const usage = new UsageCollector();
  if (transports.history !== undefined || (around?.usage.containers.length ?? 0) === 0)
    missing.push(...(await readHistory(transports.history, settings, observedAt, usage, builder, signal)));
  const kind = isSimulated ? ('simulated' as const) : ('live' as const);
  const facts = { source: { kind, name: context.name }, observedAt, serverVersion };
  const objects = builder.build(facts);
  const crash = await readCrashLogs(client, objects, builder, settings);
  missing.push(...crash.missing);
  const inObjects = objectCertificates(builder.certificates, objects);
  const own = {
    certificates: inObjects.certificates,
    unreadableCertificates: inObjects.unreadable,
    cloud: readCloud(objects, builder),
    usage: readUsage(objects, usage, observedAt, builder),
  };
  const parts = around === undefined ? own : withSurroundings(own, around);
  missing.push(...missingSurroundings(parts, 'not read from a live cluster'));
  const snapshot = builder.build({ ...facts, ...parts, logs: crash.logs, missing: tidyMissing(missing) });
  steps('done', snapshot.objects.length);
  return { snapshot, context: context.name, certificates: builder.certificates };
}

type Parts = Pick<ClusterSnapshot, 'certificates' | 'unreadableCertificates' | 'cloud' | 'usage'>;

/** What lies around comes from the simulation, what the objects themselves say from them; its Secrets hold no certificates. */
function withSurroundings(own: Parts, { certificates, cloud, usage, endpoints }: ClusterSnapshot) {
  const outside = certificates.filter(({ source }) => source.kind !== 'ca-bundle');
  return {
    ...own,
    certificates: [...outside, ...own.certificates],
    cloud: { ...cloud, autoscaler: own.cloud.autoscaler ?? cloud.autoscaler },
    usage: own.usage.sources.includes('prometheus') || usage.containers.length === 0 ? own.usage : usage,
    endpoints,
  };
}

function progress(settings: LiveSettings): (phase: Progress['phase'], objects?: number) => void {
  return (phase, objects = 0) => settings.onProgress({ phase, kind: '', done: 0, total: 0, objects });
}

function clientFor(transport: ApiTransport, settings: LiveSettings, signal: AbortSignal | undefined): ApiClient {
  const { time, retry: limits, timeoutMs } = settings;
  return new ApiClient({ transport, time, limits, timeoutMs, maxBodyBytes: BODY_BYTES, signal });
}

/** In the order of kinds, whatever order the answers came in. */
function admitAll({ lists }: ReadObjects): SnapshotBuilder {
  const builder = new SnapshotBuilder(readTls);
  for (const { resource, items } of lists) {
    const { group, version, resource: plural } = resource;
    const source = group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`;
    items.forEach((item, i) => builder.add(item, source, `items[${i}]`));
  }
  return builder;
}

/** Into `usage`, so that no answer is held longer than it takes to read it. */
async function readHistory(
  transport: ApiTransport | undefined,
  settings: LiveSettings,
  observedAt: number,
  usage: UsageCollector,
  builder: SnapshotBuilder,
  signal: AbortSignal | undefined,
): Promise<readonly MissingInput[]> {
  const { prometheus } = settings;
  if (prometheus === undefined || transport === undefined) return [NO_HISTORY];
  const client = clientFor(transport, settings, signal);
  const warnings = new Set<string>();
  const missing = await readPrometheus(
    client,
    { ...prometheus, namespaces: settings.includeOtherNamespaces === true ? undefined : settings.namespaces },
    observedAt,
    (answer, quantity) => {
      for (const warning of warningsOf(answer)) warnings.add(warning.slice(0, 300));
      return usage.addPrometheus(answer, `prometheus ${quantity}`, quantity);
    },
    (done, total) => settings.onProgress({ phase: 'usage', kind: '', done, total, objects: 0 }),
  );
  for (const message of [...warnings].slice(0, 10))
    builder.problem({ source: 'prometheus', place: '', message, severity: 'warning' });
  return missing === undefined ? [] : [missing];
}

const NO_HISTORY: MissingInput = {
  input: 'usage-history',
  reason: 'no Prometheus was given',
  consequence: 'how much CPU and memory containers need over days is not known',
};

async function readCrashLogs(
  client: ApiClient,
  objects: ClusterSnapshot,
  builder: SnapshotBuilder,
  settings: LiveSettings,
): Promise<Pick<ClusterSnapshot, 'logs' | 'missing'>> {
  if (settings.logs === false) return { logs: [], missing: [] };
  settings.onProgress({ phase: 'logs', kind: '', done: 0, total: settings.logs.containers, objects: builder.size });
  const { logs, missing } = await readLogs(
    client,
    objects,
    settings.logs,
    (text) => builder.redactLog(text),
    settings.concurrency,
  );
  return { logs, missing: missing === undefined ? [] : [missing] };
}
