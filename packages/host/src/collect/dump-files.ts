/** A live observation as the files of a dump. Pure; one file at a time, so that a large cluster never stands twice in memory. */
import type { ContainerLog, FoundCertificate, KubeObject } from '@aia/cluster';
import { groupOf } from '@aia/cluster';
import { MANIFEST_NAME, type DumpManifest } from '../dump/manifest.ts';
import type { LiveObservation } from '../live/live-reader.ts';
import { savedTls } from '../probes/tls-secret.ts';
import { usageFiles } from './usage-files.ts';
import type { DumpFile } from './write-archive.ts';

/** Objects and characters after which a kind's file is continued in another; strings have a limit in V8. */
const FILE_OBJECTS = 5000;
const FILE_CHARACTERS = 64 * 1024 * 1024;

/** The manifest first, so that a reader knows what it holds before it reads on. */
export function* dumpFiles({ snapshot, context, certificates }: LiveObservation): Generator<DumpFile> {
  const { observedAt: collectedAt, serverVersion, missing, problems } = snapshot;
  const manifest: DumpManifest = {
    format: 'aia.dump',
    version: 1,
    collectedAt,
    context,
    serverVersion,
    missing,
    problems,
  };
  yield { path: MANIFEST_NAME, text: `${JSON.stringify(manifest, undefined, 2)}\n` };
  yield* objectFiles(
    snapshot.objects,
    new Map(certificates.map((found) => [`${found.secret.namespace}/${found.secret.name}`, found])),
  );
  yield* usageFiles(snapshot.usage);
  for (const log of snapshot.logs) yield { path: logPath(log), text: `${log.lines.join('\n')}\n` };
}

type Certificates = ReadonlyMap<string, FoundCertificate>;

/** In the snapshot's order, so that reading the files one after the other gives the objects in the same order. */
function* objectFiles(objects: readonly KubeObject[], certificates: Certificates): Generator<DumpFile> {
  const groups = Map.groupBy(
    objects,
    (object) => `objects/${kindFolder(object)}/${safe(object.metadata.namespace ?? '_cluster').replaceAll('.', '%2e')}`,
  );
  for (const [path, members] of groups) {
    let part = 1;
    for (const text of listTexts(members, certificates)) {
      yield { path: part === 1 ? `${path}.json` : `${path}.${part}.json`, text };
      part++;
    }
  }
}

/** `core_Pod`, `apps_Deployment`. */
function kindFolder(object: KubeObject): string {
  const group = groupOf(object.apiVersion);
  return safe(`${group === '' ? 'core' : group}_${object.kind}`);
}

function* listTexts(objects: readonly KubeObject[], certificates: Certificates): Generator<string> {
  let texts: string[] = [];
  let characters = 0;
  for (const object of objects) {
    const text = JSON.stringify(withCertificate(object, certificates));
    if (texts.length >= FILE_OBJECTS || (texts.length > 0 && characters + text.length > FILE_CHARACTERS)) {
      yield listText(texts);
      texts = [];
      characters = 0;
    }
    texts.push(text);
    characters += text.length;
  }
  yield listText(texts);
}

function listText(items: readonly string[]): string {
  return `{"apiVersion":"v1","kind":"List","items":[\n${items.join(',\n')}\n]}\n`;
}

/** Redaction masks what is public of a TLS Secret with the rest; it stands in its place again. */
function withCertificate(object: KubeObject, certificates: Certificates): KubeObject {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1') return object;
  const found = certificates.get(`${object.metadata.namespace ?? 'default'}/${object.metadata.name}`);
  if (found === undefined) return object;
  const { certificate, key } = savedTls(found);
  const secret: KubeObject & { readonly data?: Readonly<Record<string, string>> } = object;
  const data = {
    ...secret.data,
    ...(certificate !== '' && { 'tls.crt': certificate }),
    ...(key !== '' && { 'tls.key': key }),
  };
  return { ...secret, data } as KubeObject;
}

/** The layout of a must-gather, which other readers know too. */
function logPath({ namespace, pod, container, previous }: ContainerLog): string {
  const name = safe(container);
  return `namespaces/${safe(namespace)}/pods/${safe(pod)}/${name}/${name}/logs/${previous ? 'previous' : 'current'}.log`;
}

/** Names come from a cluster that may be hostile; no name leaves its folder or meets another. */
function safe(name: string): string {
  const escaped = name.replace(/[^A-Za-z0-9._-]/g, (character) => `%${character.codePointAt(0)?.toString(16) ?? ''}`);
  return /^\.*$/.test(escaped) ? `%${escaped}` : escaped;
}
