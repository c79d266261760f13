/** What is broken is named with its file and place; everything else is read. */
import { gzipSync } from 'node:zlib';
import { assess } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { HostError } from '../host-error.ts';
import { list, problemLines, readMemory, tarOf, type Files, type RawObject } from './memory-dump.suite.ts';
import type { DumpLimits } from './limits.ts';
import { zipOf } from './zip.suite.ts';

function pod(name: string, more: object = {}): RawObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...more },
    spec: { containers: [{ name: 'main' }] },
  };
}
const GOOD = JSON.stringify(list([pod('good')]));

/** Reads bad files beside a good one, which must be read whatever the others are. */
async function beside(files: Files, limits: Partial<DumpLimits> = {}) {
  const snapshot = await readMemory(
    { 'a-good.json': GOOD, ...files, 'z-good.json': JSON.stringify(list([pod('last')])) },
    limits,
  );
  const pods = snapshot.list('Pod').map(({ metadata }) => metadata.name);
  expect(pods).toEqual(expect.arrayContaining(['good', 'last']));
  expect(() => JSON.stringify(assess(snapshot, { version: 'test' }))).not.toThrow();
  return {
    pods: pods.filter((name) => name !== 'good' && name !== 'last'),
    problems: problemLines(snapshot),
    snapshot,
  };
}

