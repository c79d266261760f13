/** Takes parsed values of a dump to where they belong: objects, cloud, usage, certificates, logs, the manifest. */
import {
  CloudCollector,
  isPrometheusAnswer,
  SnapshotBuilder,
  UsageCollector,
  type CertificateFacts,
  type ClusterSnapshot,
  type ContainerLog,
  type EndpointProbeResult,
  type SnapshotParts,
} from '@aia/cluster';
import { certificateFacts } from '../probes/certificate-facts.ts';
import { objectCertificates } from '../probes/object-certificates.ts';
import { certificateBlocks, readCertificate, readTls } from '../probes/tls-secret.ts';
import { isProbe, probeFacts } from './endpoint-probe.ts';
import { httpProbeResult, isHttpProbe } from './http-probe.ts';
import { isManifest, type DumpManifest } from './manifest.ts';
import { isBesides, isCollectorErrors, type Kind } from './path-hints.ts';

/** In `kube-system` on managed clusters; whoever runs the autoscaler himself chooses the namespace. */
const AUTOSCALER = 'cluster-autoscaler-status';
/** Lines of a log that are kept, from its end, and characters of each. */
const LOG_LINES = 20;
const LOG_WIDTH = 2000;

/** Everything read so far. */
export class Ingest {
  readonly builder = new SnapshotBuilder(readTls);
  readonly #cloud = new CloudCollector();
  readonly #usage = new UsageCollector();
  readonly #certificates: CertificateFacts[] = [];
  readonly #endpoints: EndpointProbeResult[] = [];
  readonly #logs: ContainerLog[] = [];
  readonly #lists = new Set<string>();
  readonly #passedOver: string[] = [];
  #manifest: DumpManifest | undefined;
  #serverVersion: string | undefined;
  #understood = 0;

  /** Values that meant something. */
  get understood(): number {
    return this.#understood;
  }

  get manifest(): DumpManifest | undefined {
    return this.#manifest;
  }

  /** Kinds (`PodList` → `Pod`) of which a list was read, even an empty one. */
  get listedKinds(): ReadonlySet<string> {
    return this.#lists;
  }

  /** Takes one parsed value; `place` is where in the file it stood. `kindHint` completes items of old bundles, which name none. */
  value(value: unknown, source: string, place: string, kindHint: Kind | undefined): void {
    if (source.endsWith('.json') && (isBesides(source) || isCollectorErrors(source)))
      return this.#besides(value, source);
    if (typeof value !== 'object' || value === null)
      return this.#unknown(source, place, 'neither an object nor a list');
    if (Array.isArray(value)) return this.#list(value, source, place, kindHint);
    if ('apiVersion' in value && 'kind' in value) return this.#object(value as TypedValue, source, place, kindHint);
    if (isManifest(value)) this.#declared(value);
    else if (versionOf(value) !== undefined) this.#serverVersion = versionOf(value);
    else if (isProbe(value))
      this.#certificates.push(...probeFacts(value, (message) => this.#warn(source, place, message)));
    else if (isHttpProbe(value))
      this.#endpoints.push(...httpProbeResult(value, (message) => this.#warn(source, place, message)));
    else if (this.#cloud.add(value, source) === undefined) {
      if (!isPrometheusAnswer(value)) return this.#completed(value, source, place, kindHint);
      this.#usage.addPrometheus(value, source, quantityOf(source));
    }
    this.#understood++;
  }

