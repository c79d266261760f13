/** A file is read as a stream of any chunks exactly as it is read at once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryFile, streamFile } from './dump-file.ts';
import { essence, exampleObjects, list, readMemory, trickyObjects } from './memory-dump.suite.ts';
import { readFiles } from './read-dump.ts';

/** Reads one file in pieces of the given sizes, over and over. */
function readChunked(name: string, bytes: Buffer, sizes: readonly number[], streamBytes = 1) {
  async function* chunks() {
    for (let from = 0, i = 0; from < bytes.length; i++) {
      const size = sizes[i % sizes.length] ?? 1;
      yield bytes.subarray(from, from + size);
      from += size;
    }
  }
  async function* files() {
    yield { ...memoryFile(name, bytes), stream: chunks };
  }
  return readFiles(files, { source: { kind: 'dump', name: 'test' }, limits: { streamBytes } });
}

const TYPED = {
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: {},
  items: trickyObjects()
    .slice(0, 3)
    .map(({ metadata, spec, status }) => ({ metadata, spec, status })),
};
const { kind, apiVersion, ...rest } = TYPED;
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

const FILES: readonly (readonly [name: string, path: string, content: string | Buffer])[] = [
  ['a List', 'x.json', JSON.stringify(list([...trickyObjects(), null, 5, 'x', [], { a: 1 }]))],
  ['a typed List', 'x.json', JSON.stringify(TYPED, undefined, 4)],
  ['a typed List that says so at its end', 'x.json', JSON.stringify({ ...rest, kind, apiVersion })],
  ['a List whose file says of what', 'pods.json', JSON.stringify({ kind: 'List', apiVersion, items: TYPED.items })],
  [
    'documents one after another',
    'x.json',
    trickyObjects()
      .map((object) => JSON.stringify(object))
      .join('\n'),
  ],
  ['UTF-16', 'x.json', utf16(JSON.stringify(TYPED))],
  ['a byte order mark', 'x.json', `\uFEFF${JSON.stringify(TYPED)}`],
  ['YAML', 'x.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: später\n  namespace: shop\n'],
];

describe('a stream', () => {
  it.each(FILES)('of %s gives what the whole gives, whatever its chunks', async (_name, path, content) => {
    const bytes = Buffer.from(content);
    const whole = essence(await readMemory({ [path]: bytes }));
    const places = ({ assessment }: typeof whole) =>
      (assessment as { problems: { source: string; place: string }[] }).problems.map(({ source, place }) => [
        source,
        place,
      ]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 5 }), async (sizes) => {
        const streamed = essence(await readChunked(path, bytes, sizes));
        expect(streamed.objects).toEqual(whole.objects);
        expect(places(streamed)).toEqual(places(whole));
      }),
      { numRuns: 15, seed: 3, examples: [[[1]], [[2]], [[3]], [[7]]] },
    );
  });

  it('of a cluster gives the same assessment', async () => {
    const objects = () => JSON.stringify(list(exampleObjects('aia-system')), undefined, 4);
    const streamed = await readChunked('all.json', Buffer.from(objects()), [65_536, 1, 4097]);
    expect(essence(streamed)).toEqual(essence(await readMemory({ 'all.json': objects() })));
  });

  it('that ends too early gives what was whole', async () => {
    const text = JSON.stringify(TYPED);
    const cut = Buffer.from(text.slice(0, text.indexOf('"logs"')));
    const snapshot = await readChunked('x.json', cut, [11]);
    expect(snapshot.list('Pod')).toHaveLength(2);
    expect(snapshot.problems).toMatchObject([
      { message: 'the file ends inside the list, after 2 whole items', place: `byte ${cut.length}` },
    ]);
  });

  it('that fails gives what was whole, and the failure', async () => {
    async function* failing() {
      yield Buffer.from(JSON.stringify(TYPED).slice(0, -20));
      throw new Error('connection lost');
    }
    async function* files() {
      yield streamFile('x.json', failing());
    }
    const snapshot = await readFiles(files, { source: { kind: 'dump', name: 'test' } });
    expect(snapshot.list('Pod').length).toBeGreaterThan(0);
    expect(snapshot.problems.map(({ message }) => message)).toContainEqual(
      'cannot be read to its end: connection lost',
    );
  });
});