const BROKEN: readonly { name: string; file: string; content: string | Buffer; pods?: string[]; problem: RegExp }[] = [
  {
    name: 'no JSON at all',
    file: 'x.json',
    content: '{"kind":\n  oops}',
    problem: /^x\.json: line 2, column 3: not JSON: Unexpected token 'o'$/,
  },
  {
    name: 'a comma too many',
    file: 'x.json',
    content: `{\n"a": 1,\n}`,
    problem: /^x\.json: line 3, column 1: not JSON: /,
  },
  {
    name: 'one broken item of a List',
    file: 'x.json',
    content: `{"kind":"List","apiVersion":"v1","items":[\n${JSON.stringify(pod('ü-one'))},\n{"kind":"Pod" "x":1},\n${JSON.stringify(pod('three'))}]}`,
    pods: ['ü-one', 'three'],
    problem: /^x\.json: items\[1\], line 3, column 15: not JSON: /,
  },
  {
    name: 'an item that lost a quote',
    file: 'x.json',
    content: JSON.stringify(list([pod('one'), pod('two'), pod('three')]), undefined, 4).replace(
      '"name": "two"',
      '"name": "two',
    ),
    pods: ['one', 'three'],
    problem: /^x\.json: items\[1\], line \d+, column \d+: not JSON: /,
  },
  {
    name: 'a List cut off in its second item',
    file: 'x.json',
    content: JSON.stringify(list([pod('one'), pod('two')])).slice(0, -60),
    pods: ['one'],
    problem: /^x\.json: line 1, column \d+: the file ends inside the list, after 1 whole item/,
  },
  {
    name: 'null and scalar items',
    file: 'x.json',
    content: JSON.stringify(list([null, pod('one'), 5, 'text', []])),
    pods: ['one'],
    problem: /^x\.json: items\[0\]: expected object with apiVersion and kind, found null$/,
  },
  {
    name: 'null items of a bare array',
    file: 'x.json',
    content: JSON.stringify([pod('one'), null]),
    pods: ['one'],
    problem: /^x\.json: \[1\]: neither an object nor a list/,
  },
  {
    name: 'an object without a name',
    file: 'x.json',
    content: '{"apiVersion":"v1","kind":"Pod","metadata":{}}',
    problem: /^x\.json: metadata\.name: Pod \(no name\): expected string, found nothing$/,
  },
  {
    name: 'metadata of another type',
    file: 'x.json',
    content: '{"apiVersion":"v1","kind":"Pod","metadata":[]}',
    problem: /^x\.json: metadata: Pod .*expected object, found list$/,
  },
  {
    name: 'a field of another type',
    file: 'x.json',
    content: JSON.stringify(list([{ ...pod('one'), spec: { containers: 'none' } }])),
    pods: ['one'],
    problem: /^x\.json: items\[0\]\.spec\.containers: Pod shop\/one: expected list of object, found string$/,
  },
  {
    name: 'a refusal of the API server',
    file: 'x.json',
    content:
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets is forbidden","code":403}',
    problem: /^x\.json: the API server refused this: secrets is forbidden$/,
  },
  {
    name: 'JSON of something else',
    file: 'package.json',
    content: '{"name":"web","version":"1.0.0"}',
    problem: /^package\.json: JSON that is neither a Kubernetes object nor a listing AIA knows; left out$/,
  },
  {
    name: 'what a collector could not read',
    file: 'b/cluster-resources/pods-errors.json',
    content: '{"shop":"pods is forbidden"}',
    problem:
      /^b\/cluster-resources\/pods-errors\.json: namespace shop: the bundle's collector could not read this: pods is forbidden$/,
  },
  {
    name: 'warnings before JSON',
    file: 'x.json',
    content: `Warning: v1 ComponentStatus is deprecated in v1.19+\n${JSON.stringify(list([pod('one')]))}`,
    pods: ['one'],
    problem: /^x\.json: a line of text between documents, left out: Warning: v1 Comp/,
  },
  {
    name: 'text named .json',
    file: 'x.json',
    content: 'Error from server (Forbidden)',
    problem: /^x\.json: line 1, column 1: not JSON: /,
  },
  {
    name: 'one broken document of several',
    file: 'x.yaml',
    content: `---\nkind: Pod\napiVersion: v1\nmetadata: {name: one}\n---\nkind: "Pod\n---\nkind: Pod\napiVersion: v1\nmetadata: {name: three}\n`,
    pods: ['one', 'three'],
    problem: /^x\.yaml: document 2, line 6, column \d+: not YAML: /,
  },
  {
    name: 'wrong indentation in one item of a List',
    file: 'x.yaml',
    content:
      'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: one\n- apiVersion: v1\n  kind: Pod\n metadata:\n    name: two\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: three\nkind: List\nmetadata:\n  resourceVersion: ""\n',
    pods: ['one', 'three'],
    problem: /^x\.yaml: items\[1\], line \d, column \d+: not YAML: /,
  },
  {
    name: 'a typed YAML List cut off inside a text',
    file: 'x.yaml',
    content: 'apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    name: one\n- metadata:\n    name: "tw',
    pods: ['one'],
    problem: /^x\.yaml: items\[1\], line 7, column \d+: not YAML: /,
  },
  {
    name: 'a Helm template',
    file: 'templates/x.yaml',
    content: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-x\n  {{- include "labels" . }}\n',
    problem: /^templates\/x\.yaml: line \d, column \d+: not YAML: .*helm template/,
  },
  {
    name: 'a bomb of aliases',
    file: 'x.yaml',
    content: `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]\n`).join('')}`,
    problem: /^x\.yaml: line 1: not YAML: Excessive alias count/,
  },
  {
    name: 'a bomb of merges',
    file: 'x.yaml',
    content: `a0: &a0 {x: 1}\n${Array.from({ length: 6 }, (_, i) => `a${i + 1}: &a${i + 1} {<<: [${Array(9).fill(`*a${i}`).join(', ')}]}\n`).join('')}`,
    problem: /^x\.yaml: /,
  },
  {
    name: 'YAML nested without bottom',
    file: 'x.yaml',
    content: `apiVersion: v1\nx: ${'['.repeat(20_000)}`,
    problem: /^x\.yaml: line 2, column \d+: not YAML: nested too deeply$/,
  },
  {
    name: 'blank lines before the items of a broken sequence',
    file: 'x.yaml',
    content: '\n \n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: one}\n  - apiVersion: "v1\n',
    pods: ['one'],
    problem: /^x\.yaml: items\[1\], line \d, column \d+: not YAML: /,
  },
  { name: 'an empty file', file: 'x.json', content: '', problem: /^x\.json: the file is empty$/ },
  { name: 'a file of white space', file: 'x.yaml', content: '\n \r\n', problem: /^x\.yaml: the file is empty$/ },
  {
    name: 'a binary file',
    file: 'x.bin',
    content: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]),
    problem: /^x\.bin: neither text nor an archive; left out$/,
  },
  {
    name: 'an archive in another format',
    file: 'x.tar.xz',
    content: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2]),
    problem: /^x\.tar\.xz: packed with xz, which is not read; unpack it first$/,
  },
  {
    name: 'a broken gzip',
    file: 'x.json.gz',
    content: gzipSync(GOOD).subarray(0, 40),
    problem: /^x\.json\.gz: cannot be read to its end: unexpected end of file$/,
  },
  {
    name: 'a file that is no zip',
    file: 'x.zip',
    content: Buffer.from('PK\u0003\u0004nothing more'),
    problem: /^x\.zip: cannot be read to its end: /,
  },
  {
    name: 'a certificate that is none',
    file: 'x.pem',
    content: '-----BEGIN CERTIFICATE-----\nbm9wZQ==\n-----END CERTIFICATE-----\n',
    problem: /^x\.pem: no readable certificate: /,
  },
];

describe('broken files', () => {
  it.each(BROKEN)('$name', async ({ file, content, pods = [], problem }) => {
    const found = await beside({ [file]: content });
    expect(found.pods).toEqual(pods);
    expect(found.problems).toContainEqual(expect.stringMatching(problem));
  });

  it('counts further stray lines instead of listing them', async () => {
    const { problems } = await beside({ 'x.json': `${JSON.stringify(pod('one'))}}\n${'stray\n'.repeat(5000)}` });
    expect(problems).toEqual(['x.json: 5001 lines of text between documents, left out: }']);
  });
});

describe('objects', () => {
  it('keeps the newer of two with one name, and says so', async () => {
    const { snapshot, problems } = await beside({
      'x.json': JSON.stringify(
        list([
          pod('twin', { resourceVersion: '9', labels: { a: 'new' } }),
          pod('twin', { resourceVersion: '10', labels: { a: 'newest' } }),
          pod('twin', { resourceVersion: '2' }),
        ]),
      ),
    });
    expect(snapshot.get('Pod', 'shop', 'twin')?.metadata.labels).toEqual({ a: 'newest' });
    expect(problems).toEqual([
      'x.json: items[1]: /Pod/shop/twin occurs again with other content; the newer one is kept',
      'x.json: items[2]: /Pod/shop/twin occurs again with other content; the newer one is kept',
    ]);
  });

  it('reads the same object twice without a word', async () => {
    const twin = pod('twin', { resourceVersion: '9', uid: 'u' });
    const { pods, problems } = await beside({
      'x.json': JSON.stringify(list([twin, twin])),
      'y.json': JSON.stringify(twin),
    });
    expect([pods, problems]).toEqual([['twin'], []]);
  });

  it('keeps objects of kinds it does not know', async () => {
    const { snapshot, problems } = await beside({
      'x.yaml': 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\nspec: {deep: [{er: null}]}\n',
    });
    expect(snapshot.listOf('example.com', 'Gadget')).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('takes no prototype from anywhere', async () => {
    const evil = `{"apiVersion":"v1","kind":"Pod","__proto__":{"polluted":1},"metadata":{"name":"evil","namespace":"__proto__","labels":{"__proto__":"x","constructor":"y","toString":"z"},"annotations":{"__proto__":{"polluted":1}}},"spec":{"nodeName":"constructor","containers":[{"name":"__proto__","env":[{"name":"__proto__","value":"v"}]}],"nodeSelector":{"hasOwnProperty":"x"}}}`;
    const { snapshot } = await beside({
      'x.json': evil,
      'constructor/__proto__.json': `[${evil}]`,
      '__proto__.yaml':
        'apiVersion: v1\nkind: ConfigMap\n__proto__: {polluted: 1}\nmetadata: {name: __proto__, namespace: constructor}\ndata: {__proto__: x, <<: {__proto__: y}}\n',
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(snapshot.list('Pod').filter(({ metadata }) => metadata.name === 'evil')).toHaveLength(1);
    expect(snapshot.listIn('ConfigMap', 'constructor')).toHaveLength(1);
  });

  it('survives JSON nested 100 000 deep, in a field and in a document', async () => {
    const deep = `${'{"a":['.repeat(50_000)}1${']}'.repeat(50_000)}`;
    const { pods } = await beside({
      'x.json': JSON.stringify(pod('deep')).replace('"spec"', `"extra":${deep},"spec"`),
      'y.json': deep,
    });
    expect(pods).toEqual(['deep']);
  });

  it.each([
    ['a line of spaces', 'x.yaml', `${' '.repeat(400_000)}a: [`],
    ['many blank lines', 'x.yaml', `${' \n'.repeat(200_000)}a: [`],
    ['many heads of lists', 'x.yaml', `a: [\n${'items:\n'.repeat(60_000)}`],
    ['a path of 400 000 characters', `${'host-collectors/'.repeat(25_000)}\n.json`, '{}'],
  ])('takes no time that grows with the square of the input, in %s', async (_, file, content) => {
    const start = process.threadCpuUsage();
    await beside({ [file]: content });
    const { user, system } = process.threadCpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(10_000);
  });

  it('survives names and texts with control characters', async () => {
    const { snapshot } = await beside({
      'a\u001b[2J\u0007.json': JSON.stringify(pod('\u001b[31mred\u0000\r\n')) + '\n!',
    });
    expect(snapshot.list('Pod')).toHaveLength(3);
  });
});

describe('archives', () => {
  const files = { 'one.json': JSON.stringify(pod('one')), 'two.json': JSON.stringify(pod('two')) };
  const entries = (more: Files) =>
    Object.entries({ ...files, ...more }).map(([name, content]) => ({ name, content: Buffer.from(content) }));

  it('gives what stood before the cut of a truncated .tar.gz', async () => {
    const packed = await tarOf({
      'one.json': JSON.stringify(pod('one')),
      'noise.json': JSON.stringify([...Array(3000).keys()].map(String)),
    });
    const { pods, problems } = await beside({ 'x.tar.gz': packed.subarray(0, packed.length - 3000) });
    expect(pods).toEqual(['one']);
    expect(problems).toContainEqual(
      expect.stringMatching(/^x\.tar\.gz.*: cannot be read to its end: unexpected end of file$/),
    );
  });

  it('ignores zeros behind packed data, as tapes and block devices leave them', async () => {
    const padded = Buffer.concat([gzipSync(JSON.stringify(pod('one'))), Buffer.alloc(100_000)]);
    expect((await beside({ 'x.json.gz': padded })).pods).toEqual(['one']);
  });

  it('unpacks gzips one after another', async () => {
    const members = ['one', 'two'].map((name) => gzipSync(`${JSON.stringify(pod(name))}\n`));
    expect(await beside({ 'x.json.gz': Buffer.concat(members) })).toMatchObject({ pods: ['one', 'two'], problems: [] });
  });

  it('says that a truncated .tar was cut', async () => {
    const packed = await tarOf(files, false);
    const { pods, problems } = await beside({ 'x.tar': packed.subarray(0, 1300) });
    expect(pods).toEqual(['one']);
    expect(problems).toContainEqual(expect.stringMatching(/^x\.tar.*: cannot be read to its end: /));
  });

  it('says that a truncated zip was cut', async () => {
    const { problems } = await beside({ 'x.zip': zipOf(entries({})).subarray(0, -20) });
    expect(problems).toContainEqual(expect.stringMatching(/^x\.zip: cannot be read to its end: /));
  });

  it('refuses names that lead outside and links, and reads the rest', async () => {
    const evil = {
      '../evil.json': '{}',
      '/etc/evil.json': '{}',
      'a/../../evil.json': '{}',
      'C:\\evil.json': '{}',
      '..\\evil.json': '{}',
    };
    const link = { name: 'link.json', content: Buffer.from('/etc/passwd'), mode: 0o120777 };
    const { pods, problems } = await beside({
      'x.zip': zipOf([...entries(evil), link]),
      'y.tar': await tarOf(evil, false),
    });
    expect(pods).toEqual(['one', 'two']);
    expect(problems.filter((line) => line.includes('refused: its name leads outside the archive'))).toHaveLength(10);
    expect(problems).toContain('x.zip!link.json: refused: a symlink, which is not followed');
  });

  it.each([
    ['gzip', () => Promise.resolve({ 'bomb.gz': gzipSync(Buffer.alloc(4_000_000, 0x20)) })],
    ['tar.gz', async () => ({ 'bomb.tar.gz': await tarOf({ 'x.json': Buffer.alloc(4_000_000, 0x20) }) })],
    ['zip', () => Promise.resolve({ 'bomb.zip': zipOf([{ name: 'x.json', content: Buffer.alloc(4_000_000, 0x20) }]) })],
    [
      'zip of many',
      () =>
        Promise.resolve({
          'bomb.zip': zipOf(
            Array.from({ length: 80 }, (_, i) => ({ name: `${i}.json`, content: Buffer.alloc(50_000, 0x20) })),
          ),
        }),
    ],
  ])('gives up a bomb: %s', async (_name, make) => {
    const { problems } = await beside(await make(), { ratio: 50, ratioFromBytes: 1_000_000 });
    expect(problems).toContainEqual(
      expect.stringMatching(/^bomb.*: given up: it unpacks to more than 50 times its size \(an archive bomb\)$/),
    );
  });

  it('does not believe the sizes that a zip claims', async () => {
    const lie = { name: 'x.json', content: Buffer.alloc(4_000_000, 0x20), claimedSize: 100 };
    const { problems } = await beside({ 'bomb.zip': zipOf([lie]) });
    expect(problems).toContainEqual(expect.stringMatching(/^bomb\.zip!x\.json: cannot be read to its end: /));
  });

  it('does not open archives within archives without end', async () => {
    let packed = await tarOf(files);
    for (let i = 0; i < 5; i++) packed = await tarOf({ 'inner.tar.gz': packed });
    const { pods, problems } = await beside({ 'x.tar.gz': packed });
    expect(pods).toEqual([]);
    expect(problems).toContainEqual(
      expect.stringMatching(/inner.*: an archive inside an archive inside an archive; left out$/),
    );
  });

  it('does not unpack gzips within gzips without end', async () => {
    let packed = gzipSync(JSON.stringify(pod('one')));
    for (let i = 0; i < 8; i++) packed = gzipSync(packed);
    const { pods, problems } = await beside({ 'x.gz': packed });
    expect(pods).toEqual([]);
    expect(problems).toEqual(['x.gz: an archive inside an archive inside an archive; left out']);
  });

  it('leaves out what macOS puts beside files', async () => {
    const junk = { '__MACOSX/._one.json': 'junk', '._two.json': 'junk', '.DS_Store': 'junk' };
    const { pods, problems } = await beside({ 'x.zip': zipOf(entries(junk)), 'y.tgz': await tarOf(junk) });
    expect([pods, problems]).toEqual([['one', 'two'], []]);
  });
});

describe('limits', () => {
  it('ends the reading once, with what was read, when the dump is too large', async () => {
    const content = JSON.stringify(list([pod('x')]));
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i}.json`, content.replace('"x"', `"x${i}"`)]),
    );
    for (const limits of [{ totalBytes: content.length * 5 }, { files: 4 }]) {
      const snapshot = await readMemory(files, limits);
      expect(snapshot.list('Pod')).toHaveLength(4);
      expect(problemLines(snapshot)).toEqual([
        expect.stringMatching(/^4\.json: the reading ends here: more than \d+ (?:bytes when unpacked|files)$/),
      ]);
    }
  });

  it('gives up a value, a YAML file and a line that are too large, and reads the rest', async () => {
    const { pods, problems } = await beside(
      {
        'x.json': `{"kind":"List","apiVersion":"v1","items":[${JSON.stringify(pod('x'.repeat(5000)))},${JSON.stringify(pod('small'))}]}`,
        'y.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: y}\n# ${'x'.repeat(5000)}\n`,
      },
      { valueBytes: 2000, streamBytes: 1000, yamlBytes: 3000 },
    );
    expect(pods).toEqual(['small']);
    expect(problems).toContainEqual(
      expect.stringMatching(/^x\.json: byte \d+: item 0 has \d+ bytes, more than the 2000 that are read at once$/),
    );
    expect(problems).toContainEqual(expect.stringMatching(/^y\.yaml: given up: more than 3000 bytes/));
  });
});

describe('nothing to read', () => {
  it.each([
    ['no file', {}, /holds nothing that AIA can read/],
    [
      'a table that kubectl printed',
      { 'pods.txt': 'NAME READY STATUS\nweb 1/1 Running\n' },
      /pods\.txt is text that is neither JSON nor YAML.*-o json/,
    ],
    ['broken JSON', { 'x.json': '{"a":' }, /The first thing that went wrong: x\.json, line 1, column 6: /],
  ])('%s', async (_name, files: Files, message) => {
    const failure = readMemory(files);
    await expect(failure).rejects.toThrow(HostError);
    await expect(failure).rejects.toMatchObject({
      code: 'dump-empty',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('is content with an empty List: a cluster may have nothing of a kind', async () => {
    expect((await readMemory({ 'pods.json': '{"apiVersion":"v1","kind":"List","items":[]}' })).objects).toEqual([]);
  });
});
