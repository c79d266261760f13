import { describe, expect, it } from 'vitest';
import { createRandom } from '../clock/random.ts';
import { entityOf } from '../entity.ts';
import { healthOf } from '../oracle/oracle.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { FAULT_KINDS } from './catalogue.ts';
import { checkParameters, drawParameters, type BroughtFault, type FaultKind } from './fault.ts';
import { newScene, soundOf, stateOf } from './fault-scene.suite.ts';
import { injectFault } from './inject.ts';
import { NoTargetError } from './no-target-error.ts';

const HOUR = 3_600_000;
/** Runs are compared until then. */
const SOON = 300_000;
const KINDS = [...FAULT_KINDS.values()];

/** Brings a fault about in a new scene, with parameters drawn from a seed. */
function bring(kind: FaultKind, seed = 'law') {
  const cluster = newScene();
  const wanted = soundOf(cluster);
  const changed = new Set<string>();
  const stop = cluster.api.store.listen(({ object }) => changed.add(entityOf(object)));
  const random = createRandom(seed);
  const fault = injectFault(cluster, kind, { parameters: drawParameters(kind, () => random.next()), seed });
  stop();
  const isSeen = () => healthOf(cluster, wanted).shortfalls.length > 0 || fault.isGone?.(cluster) === false;
  return { cluster, fault, changed, isSeen };
}

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  it('draws parameters within their ranges', () => {
    expect(checkParameters(kind, {})).toEqual(checkParameters(kind, checkParameters(kind, {})));
    for (const share of [0, 0.25, 0.5, 0.75, 1 - 2 ** -32]) {
      const values = drawParameters(kind, () => share);
      expect(checkParameters(kind, values)).toEqual(values);
    }
  });

  it('touches what it names, shows after its time, goes on, and goes with its repair; the same each time', () => {
    const { cluster, fault, changed, isSeen } = bring(kind);
    expect(fault.touched.filter((one) => /^[A-Z]/.test(one)).sort()).toEqual([...changed].sort());
    for (const list of [fault.touched, fault.truth.entities, fault.truth.classes]) expect(list).not.toEqual([]);
    expect(fault.remedy === undefined).toBe(fault.repair === undefined);
    const again = bring(kind);
    for (const one of [cluster, again.cluster]) one.clock.advance(Math.min(fault.settlesMs, SOON));
    expect(stateOf(again.cluster)).toBe(stateOf(cluster));
    expect(facts(again.fault)).toEqual(facts(fault));
    cluster.clock.advance(Math.max(0, fault.settlesMs - SOON));
    expect(isSeen(), 'seen').toBe(true);
    cluster.clock.advance(HOUR / 2);
    expect(isSeen(), 'seen half an hour later').toBe(true);
    if (fault.repair === undefined) return;
    fault.repair(cluster);
    cluster.clock.advance(HOUR / 2);
    expect(isSeen(), 'seen half an hour after the repair').toBe(false);
  });

  it('befalls nothing in an empty cluster', () => {
    expect(() => injectFault(new SimulatedCluster(), kind)).toThrow(NoTargetError);
  });
});

function facts({ truth, touched, settlesMs, remedy }: BroughtFault) {
  return { truth, touched, settlesMs, remedy };
}
