import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readerSuite } from '@aia/cluster/reader.suite';
import { afterEach } from 'vitest';
import { createDumpReader } from './dump-reader.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const SECRET = 'hunter2-hunter2';
const FILES = {
  'pods.json': JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } }),
  'secrets.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db', namespace: 'shop' },
    data: { password: Buffer.from(SECRET).toString('base64') },
  }),
  'services.json': '{"apiVersion": "v1", "kind": "Serv',
};

readerSuite('the dump reader', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aia-reader-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  return {
    reader: createDumpReader(folder),
    secretValue: SECRET,
    broken: createDumpReader(join(folder, 'nowhere')),
    brokenCode: 'dump-missing',
  };
});
