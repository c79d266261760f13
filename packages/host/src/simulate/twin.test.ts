import {
  createSimulatedReader,
  createSnapshot,
  differencesOf,
  diffSnapshots,
  encodeSnapshot,
  simulate,
} from '@aia/cluster';
import type { ClusterSnapshot, SnapshotParts } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';

const HALF_AN_HOUR_MS = 30 * 60_000;

describe.each(exampleNames())('the twin of %s', (name) => {
  it('shows no difference before the first action', async () => {
    const snapshot = await readDump(examplePath(name));
    const { cluster } = simulate(snapshot);
    const now = await createSimulatedReader(cluster).observe();
    expect(diffSnapshots(snapshot, now)).toEqual({ added: [], changed: [], removed: [] });
    expect(now.cloud).toEqual(snapshot.cloud);
    expect(now.usage).toEqual(snapshot.usage);
  });

  it.each(['a', 'b'])('shows no difference that time does not explain half an hour later (seed %s)', async (seed) => {
    const snapshot = await readDump(examplePath(name));
    const { cluster } = simulate(snapshot, { seed });
    cluster.clock.advance(HALF_AN_HOUR_MS);
    const later = await createSimulatedReader(cluster).observe();
    expect(differencesOf(snapshot, later).unexplained).toEqual([]);
  });
});

/** What people dump of a cluster when they dump a part of it. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'pods alone': ['Pod'],
  'pods and nodes': ['Pod', 'Node'],
  'what "get all" gives, with events': [
    'Pod',
    'Service',
    'Deployment',
    'ReplicaSet',
    'DaemonSet',
    'StatefulSet',
    'Job',
    'Event',
  ],
  'everything without ReplicaSets': [],
};

function partOf(snapshot: ClusterSnapshot, kinds: readonly string[]): ClusterSnapshot {
  const objects = snapshot.objects.filter(({ kind }) =>
    kinds.length === 0 ? kind !== 'ReplicaSet' : kinds.includes(kind),
  );
  return createSnapshot({ ...(encodeSnapshot(snapshot) as unknown as SnapshotParts), objects });
}

/** What keeps its pods from being made is a ResourceQuota, of which such dumps show nothing. */
const UNTOLD = 'namespace-quota';

describe.each(Object.entries(PARTS))('the twin of a dump of %s', (_, kinds) => {
  it.each(exampleNames().filter((name) => name !== UNTOLD))('goes on as the dump shows %s', async (name) => {
    const snapshot = partOf(await readDump(examplePath(name)), kinds);
    const { cluster } = simulate(snapshot);
    const now = await createSimulatedReader(cluster).observe();
    expect(diffSnapshots(snapshot, now)).toMatchObject({ changed: [], removed: [] });
    expect(differencesOf(snapshot, now).unexplained).toEqual([]);
    cluster.clock.advance(HALF_AN_HOUR_MS);
    const later = await createSimulatedReader(cluster).observe();
    expect(differencesOf(snapshot, later).unexplained).toEqual([]);
  });
});
