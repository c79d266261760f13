/** The laws of strategies, held against the examples and drawn clusters with faults. */
import { createDirectWrites, simulate, SnapshotBuilder, snapshotOf, type ClusterSnapshot } from '@aia/cluster';
import type { Strategy } from '@aia/contract';
import { readDump } from '@aia/host';
import { performChange, strategise } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { dumpOf, exampleFolders } from '../../examples/dump-files.suite.ts';
import { touchedBy, unrestored } from '../../packages/operations/src/rehearse/touched-specs.ts';
import { contextOfSeed } from '../diagnosis/simulated/contexts.ts';
import { randomFrom } from '../random.ts';
import { trialOfContext } from './outcomes.ts';

const DRAWN = ['law/1', 'law/2', 'law/3'];
const MINUTE = 60_000;

const plan = (snapshot: ClusterSnapshot) => strategise(snapshot, { version: 'test' });
const examples = await Promise.all(exampleFolders.map(async (name) => [name, await readDump(dumpOf(name))] as const));
const drawn = DRAWN.map((seed) => {
  const { cluster } = trialOfContext(contextOfSeed(seed, 'held-out'), seed, 'held-out');
  const snapshot = snapshotOf(cluster, seed);
  cluster.stop();
  return [seed, snapshot] as const;
});
const planned = [...examples, ...drawn].map(([name, snapshot]) => ({ name, snapshot, strategy: plan(snapshot) }));

/** The same cluster, its objects in another order. */
function shuffled(snapshot: ClusterSnapshot): ClusterSnapshot {
  const random = randomFrom(7);
  const keyed = snapshot.objects.map((object) => ({ object, key: random() })).sort((a, b) => a.key - b.key);
  const builder = new SnapshotBuilder();
  for (const { object } of keyed) builder.add(structuredClone(object), 'test');
  const { source, observedAt, serverVersion, cloud, usage, certificates, unreadableCertificates } = snapshot;
  const { endpoints, logs, missing } = snapshot;
  const read = { source, observedAt, serverVersion, cloud, usage, certificates, unreadableCertificates };
  return builder.build({ ...read, endpoints, logs, missing });
}

/** Performs all actions in their order, then undoes each, the last one first. */
function remainsOf(snapshot: ClusterSnapshot, { plan: { phases } }: Strategy): readonly string[] {
  const { cluster } = simulate(snapshot);
  const writes = createDirectWrites(cluster, 'test');
  const read = (ref: Parameters<typeof writes.read>[0]) => writes.read(ref);
  const done = phases
    .flatMap(({ actions }) => actions)
    .map((action) => {
      const changes = action.steps.map(({ change }) => change);
      const before = touchedBy(changes, read);
      for (const change of changes) performChange(cluster, writes, change);
      return { ...action, before };
    });
  cluster.clock.advance(MINUTE);
  const remains = done.toReversed().flatMap(({ id, inverse, before }) => {
    if (inverse.kind === 'irreversible') return [];
    for (const { change } of inverse.steps) performChange(cluster, writes, change);
    cluster.clock.advance(MINUTE);
    return unrestored(before, read).map((what) => `${id}: ${what}`);
  });
  cluster.stop();
  return remains;
}

describe.each(planned)('the strategy for $name', ({ snapshot, strategy }) => {
  it('is of actions whose inverses restore the specs that they touched', () => {
    expect(remainsOf(snapshot, strategy)).toEqual([]);
  });

  it('leaves nothing critical on the twin that was not there before', () => {
    expect(strategy.rehearsal?.newCritical ?? []).toEqual([]);
  });
});

describe('the strategy for aia-system', () => {
  const found = planned.find(({ name }) => name === 'aia-system');
  if (found === undefined) throw new TypeError('there is an example aia-system');
  const { snapshot, strategy } = found;

  it('is the same bytes for the same seed', () => {
    expect(JSON.stringify(plan(snapshot))).toBe(JSON.stringify(strategy));
  });

  it('has the same phases, actions and forecast whatever the order of the input', () => {
    const other = plan(shuffled(snapshot));
    expect(other.plan).toEqual(strategy.plan);
    expect(other.forecast).toEqual(strategy.forecast);
    expect(other.rehearsal).toEqual(strategy.rehearsal);
  });
});