  /** What the one who made the dump knew, and the files do not say. */
  #declared(manifest: DumpManifest): void {
    this.#manifest = manifest;
    for (const problem of manifest.problems ?? []) this.builder.problem(problem);
  }

  /** Notes a text that is none of what is read. */
  passedOver(source: string): void {
    this.#passedOver.push(source);
  }

  /** Files with text that is none of what is read, such as the tables that kubectl prints. */
  get unread(): readonly string[] {
    return this.#passedOver;
  }

  /** Notes that a List was begun, so that an empty one counts as read. */
  listed(kind: string): void {
    if (kind.endsWith('List') && kind !== 'List') this.#lists.add(kind.slice(0, -'List'.length));
  }

  /** The end of a container's log. */
  log(where: Omit<ContainerLog, 'lines'>, text: string, most: number): void {
    if (this.#logs.length >= most) return;
    // As a whole, because a private key goes over many lines.
    const lines = this.builder.redactLog(text).split('\n');
    const last = lines.filter((line) => line.trim() !== '').slice(-LOG_LINES);
    this.#logs.push({ ...where, lines: last.map((line) => line.slice(0, LOG_WIDTH)) });
    this.#understood++;
  }

  /** Certificates in a PEM file; the first is the one that is served. */
  pem(text: string, source: string): void {
    const [own, ...chain] = certificateBlocks(text).map(readCertificate);
    if (own === undefined) return this.#warn(source, '', 'no readable certificate: its first block is none');
    this.#certificates.push(
      certificateFacts(own, {
        source: { kind: 'file', path: source },
        expectedHosts: [],
        chainError: undefined,
        chain: chain.filter((one) => one !== undefined),
      }),
    );
    this.#understood++;
  }

  /** Everything but `source` and `missing`; `objects` holds what was built so far. */
  parts(objects: ClusterSnapshot): Omit<SnapshotParts, 'source' | 'missing' | 'objects' | 'problems' | 'redactions'> {
    const observedAt = this.#manifest?.collectedAt ?? this.builder.latestAt;
    const { cloud, usage } = this.#collected(objects, observedAt);
    const inObjects = objectCertificates(this.builder.certificates, objects);
    return {
      observedAt,
      serverVersion: this.#manifest?.serverVersion ?? this.#serverVersion,
      cloud,
      usage,
      certificates: [...this.#certificates, ...inObjects.certificates],
      unreadableCertificates: inObjects.unreadable,
      endpoints: this.#endpoints,
      logs: this.#logs,
    };
  }

  /** Objects that are read for what they say about cloud and usage as well. */
  #collected(objects: ClusterSnapshot, observedAt: number) {
    for (const { metadata, data } of objects.list('ConfigMap')) {
      const status = metadata.name === AUTOSCALER ? data?.['status'] : undefined;
      const source = `ConfigMap ${metadata.namespace ?? ''}/${metadata.name}`;
      if (status !== undefined) this.#cloud.addAutoscalerStatus(status, metadata.annotations ?? {}, source);
    }
    for (const metrics of objects.list('PodMetrics')) this.#usage.addPodMetrics(metrics, 'podmetrics', observedAt);
    const cloud = this.#cloud.build({ nodeNames: objects.list('Node').map((node) => node.metadata.name) });
    const usage = this.#usage.build();
    for (const problem of [...this.#cloud.problems, ...this.#usage.problems])
      this.builder.problem({ ...problem, severity: 'warning' });
    return { cloud, usage };
  }

  #object(value: TypedValue, source: string, place: string, kindHint: Kind | undefined): void {
    const { kind, items } = value;
    if (typeof kind === 'string' && Array.isArray(items)) {
      this.listed(kind);
      if (kindHint !== undefined && items.length === 0) this.#lists.add(kindHint.kind);
      // A plain List says nothing of items that do not name their own kind.
      if (kind === 'List' && kindHint !== undefined) value.items = items.map((item) => withKind(item, kindHint));
      this.#understood++;
    } else if (kind === 'SupportBundle') {
      // A bundle's own version stands in the form of an object.
      this.#understood++;
      return;
    } else if (kind === 'Status') {
      const { status, message } = value as { status?: unknown; message?: unknown };
      if (status === 'Failure')
        return this.#warn(
          source,
          place,
          `the API server refused this: ${typeof message === 'string' ? message : 'no reason given'}`,
        );
    } else if (kind === 'EndpointProbe' && isProbe(value)) {
      this.#understood++;
      this.#certificates.push(...probeFacts(value, (message) => this.#warn(source, place, message)));
      return;
    }
    const before = this.builder.size;
    this.builder.add(value, source, place);
    if (this.builder.size > before) this.#understood++;
  }

  #list(values: readonly unknown[], source: string, place: string, kindHint: Kind | undefined): void {
    if (kindHint !== undefined && values.length === 0) {
      this.#lists.add(kindHint.kind);
      this.#understood++;
      return;
    }
    if (isBareMatrix(values)) return this.value({ resultType: 'matrix', result: values }, source, place, undefined);
    if (this.#cloud.add(values, source) !== undefined) {
      this.#understood++;
      return;
    }
    values.forEach((value, i) => this.value(value, source, `${place}[${i}]`, kindHint));
  }

  /** An object of a bundle that names its kind only by the folder it lies in. */
  #completed(value: object, source: string, place: string, kindHint: Kind | undefined): void {
    const completed = kindHint === undefined ? undefined : withKind(value, kindHint);
    if (completed !== undefined && 'metadata' in value)
      return this.#object(completed as TypedValue, source, place, undefined);
    if ('items' in value && Array.isArray(value.items) && kindHint !== undefined)
      return this.#list(value.items, source, `${place}items`, kindHint);
    this.#unknown(source, place, 'JSON that is neither a Kubernetes object nor a listing AIA knows');
  }

  /** What a support bundle says beside the cluster; only what it could not read matters. */
  #besides(value: unknown, source: string): void {
    if (!isCollectorErrors(source) || typeof value !== 'object' || value === null) return;
    for (const [where, error] of Object.entries(value)) {
      const place = Array.isArray(value) ? '' : `namespace ${where}`;
      this.#warn(source, place, `the bundle's collector could not read this: ${String(error)}`);
    }
  }

  #unknown(source: string, place: string, message: string): void {
    this.builder.problem({ source, place, message: `${message}; left out`, severity: 'warning' });
  }

  #warn(source: string, place: string, message: string): void {
    this.builder.problem({ source, place, message, severity: 'warning' });
  }
}

interface TypedValue {
  readonly apiVersion: unknown;
  readonly kind: unknown;
  items?: unknown;
}

function withKind(item: unknown, { apiVersion, kind }: Kind): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return 'kind' in item && 'apiVersion' in item ? item : { apiVersion, kind, ...item };
}

/** `kubectl version -o json`, the answer of `/version`, or the `cluster_version.json` of a support bundle. */
function versionOf(value: object): string | undefined {
  const { serverVersion, info, ...answer } = value as Readonly<Record<string, unknown>>;
  for (const part of [serverVersion, info, answer]) {
    const { gitVersion } = (part ?? {}) as { gitVersion?: unknown };
    if (typeof gitVersion === 'string' && gitVersion !== '') return gitVersion;
  }
  return undefined;
}

/** What `promtool query range -o json` prints: the series without the answer around them. */
function isBareMatrix([first]: readonly unknown[]): boolean {
  const { metric, values } = (first ?? {}) as { metric?: unknown; values?: unknown };
  return typeof metric === 'object' && metric !== null && Array.isArray(values);
}

/** Files of answers whose metric lost its name are told by theirs. */
function quantityOf(source: string): 'cpu' | 'memory' | undefined {
  const name = source.slice(source.lastIndexOf('/') + 1).toLowerCase();
  if (name.includes('cpu')) return 'cpu';
  return /mem|working[-_]?set/.test(name) ? 'memory' : undefined;
}
