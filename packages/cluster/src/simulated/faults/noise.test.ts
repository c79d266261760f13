import { describe, expect, it } from 'vitest';
import { createRandom } from '../clock/random.ts';
import { EVENTS } from '../api/built-in-types.ts';
import { healthOf, wantedOf } from '../oracle/oracle.ts';
import { FaultSite } from './fault-site.ts';
import { newScene, stateOf } from './fault-scene.suite.ts';
import { addNoise, makeNoise, NOISE_KINDS } from './noise.ts';
import { NOISE_ENDS_MS } from './noise-kind.ts';

const siteOf = (cluster: ReturnType<typeof newScene>) => new FaultSite(cluster, createRandom('noise'));

describe.each([...NOISE_KINDS.keys()])('%s', (kind) => {
  it('can be seen, and leaves nothing that is wanted worse', () => {
    const cluster = newScene();
    const wanted = wantedOf(cluster);
    const before = healthOf(cluster, wanted);
    const state = stateOf(cluster);
    makeNoise(siteOf(cluster), kind);
    cluster.clock.advance(NOISE_ENDS_MS);
    expect(stateOf(cluster)).not.toBe(state);
    expect(healthOf(cluster, wanted)).toEqual(before);
  });
});

it.each([
  ['probe-flap', 'Unhealthy'],
  ['single-restart', 'BackOff|Started'],
  ['late-config-map', 'FailedMount'],
])('%s is told as %s', (kind, reason) => {
  const cluster = newScene();
  const startAt = cluster.clock.now;
  makeNoise(siteOf(cluster), kind);
  cluster.clock.advance(NOISE_ENDS_MS);
  const told = [...cluster.api.store.list(EVENTS)]
    .filter(({ lastTimestamp }) => Date.parse(lastTimestamp ?? '') >= startAt)
    .map((event) => event.reason);
  expect(told).toContainEqual(expect.stringMatching(reason));
});

describe('noise over time', () => {
  const windows = [[0, 1_800_000]] as const;

  it('is none at level 0, and more the higher the level', () => {
    const counts = [0, 0.3, 1].map((level) => {
      const cluster = newScene();
      return addNoise(cluster, { level, seed: 'x', site: siteOf(cluster), windows }).length;
    });
    expect(counts[0]).toBe(0);
    expect(counts[1]).toBeGreaterThan(0);
    expect(counts[2]).toBeGreaterThan(counts[1] as number);
  });

  it('keeps away from what faults have befallen', () => {
    const cluster = newScene();
    const site = siteOf(cluster);
    for (const workload of site.workloads()) site.take(workload);
    const state = stateOf(cluster);
    for (const kind of NOISE_KINDS.keys()) makeNoise(new FaultSite(cluster, site.random, undefined, site.taken), kind);
    expect(stateOf(cluster)).toBe(state);
  });

  it('happens within its window', () => {
    const cluster = newScene();
    const { now } = cluster.clock;
    const noise = addNoise(cluster, { level: 1, seed: 'x', site: siteOf(cluster), windows: [[600_000, 1_200_000]] });
    expect(noise.length).toBeGreaterThan(0);
    for (const { at } of noise) {
      expect(at).toBeGreaterThanOrEqual(now + 600_000);
      expect(at + NOISE_ENDS_MS).toBeLessThanOrEqual(now + 1_200_000);
    }
  });
});
