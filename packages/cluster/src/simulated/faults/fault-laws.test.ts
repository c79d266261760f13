import { describe, expect, it } from 'vitest';
import { createRandom } from '../clock/random.ts';
import { entityOf } from '../entity.ts';
import { healthOf, wantedOf } from '../oracle/oracle.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { FAULT_KINDS } from './catalogue.ts';
import { checkParameters, drawParameters, type BroughtFault, type FaultKind } from './fault.ts';
import { newScene, stateOf } from './fault-scene.suite.ts';
import { FaultSite } from './fault-site.ts';
import { injectFault } from './inject.ts';
import { NoTargetError } from './no-target-error.ts';

const HOUR = 3_600_000;
const KINDS = [...FAULT_KINDS.values()];

/** What is wanted and is as wanted. */
function soundOf(cluster: SimulatedCluster) {
  const wanted = wantedOf(cluster);
  const failing = new Set(healthOf(cluster, wanted).shortfalls.map(({ entity }) => entity));
  return wanted.filter(({ entity }) => !failing.has(entity));
}

/** Brings a fault about with parameters drawn from a seed. */
function bring(kind: FaultKind, { seed = 'law', cluster = newScene() } = {}) {
  const wanted = soundOf(cluster);
  const random = createRandom(seed);
  const parameters = drawParameters(kind, () => random.next());
  const fault = injectFault(cluster, kind, { parameters, seed });
  const isSeen = () => healthOf(cluster, wanted).shortfalls.length > 0 || fault.isGone?.(cluster) === false;
  return { cluster, fault, isSeen };
}

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  it.each([0, 0.25, 0.5, 0.75, 1 - 2 ** -32])('draws parameters within their ranges (%d)', (share) => {
    const values = drawParameters(kind, () => share);
    expect(checkParameters(kind, values)).toEqual(values);
    expect(checkParameters(kind, {})).toEqual(checkParameters(kind, checkParameters(kind, {})));
  });

  it('shows after its time, goes on, and goes with its repair', () => {
    const { cluster, fault, isSeen } = bring(kind);
    expect(isSeen() && fault.isGone === undefined).toBe(false);
    cluster.clock.advance(fault.settlesMs);
    expect(isSeen(), 'seen').toBe(true);
    cluster.clock.advance(HOUR);
    expect(isSeen(), 'seen an hour later').toBe(true);
    expect(fault.remedy === undefined).toBe(fault.repair === undefined);
    if (fault.repair === undefined) return;
    fault.repair(cluster);
    cluster.clock.advance(HOUR);
    expect(isSeen(), 'seen an hour after the repair').toBe(false);
  });

  it('is the same for the same seed, to the byte', () => {
    const [first, second] = [bring(kind), bring(kind)];
    for (const { cluster, fault } of [first, second]) cluster.clock.advance(fault.settlesMs);
    expect(stateOf(first.cluster)).toBe(stateOf(second.cluster));
    expect(facts(first.fault)).toEqual(facts(second.fault));
  });

  it('names what it touched, and touches nothing else', () => {
    const cluster = newScene();
    const changed = new Set<string>();
    const stop = cluster.api.store.listen(({ object }) => changed.add(entityOf(object)));
    const { fault } = bring(kind, { cluster });
    stop();
    const objects = fault.touched.filter((one) => /^[A-Z]/.test(one));
    expect([...changed].sort()).toEqual([...objects].sort());
    expect(fault.touched.length).toBeGreaterThan(0);
    expect(fault.truth.entities.length).toBeGreaterThan(0);
    expect(fault.truth.classes.length).toBeGreaterThan(0);
  });

  it('befalls nothing in an empty cluster', () => {
    expect(() => injectFault(new SimulatedCluster(), kind)).toThrow(NoTargetError);
  });

  it('befalls what a person names, or says that it cannot', () => {
    for (const target of ['shop/checkout', 'payments/payments-db', 'ops/node-agent', 'ops/settlement-report']) {
      const cluster = newScene();
      const namespace = target.slice(0, target.indexOf('/'));
      try {
        const fault = injectFault(cluster, kind, { target });
        if (WORKLOAD_FAMILIES.has(kind.family))
          expect([...fault.touched, ...fault.truth.entities].join('\n')).toContain(` ${namespace}/`);
      } catch (error) {
        expect(error).toBeInstanceOf(NoTargetError);
      }
    }
  });
});

const WORKLOAD_FAMILIES: ReadonlySet<string> = new Set(['image', 'program', 'configuration', 'resources', 'rollout']);

function facts({ truth, touched, settlesMs, remedy }: BroughtFault) {
  return { truth, touched, settlesMs, remedy };
}

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
