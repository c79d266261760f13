import { describe, expect, it } from 'vitest';
import { createRandom } from '../clock/random.ts';
import { healthOf } from '../oracle/oracle.ts';
import { FAULT_KINDS } from './catalogue.ts';
import type { BroughtFault, FaultKind } from './fault.ts';
import { newScene, soundOf, stateOf } from './fault-scene.suite.ts';
import { FaultSite } from './fault-site.ts';
import { injectFault } from './inject.ts';
import { NoTargetError } from './no-target-error.ts';

const HOUR = 3_600_000;
const KINDS = [...FAULT_KINDS.values()];

const TARGETS = [
  'payments/payments-db',
  'ops/node-agent',
  'ops/settlement-report',
  'search/indexer',
  'shop/cart-redis',
];
const WORKLOAD_FAMILIES: ReadonlySet<string> = new Set(['image', 'program', 'configuration', 'resources', 'rollout']);

describe('a fault that a person aims', () => {
  // What was refused has left the scene as it was, so that the next one can have it.
  let scene = newScene();

  it.each(KINDS.map((kind, i) => [kind.name, TARGETS[i % TARGETS.length] as string, kind] as const))(
    '%s befalls %s, or says that it cannot and leaves all as it was',
    (_name, target, kind) => {
      const before = stateOf(scene);
      const { cloud } = scene;
      const site = new FaultSite(scene, createRandom('aimed'));
      const listed = cloud?.snapshot;
      try {
        const fault = injectFault(scene, kind, { site, target });
        scene = newScene();
        const named = [...fault.touched, ...fault.truth.entities].join('\n');
        if (WORKLOAD_FAMILIES.has(kind.family)) expect(named).toContain(` ${target.slice(0, target.indexOf('/'))}/`);
      } catch (error) {
        expect(error).toBeInstanceOf(NoTargetError);
        expect([...site.taken]).toEqual([]);
        expect(stateOf(scene)).toBe(before);
        expect(cloud?.snapshot).toEqual(listed);
      }
    },
  );
});

describe('faults together', () => {
  it.each([1, 2, 3, 5, 7, 11, 13, 17])('befall different targets, and go when all are repaired (%d)', (step) => {
    const cluster = newScene();
    const wanted = soundOf(cluster);
    const site = new FaultSite(cluster, createRandom(`together ${step}`));
    const faults: BroughtFault[] = [];
    for (let i = 0; i < KINDS.length && faults.length < 4; i++) {
      const kind = KINDS[(i * step + step) % KINDS.length] as FaultKind;
      try {
        faults.push(injectFault(cluster, kind, { site }));
      } catch (error) {
        expect(error).toBeInstanceOf(NoTargetError);
      }
      cluster.clock.advance(60_000);
    }
    cluster.clock.advance(HOUR);
    for (const fault of faults) fault.repair?.(cluster);
    cluster.clock.advance(2 * HOUR);
    if (faults.some(({ repair }) => repair === undefined)) return;
    expect(healthOf(cluster, wanted).shortfalls).toEqual([]);
    expect(faults.filter(({ isGone }) => isGone?.(cluster) === false)).toEqual([]);
  });
});
