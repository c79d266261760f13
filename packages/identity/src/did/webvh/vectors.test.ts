import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJson, type JsonObject } from '../../canonical/strict-json.ts';
import { provider as noble } from '../../provider/noble.ts';
import { provider as node } from '../../provider/node.ts';
import { verifyLog } from './log.ts';

const FOLDER = new URL('../../../vectors/webvh/', import.meta.url);
const AT = Date.UTC(2026, 10, 1);
const scenarios = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('did.jsonl'))
  .map((name) => name.replace('/did.jsonl', ''))
  .toSorted();

const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
const json = (text: string): JsonObject => {
  const parsed = parseJson(text);
  return (parsed.kind === 'value' ? parsed.value : {}) as JsonObject;
};

describe.each([node, noble])('did:webvh logs that are published, with $name', (provider) => {
  it.each(scenarios)('%s resolves as recorded', (name) => {
    const text = read(`${name}/did.jsonl`);
    const recorded = json(read(`${name}/resolutionResult.json`));
    // Services that are implied are added by some resolvers, and only when the document is read.
    const { service, ...document } = recorded.didDocument as JsonObject;
    expect([undefined, true]).toContain(service && Array.isArray(service));
    const metadata = recorded.didDocumentMetadata as JsonObject;
    const file = `${name}/did-witness.json`;
    const witnessProofs = existsSync(new URL(file, FOLDER)) ? read(file) : undefined;
    const verdict = verifyLog(document.id as string, text, { at: AT, witnessProofs }, provider);
    if (verdict.kind === 'refused') expect.fail(`${verdict.reason} at ${String(verdict.entry)}`);
    const { versions } = verdict.log;
    const last = versions.at(-1);
    expect(last?.document).toMatchObject(document);
    expect(last).toMatchObject({
      versionId: metadata.versionId,
      versionAt: Date.parse(metadata.versionTime as string),
    });
    expect(last?.parameters.deactivated).toBe(metadata.deactivated ?? false);
    expect(versions[0]?.versionAt).toBe(Date.parse(metadata.created as string));
    expect(versions.length).toBe(text.trim().split('\n').length);
  });
});
