/** Drawn clusters are sound until something befalls them: the oracle says so, and the diagnosis finds nothing that anybody would have to act on. */
import { createSimulatedReader, type SimulatedCluster } from '@aia/cluster';
import { createRandom, drawContext, drawScenario, healthOf, type Context, type Split } from '@aia/cluster/faults';
import { assess } from '@aia/operations';
import { describe, expect, it } from 'vitest';

/** Of any context; small, and with quotas in which there is room, since tight ones are found rightly. */
function contextOf(split: Split, seed: string): Context {
  const context = drawContext(createRandom(seed), split);
  const { nodes, quota_tightness: tightness } = context;
  return {
    ...context,
    nodes: Math.min(nodes, 9),
    quota_tightness: Math.min(tightness, 0.75),
    fault_count: 0,
    noise: 0,
  };
}

async function worrying(cluster: SimulatedCluster): Promise<readonly string[]> {
  const { findings } = assess(await createSimulatedReader(cluster).observe(), { version: '0' });
  return findings
    .filter(({ severity }) => severity !== 'info' && severity !== 'low')
    .map(({ code, message }) => `${code}: ${message}`);
}

const CASES = (['training', 'held-out'] as const).flatMap((split) =>
  ['1', '2', '3'].map((seed) => [split, seed] as const),
);

describe.each(CASES)('a cluster drawn for %s from seed %s', (split, seed) => {
  it('is healthy, and nothing above low is found in it', async () => {
    const { cluster, healthBefore } = drawScenario(contextOf(split, seed), seed, split);
    expect(healthBefore).toEqual({ share: 1, shortfalls: [] });
    expect(await worrying(cluster)).toEqual([]);
    cluster.stop();
  });
});

it('noise leaves everything as wanted once it is over', () => {
  const context = { ...contextOf('training', 'noise'), noise: 1 };
  const { cluster, wanted, noise, settlesMs } = drawScenario(context, 'noise');
  expect(noise.length).toBeGreaterThan(5);
  cluster.clock.advance(settlesMs);
  expect(healthOf(cluster, wanted).shortfalls).toEqual([]);
  cluster.clock.advance(1_800_000);
  expect(healthOf(cluster, wanted).shortfalls).toEqual([]);
});
