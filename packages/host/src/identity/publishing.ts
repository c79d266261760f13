/** Files of an own agent that belong at its place on the web. */
import { writeFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, fileUrl, parallelDidWeb, parseWebvhDid, type JsonObject } from '@aia/identity';
import type { KnownAgent } from './agents.ts';
import { statusListUrl } from './issuing.ts';

/** A file, and where it is to be found. */
export interface PublishedFile {
  readonly name: string;
  readonly url: string;
  readonly text: string;
}

/** The log, the document for those who know did:web alone, and the status list where one was signed. Nothing for a did:key. */
export function publishedFiles({ agent, log, latest }: KnownAgent, statusList?: JsonObject): readonly PublishedFile[] {
  const did = parseWebvhDid(agent.did);
  if (typeof did === 'string' || log === undefined || latest === undefined) return [];
  const status = statusListUrl(agent.did);
  return [
    { name: 'did.jsonl', url: fileUrl(did.location, 'did.jsonl'), text: log.text },
    {
      name: 'did.json',
      url: fileUrl(did.location, 'did.json'),
      text: `${JSON.stringify(parallelDidWeb(latest.document), null, 2)}\n`,
    },
    ...(statusList !== undefined && status !== undefined
      ? [{ name: 'status.json', url: status, text: `${canonicalJson(statusList)}\n` }]
      : []),
  ];
}

/** Writes them into a folder, each whole or not at all: a server may be reading the ones before. */
export function writeFiles(folder: string, files: readonly PublishedFile[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) {
    const path = join(folder, name);
    writeFileSync(`${path}.partial`, text);
    renameSync(`${path}.partial`, path);
  }
}
