/**
 * No input makes AIA crash, hang or hold unbounded memory: 10 000 damaged dumps through the whole line. Runs are deterministic; a
 * failure prints seed, path and the damage done.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { assessmentSchema } from '@aia/contract';
import { asMarkdown, asText, assess } from '@aia/operations';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { HostError } from '../host-error.ts';
import { readMemory, tarOf, type Files } from './memory-dump.suite.ts';
import { byteChange, changedBytes, changedValue, SEEDS, valueChange, WRITINGS, type Seed } from './mutation.suite.ts';
import { zipOf } from './zip.suite.ts';

const SEED = 20260101;
const MINUTES = 60_000;
const MIB = 2 ** 20;
/** Bounds of one input, which is at most some hundred kilobytes. */
const MOST_CPU_MS = 10_000;
const MOST_HEAP_BYTES = 1024 * MIB;
/** What may stay behind after thousands of inputs: code and caches, no inputs. */
const MOST_GROWTH_BYTES = 64 * MIB;
/** Small, so that the bounds are met as well. */
const LIMITS = {
  streamBytes: 64 * 1024,
  yamlBytes: MIB,
  valueBytes: MIB,
  ratioFromBytes: MIB,
  totalBytes: 64 * MIB,
  logs: 10,
};

/** Reads, assesses, reports; anything but a report or `dump-empty` is a failure. */
async function survives(files: Files): Promise<void> {
  const before = process.cpuUsage();
  try {
    const snapshot = await readMemory(files, LIMITS);
    const assessment = assess(snapshot, { version: 'fuzz' });
    expect(assessment.notRun.filter(({ reason }) => !reason.startsWith('needs '))).toEqual([]);
    expect(asText(assessment)).not.toMatch(/[^\P{Cc}\n]/u);
    asMarkdown(assessment);
    const parsed = assessmentSchema.safeParse(JSON.parse(JSON.stringify(assessment)));
    expect(parsed.error?.issues).toBeUndefined();
  } catch (error) {
    if (!(error instanceof HostError) || error.code !== 'dump-empty') throw error;
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(MOST_CPU_MS);
  expect(getHeapStatistics().used_heap_size).toBeLessThan(MOST_HEAP_BYTES);
}

function check<T>(arbitrary: fc.Arbitrary<T>, make: (input: T) => Files | Promise<Files>, numRuns: number) {
  return fc.assert(
    fc.asyncProperty(arbitrary, async (input) => survives(await make(input))),
    { seed: SEED, numRuns, endOnFailure: true, interruptAfterTimeLimit: 10 * MINUTES, markInterruptAsFailure: true },
  );
}

/** By number, so that a failure prints what was done and not whole clusters. */
const seeds = fc.nat(SEEDS.length - 1);
const writing = fc.nat(WRITINGS.length - 1);
const seedOf = (number: number) => SEEDS[number] ?? [];
const write = (number: number, value: unknown) => (WRITINGS[number] ?? JSON.stringify)(value);

/** The files of a seed; the one chosen by `at` is written and then damaged by `damage`. */
function damaged(files: readonly Seed[], at: number, writing: number, damage: (text: Buffer) => Buffer): Files {
  return Object.fromEntries(
    files.map(({ path, value }, i) => [
      path,
      i === at % files.length ? damage(Buffer.from(write(writing, value))) : JSON.stringify(value),
    ]),
  );
}

/** The objects, and one of the files beside them. */
function twoOf([first, ...others]: readonly Seed[], beside: number): readonly Seed[] {
  return [first, others[beside % others.length]].filter((seed) => seed !== undefined);
}

let collect: () => void;
beforeAll(() => {
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
});

describe('10 000 damaged dumps', () => {
  it('5 000 with values of the wrong type, missing, doubled and misplaced', { timeout: 10 * MINUTES }, async () => {
    const damage = fc.record({
      files: seeds,
      beside: fc.nat(20),
      other: seeds,
      changes: fc.tuple(fc.array(valueChange, { minLength: 1, maxLength: 6 }), fc.array(valueChange, { maxLength: 3 })),
    });
    collect();
    const start = getHeapStatistics().used_heap_size;
    await check(
      damage,
      ({ files, beside, other, changes }) =>
        Object.fromEntries(
          twoOf(seedOf(files), beside).map(({ path, value }, i) => [
            path,
            JSON.stringify(changedValue(value, changes[i] ?? [], seedOf(other)[i]?.value)) ?? '',
          ]),
        ),
      5000,
    );
    collect();
    expect(getHeapStatistics().used_heap_size - start).toBeLessThan(MOST_GROWTH_BYTES);
  });

  it(
    '3 000 with flipped, lost, doubled and foreign bytes, in every way of writing',
    { timeout: 10 * MINUTES },
    async () => {
      const damage = fc.record({
        files: seeds,
        at: fc.nat(20),
        form: writing,
        changes: fc.array(byteChange, { minLength: 1, maxLength: 5 }),
        other: seeds,
      });
      await check(
        damage,
        ({ files, at, form, changes, other }) =>
          damaged(twoOf(seedOf(files), at), at, form, (text) =>
            changedBytes(text, changes, Buffer.from(JSON.stringify(seedOf(other)[0]?.value))),
          ),
        3000,
      );
    },
  );

  it('1 000 archives with damaged bytes', { timeout: 10 * MINUTES }, async () => {
    const damage = fc.record({
      files: seeds,
      format: fc.constantFrom('tar', 'tar.gz', 'zip', 'gz'),
      changes: fc.array(byteChange, { minLength: 1, maxLength: 3 }),
    });
    await check(
      damage,
      async ({ files, format, changes }) => {
        const plain = Object.fromEntries(seedOf(files).map(({ path, value }) => [path, JSON.stringify(value)]));
        const packed = await pack(plain, format);
        return { [`x.${format}`]: changedBytes(packed, changes, packed) };
      },
      1000,
    );
  });

  it('1 000 made of nothing but names of Kubernetes', { timeout: 10 * MINUTES }, async () => {
    const text = fc.constantFrom(
      'v1',
      'apps/v1',
      'Pod',
      'Node',
      'List',
      'PodList',
      'shop',
      'web',
      '1Gi',
      '500m',
      '2026-01-01T00:00:00Z',
      '',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        text,
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(
          fc.constantFrom(
            'apiVersion',
            'kind',
            'metadata',
            'name',
            'namespace',
            'labels',
            'ownerReferences',
            'spec',
            'status',
            'items',
            'containers',
            'conditions',
            'type',
            'quotas',
            'data',
            'result',
            'resultType',
            '__proto__',
          ),
          tie('tree'),
          { maxKeys: 6 },
        ),
      ),
    }));
    const object = fc.record({
      apiVersion: fc.constantFrom('v1', 'apps/v1'),
      kind: fc.constantFrom('Pod', 'Node', 'Event', 'Deployment', 'Service'),
      metadata: fc.record({ name: text }),
      spec: tree,
      status: tree,
    });
    await check(
      fc.array(fc.oneof(tree, object), { maxLength: 5 }),
      (items) => ({
        'x.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
        'pods.json': JSON.stringify(items),
      }),
      1000,
    );
  });
});

async function pack(files: Files, format: string): Promise<Buffer> {
  if (format === 'gz') return gzipSync(Object.values(files)[0] ?? '');
  if (format === 'zip')
    return zipOf(Object.entries(files).map(([name, content]) => ({ name, content: Buffer.from(content) })));
  return tarOf(files, format === 'tar.gz');
}
