import { describe, expect, it } from 'vitest';
import { createSimulatedReader } from '../simulated-reader.ts';
import { createSimulatedWriter } from '../simulated-writer.ts';
import { newCluster } from '../simulated-cluster.suite.ts';
import { contextOf } from './context.ts';
import { addOutcomeNoise } from './outcome-noise.ts';

const AT = contextOf({ outcome_noise: 1 });
const configMap = (i: number) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `c${i}`, namespace: 'shop' },
});

/** Statuses of so many writes; `before` each, something else is done. */
async function statuses(
  level: number,
  before: (i: number, cluster: ReturnType<typeof newCluster>) => unknown = () => undefined,
) {
  const cluster = newCluster();
  const outcomes = addOutcomeNoise(cluster, contextOf({ outcome_noise: level }), 'seed');
  const writer = createSimulatedWriter(cluster, outcomes);
  const found: number[] = [];
  for (let i = 0; i < 60; i++) {
    await before(i, cluster);
    const outcome = await writer.create(configMap(i), { fieldManager: 'test' });
    found.push(outcome.kind === 'done' ? 201 : outcome.status);
  }
  return found;
}

describe('outcomes of actions', () => {
  it('are as planned without noise', async () => {
    expect(new Set(await statuses(0))).toEqual(new Set([201]));
  });

  it('are refused now and then', async () => {
    const found = await statuses(1);
    const refused = found.filter((status) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(20);
    expect(refused.every((status) => status === 429 || status === 500 || status === 409)).toBe(true);
  });

  it('do not depend on what is read, tried dry or drawn elsewhere', async () => {
    const plain = await statuses(1);
    const busy = await statuses(1, async (i, cluster) => {
      await createSimulatedReader(cluster).observe();
      const dry = createSimulatedWriter(cluster, {});
      await dry.create(configMap(100 + i), { fieldManager: 'test', dryRun: true });
      cluster.behaviours.image(`r/other:${i}`);
      cluster.clock.advance(1000);
    });
    expect(busy).toEqual(plain);
  });

  it('let some images, programs and disks be late, each the same whenever it is asked', () => {
    const [first, second] = ['a', 'b'].map(() => {
      const cluster = newCluster();
      addOutcomeNoise(cluster, AT, 'seed');
      return cluster.behaviours;
    });
    const images = Array.from({ length: 40 }, (_, i) => `r/app:${i}`);
    const pulls = images.map((image) => first?.image(image).pullMs ?? 0);
    expect(Math.min(...pulls)).toBe(2000);
    expect(Math.max(...pulls)).toBeGreaterThan(2000);
    expect(images.toReversed().map((image) => second?.image(image).pullMs)).toEqual(pulls.toReversed());
  });

  it('take as many times as long as they would without, whatever that is', () => {
    const [plain, slow] = [undefined, 7000].map((pullMs) => {
      const cluster = newCluster();
      if (pullMs !== undefined) cluster.behave({ image: () => ({ pullMs }) });
      addOutcomeNoise(cluster, AT, 'seed');
      return Array.from(
        { length: 20 },
        (_, i) => (cluster.behaviours.image(`r/app:${i}`).pullMs ?? 0) / (pullMs ?? 2000),
      );
    });
    slow?.forEach((factor, i) => expect(factor).toBeCloseTo(plain?.[i] ?? 0));
  });

  it('differ between seeds', () => {
    const pulls = ['one', 'two'].map((seed) => {
      const cluster = newCluster();
      addOutcomeNoise(cluster, AT, seed);
      return Array.from({ length: 20 }, (_, i) => cluster.behaviours.image(`r/app:${i}`).pullMs);
    });
    expect(pulls[0]).not.toEqual(pulls[1]);
  });
});
