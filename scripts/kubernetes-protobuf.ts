/**
 * Writes what the simulated cluster knows of Kubernetes' protobuf: the numbers of fields, and which keep a zero.
 *   node scripts/kubernetes-protobuf.ts API META
 * API and META are the folders of the Go modules `k8s.io/api` and `k8s.io/apimachinery/pkg/apis/meta`.
 * `simulated/http/protobuf/messages.ts` says how to read the lines.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OUTPUT = join(import.meta.dirname, '../packages/cluster/src/simulated/http/protobuf/numbers');
const PACKAGES = [
  ...[
    'admissionregistration/v1',
    'apps/v1',
    'authentication/v1',
    'authorization/v1',
    'autoscaling/v1',
    'autoscaling/v2',
  ],
  ...[
    'batch/v1',
    'certificates/v1',
    'coordination/v1',
    'core/v1',
    'discovery/v1',
    'events/v1',
    'networking/v1',
    'node/v1',
  ],
  ...['policy/v1', 'rbac/v1', 'scheduling/v1', 'storage/v1'],
];

const [api = '', meta = ''] = process.argv.slice(2);
if (!existsSync(api) || !existsSync(meta))
  throw new TypeError('two folders are needed: node scripts/kubernetes-protobuf.ts API META');
rmSync(OUTPUT, { recursive: true, force: true });
mkdirSync(OUTPUT, { recursive: true });
for (const name of PACKAGES) write(name.replace('/', '-'), join(api, name));
write('meta-v1', join(meta, 'v1'));

function write(file: string, folder: string): void {
  const sources = readdirSync(folder).filter((name) => name.endsWith('.go') && !/_test|generated|zz_/.test(name));
  const lines = sources.flatMap((name) => messagesOf(readFileSync(join(folder, name), 'utf8')));
  const constant = `${file.replaceAll('-', '_').toUpperCase()}_NUMBERS`;
  const text = `/** Numbers of fields. Made by \`scripts/kubernetes-protobuf.ts\`. */\nexport const ${constant} = \`\n${lines.sort().join('\n')}\n\`;\n`;
  writeFileSync(join(OUTPUT, `${file}.ts`), text);
}

interface Field {
  readonly number: number;
  readonly text: string;
}

function messagesOf(source: string): readonly string[] {
  return [...source.matchAll(/^type (\w+) struct \{\n([^]*?)^\}/gm)].flatMap(([, name, body = '']) => {
    const fields = body
      .split('\n')
      .flatMap(fieldOf)
      .sort((a, b) => a.number - b.number);
    if (fields.length === 0) return [];
    const words = fields.map(({ number, text }, at) =>
      number === (fields[at - 1]?.number ?? 0) + 1 ? text : `${number}=${text}`,
    );
    return [`${name} ${words.join(' ')}`];
  });
}

function fieldOf(line: string): readonly Field[] {
  const json = /json:"([^"]*)"/.exec(line)?.[1];
  const number = Number(/protobuf:"[^",]*,(\d+),/.exec(line)?.[1]);
  if (json === undefined || Number.isNaN(number) || /^\s*\/\//.test(line)) return [];
  const type = (line.split('`')[0] ?? '').trim().split(/\s+/).at(-1) ?? '';
  const [name = '', ...traits] = json.split(',');
  if (name === '') return [{ number, text: `*${type.slice(type.lastIndexOf('.') + 1)}` }];
  // A pointer to a zero says something, and so does a field that is always written.
  const keeps = type.startsWith('*') || !traits.includes('omitempty');
  return [{ number, text: keeps ? `${name}!` : name }];
}
