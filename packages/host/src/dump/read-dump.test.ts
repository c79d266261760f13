import { createSnapshot } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import {
  essence,
  exampleObjects,
  readMemory,
  readPiped,
  trickyObjects,
  type Files,
  type RawObject,
} from './memory-dump.suite.ts';
import { SHAPES } from './shapes.suite.ts';

const cluster = (): RawObject[] => [...exampleObjects('missing-secret-key'), ...trickyObjects()];
const [plain] = SHAPES as [(typeof SHAPES)[number]];

/** A shape that carries logs or a version says more than objects; what all shapes say must be the same. */
async function objectsOf(files: Files) {
  const snapshot = await readMemory(files);
  return { snapshot, essence: essence(createSnapshot({ ...snapshot, logs: [], serverVersion: undefined })) };
}

describe.each(SHAPES)('$name', ({ write, carries = () => true }) => {
  it('gives the objects, the problems and the conclusions that a plain List of them gives', async () => {
    const objects = () => cluster().filter(carries);
    const { essence: expected } = await objectsOf(await plain.write(objects()));
    const { essence: found, snapshot } = await objectsOf(await write(objects()));
    expect(snapshot.problems).toEqual([]);
    expect(Object.keys(found.objects).sort()).toEqual(Object.keys(expected.objects).sort());
    expect(found).toEqual(expected);
  });
});

describe('standard input', () => {
  it.each(SHAPES.slice(0, 3))('reads $name', async ({ write }) => {
    const [[name, content]] = Object.entries(await write(cluster())) as [[string, string]];
    expect(essence(await readPiped(name, content))).toEqual(essence(await readMemory({ [name]: content })));
  });
});
