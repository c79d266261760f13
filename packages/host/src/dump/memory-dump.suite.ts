/** Dumps in memory, and one cluster to put into them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ClusterSnapshot } from '@aia/cluster';
import { assess } from '@aia/operations';
import { pack } from 'tar-stream';
import { examplePath } from '../examples.ts';
import { memoryFile } from './dump-file.ts';
import type { DumpLimits } from './limits.ts';
import { readFiles } from './read-dump.ts';

/** A Kubernetes object as JSON. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** Path in the dump → content. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** Reads files from memory. */
export function readMemory(files: Files, limits: Partial<DumpLimits> = {}): Promise<ClusterSnapshot> {
  async function* given() {
    for (const [path, content] of Object.entries(files)) yield memoryFile(path, Buffer.from(content));
  }
  return readFiles(given, { source: { kind: 'dump', name: 'test' }, limits });
}

/** The same file as one of unknown size, as standard input is. */
export function readPiped(name: string, content: string | Buffer): Promise<ClusterSnapshot> {
  async function* piped() {
    yield { ...memoryFile(name, Buffer.from(content)), size: undefined };
  }
  return readFiles(piped, { source: { kind: 'dump', name: 'test' } });
}

/** What a reader's outcome is compared by: the objects, whatever their order, and all that is concluded from them. */
export function essence(snapshot: ClusterSnapshot) {
  const assessment = assess(snapshot, { version: 'test' });
  return {
    objects: Object.fromEntries(
      snapshot.objects.map((object) => [
        `${object.apiVersion} ${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`,
        JSON.parse(JSON.stringify(object)) as unknown,
      ]),
    ),
    assessment: JSON.parse(JSON.stringify(assessment)) as unknown,
  };
}

/** Problems as one line each. */
export function problemLines({ problems }: ClusterSnapshot): string[] {
  return problems.map(({ source, place, message }) =>
    [source, place, message].filter((part) => part !== '').join(': '),
  );
}

export function list(items: readonly unknown[], kind = 'List', apiVersion = 'v1') {
  return { apiVersion, kind, metadata: { resourceVersion: '' }, items };
}

/** The objects of an example, read afresh: reading takes objects over. */
export function exampleObjects(name: string): RawObject[] {
  const folder = examplePath(name);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== 'version.json')
    .flatMap((file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { items: RawObject[] }).items);
}

/** Objects whose names and texts are traps for readers. */
export function trickyObjects(): RawObject[] {
  const pod = (namespace: string, name: string): RawObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid: `${namespace}-${name}`, resourceVersion: '7' },
    spec: {
      containers: [{ name: 'main', image: 'example.com/app:1', args: ['--- not a document', '}]"\\', '{"a":['] }],
    },
    status: { phase: 'Running', message: 'später — 日本語 🚀\n---\nitems:\n- "quoted"\t\u0001' },
  });
  return [
    pod('services', 'events'),
    pod('pods', 'nodes'),
    pod('default', 'logs'),
    {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'rc', namespace: 'pods' },
      spec: { replicas: 0 },
    },
    {
      apiVersion: 'example.com/v1alpha1',
      kind: 'PriceList',
      metadata: { name: 'summer', namespace: 'services', labels: { yes: 'no', octal: '0644', float: '1e3' } },
      spec: { prices: [1, 2.5, null, true, 'true'], items: [{ sku: 'a' }], nothing: {} },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'script', namespace: 'pods', annotations: { 'example.com/note': 'a: b # c' } },
      data: { 'run.sh': '#!/bin/sh\r\necho "---"\n\n  indented\n', empty: '', list: '- a\n- b\n' },
    },
  ];
}

/** A `.tar.gz` of files; `gzip: false` gives a `.tar`. */
export async function tarOf(files: Files, gzip = true): Promise<Buffer> {
  const archive = pack();
  const chunks: Buffer[] = [];
  archive.on('data', (chunk) => chunks.push(chunk as Buffer));
  const done = new Promise<void>((resolve) => archive.on('end', () => resolve()));
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  await done;
  const tar = Buffer.concat(chunks);
  return gzip ? gzipSync(tar) : tar;
}
