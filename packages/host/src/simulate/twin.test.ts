import { createSimulatedReader, differencesOf, diffSnapshots, simulate } from '@aia/cluster';
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
