/** `collect`: a live cluster as a redacted dump that can be assessed anywhere. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { MissingInput, RedactionCounts } from '@aia/cluster';
import type { EndpointProbe } from '../dump/endpoint-probe.ts';
import type { HttpProbe } from '../dump/http-probe.ts';
import { withoutPosition } from '../dump/read-json.ts';
import { HostError } from '../host-error.ts';
import type { LiveOptions } from '../live/live-options.ts';
import { observeLive, type LiveObservation } from '../live/live-reader.ts';
import type { Endpoint } from '../probes/endpoint.ts';
import type { CertificateProbe } from '../probes/probe-certificate.ts';
import { probeEndpoints, withProbes } from '../probes/probe-endpoints.ts';
import { probeExposed, withExposed, type ExposedProbes } from '../probes/probe-exposed.ts';
import { dumpFiles } from './dump-files.ts';
import { redactCloud } from './redact-cloud.ts';
import { checkTarget, writeArchive, type DumpFile } from './write-archive.ts';

/** Where and what to write. */
export interface CollectOptions {
  /** Path of the `.tar.gz` to write. */
  readonly out: string;
  /** Replace an existing file. Default false. */
  readonly force?: boolean | undefined;
  /** JSON files to put under `cloud/`, for example from `gcloud compute regions describe … --format json`. */
  readonly cloud?: readonly string[] | undefined;
  /** Endpoints to ask for their certificates; none by default. */
  readonly probe?: readonly Endpoint[] | undefined;
  /** Ask the endpoints that the cluster exposes; also at loopback addresses. Both default to false. */
  readonly probeEndpoints?: boolean | undefined;
  readonly probeLoopback?: boolean | undefined;
}

/** What was written. */
export interface CollectSummary {
  readonly out: string;
  readonly bytes: number;
  readonly files: number;
  readonly objects: number;
  /** Objects by `group/Kind`. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Values masked in objects and logs, by place, and in cloud listings. */
  readonly redactions: RedactionCounts & { readonly cloud: number };
  readonly missing: readonly MissingInput[];
}

/**
 * Reads the cluster and writes the dump. Nothing is left behind when either fails.
 * @throws HostError as `observeLive`, and `output-exists`, `output-failed`, `dump-unreadable` for a cloud file that is no JSON
 */
export async function collect(
  live: LiveOptions,
  options: CollectOptions,
  signal?: AbortSignal,
): Promise<CollectSummary> {
  await checkTarget(options.out, options.force === true);
  const cloud = await Promise.all(
    (options.cloud ?? []).map((path, i, paths) => readCloudFile(path, uniqueName(i, paths))),
  );
  const observation = await observeLive(live, signal);
  const probes = await probeEndpoints(options.probe ?? [], { signal });
  const exposed = await askExposed(observation, options, live.namespaces, signal);
  const shown = exposed.probes.flatMap(({ certificate }) => certificate ?? []);
  return writeDump(
    { ...observation, snapshot: withExposed(withProbes(observation.snapshot, probes), exposed) },
    [...cloud, ...probeFiles([...probes, ...shown], observation.snapshot.observedAt), ...answerFiles(exposed)],
    options,
    signal,
  );
}

async function askExposed(
  { snapshot }: LiveObservation,
  { probeEndpoints: asks, probeLoopback: allowLoopback }: CollectOptions,
  namespaces: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<ExposedProbes> {
  return asks === true ? probeExposed(snapshot, { allowLoopback, namespaces, signal }) : { probes: [], missing: [] };
}

/** A file per endpoint that was asked. */
function answerFiles({ probes }: ExposedProbes): readonly CloudFile[] {
  return probes.map(({ result }, i) => {
    const saved: HttpProbe = { kind: 'HttpProbe', result };
    return { path: `endpoints/http-${i + 1}.json`, text: `${JSON.stringify(saved, undefined, 1)}\n`, redactions: 0 };
  });
}

/** A file per certificate that was shown; an endpoint that showed none stands among what is missing. */
function probeFiles(probes: readonly CertificateProbe[], at: number): readonly CloudFile[] {
  return probes.flatMap((probe, i) => {
    if (probe.kind === 'failed' || probe.facts.source.kind !== 'endpoint') return [];
    const { host, port } = probe.facts.source;
    const saved: EndpointProbe = {
      kind: 'EndpointProbe',
      host,
      port,
      at,
      chain: [probe.pem],
      ...(probe.facts.chainError !== undefined && { error: probe.facts.chainError }),
      ...(probe.facts.expectedHosts.length === 0 && { named: false }),
    };
    return [{ path: `endpoints/${i + 1}.json`, text: `${JSON.stringify(saved, undefined, 1)}\n`, redactions: 0 }];
  });
}

/** A file beside the objects, redacted. */
export interface CloudFile extends DumpFile {
  readonly redactions: number;
}

/** Writes an observation that was made before. */
export async function writeDump(
  observation: LiveObservation,
  cloud: readonly CloudFile[],
  options: Pick<CollectOptions, 'out' | 'force'>,
  signal?: AbortSignal,
): Promise<CollectSummary> {
  const { snapshot } = observation;
  const { out, force } = options;
  const written = await writeArchive(out, allFiles(observation, cloud), {
    force,
    modifiedAt: snapshot.observedAt,
    signal,
  });
  const masked = cloud.reduce((sum, { redactions }) => sum + redactions, 0);
  return {
    out,
    ...written,
    objects: snapshot.objects.length,
    kinds: snapshot.kinds(),
    redactions: { ...snapshot.redactions, cloud: masked },
    missing: snapshot.missing,
  };
}

function* allFiles(observation: LiveObservation, cloud: readonly DumpFile[]): Generator<DumpFile> {
  yield* dumpFiles(observation);
  yield* cloud;
}

/** Two listings may have one name in different folders. */
function uniqueName(i: number, paths: readonly string[]): string {
  const names = paths.map((path) => basename(path, '.json').replace(/[^A-Za-z0-9._-]/g, '_'));
  const name = names[i] ?? '';
  return names.indexOf(name) === i ? name : `${name}-${i + 1}`;
}

async function readCloudFile(path: string, name: string): Promise<CloudFile> {
  try {
    const { value, redactions } = redactCloud(JSON.parse(await readFile(path, 'utf8')));
    return { path: `cloud/${name}.json`, text: `${JSON.stringify(value, undefined, 1)}\n`, redactions };
  } catch (cause) {
    throw new HostError('dump-unreadable', `${path} is no JSON file: ${withoutPosition((cause as Error).message)}`, {
      data: { path },
      cause,
    });
  }
}
