import { simulate, type SimulatedCluster } from '@aia/cluster';
import {
  FAULT_KINDS,
  FaultSite,
  healthOf,
  injectFault,
  NoTargetError,
  wantedOf,
  type BroughtFault,
  type FaultKind,
} from '@aia/cluster/faults';
import { describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { exampleNames, examplePath } from '../examples.ts';

const MINUTE_MS = 60_000;
const OF_WORKLOADS: ReadonlySet<string> = new Set(['image', 'program', 'configuration', 'resources', 'rollout']);
const kinds = [...FAULT_KINDS.values()];

/** A repeatable row of draws. */
const draws = { next: () => 0.37, fork: () => draws };

describe('faults in twins', () => {
  it.each(exampleNames())('befall the twin of %s together, and are repaired', async (name) => {
    const { cluster } = simulate(await readDump(examplePath(name)));
    const site = new FaultSite(cluster, draws);
    const faults: BroughtFault[] = [];
    for (const kind of kinds) {
      try {
        faults.push(injectFault(cluster, kind, { site }));
      } catch (error) {
        expect(error).toBeInstanceOf(NoTargetError);
      }
      cluster.clock.advance(MINUTE_MS);
    }
    expect(faults.length).toBeGreaterThan(0);
    cluster.clock.advance(30 * MINUTE_MS);
    for (const fault of faults) fault.repair?.(cluster);
    cluster.clock.advance(30 * MINUTE_MS);
  });

  it('those of workloads show in the twin of a sound cluster, where it has what they befall', async () => {
    const snapshot = await readDump(examplePath('healthy'));
    const ofWorkloads = kinds.filter(({ family }) => OF_WORKLOADS.has(family));
    const outcomes = ofWorkloads.map((kind) => [kind.name, outcomeOf(simulate(snapshot).cluster, kind)] as const);
    expect(outcomes.filter(([, outcome]) => outcome === 'hidden')).toEqual([]);
    const shown = outcomes.filter(([, outcome]) => outcome === 'shown');
    expect(shown.length).toBeGreaterThan((2 / 3) * ofWorkloads.length);
  });
});

/** What comes of a fault alone. */
function outcomeOf(cluster: SimulatedCluster, kind: FaultKind): 'shown' | 'hidden' | 'no target' {
  const all = wantedOf(cluster);
  const failing = new Set(healthOf(cluster, all).shortfalls.map(({ entity }) => entity));
  const wanted = all.filter(({ entity }) => !failing.has(entity));
  try {
    const fault = injectFault(cluster, kind);
    cluster.clock.advance(fault.settlesMs);
    const isShown = healthOf(cluster, wanted).shortfalls.length > 0 || fault.isGone?.(cluster) === false;
    return isShown ? 'shown' : 'hidden';
  } catch (error) {
    if (error instanceof NoTargetError) return 'no target';
    throw error;
  }
}
