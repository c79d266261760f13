import { describe, expect, it } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from '../../snapshot/codec.ts';
import { diffSnapshots } from '../../snapshot/diff.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { createRandom, drawInteger } from '../clock/random.ts';
import { FAULT_KINDS } from '../faults/catalogue.ts';
import { drawParameters } from '../faults/fault.ts';
import { newScene } from '../faults/fault-scene.suite.ts';
import { injectFault } from '../faults/inject.ts';
import { snapshotOf } from '../simulated-reader.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { differencesOf } from './differences.ts';
import { simulate } from './simulate.ts';
import { viewOf } from './twin-view.suite.ts';

const HALF_AN_HOUR_MS = 30 * 60_000;
const HOUR_MS = 2 * HALF_AN_HOUR_MS;
const KINDS = [...FAULT_KINDS.values()];

/** Faults after which a twin does not go on as the cluster does, since their records do not tell enough. */
const UNTOLD: Readonly<Record<string, string>> = {
  'liveness-too-early': 'a program that its probe kills is taken to end by itself',
  'init-container-waits': 'when an init container gives up is not on record while it runs',
  'memory-limit-too-low': 'how much memory each pod takes is not on record',
  'ephemeral-storage-exceeded': 'what is written to a disk is not on record',
  'cron-job-fails': 'runs that are to come are taken to end well',
};

/** A cluster with a fault at a random moment of its first two hours, and its record as a file would hold it. */
function recorded(
  name: string,
  seed: string,
): { readonly cluster: SimulatedCluster; readonly snapshot: ClusterSnapshot } {
  const kind = KINDS.find((one) => one.name === name);
  const cluster = newScene();
  const random = createRandom(`${name}/${seed}`);
  if (kind !== undefined) {
    const fault = injectFault(cluster, kind, { parameters: drawParameters(kind, () => random.next()), seed });
    cluster.clock.advance(fault.settlesMs);
  }
  cluster.clock.advance(drawInteger(random, 0, 2 * HOUR_MS));
  const text = JSON.stringify(encodeSnapshot(snapshotOf(cluster, name)));
  return { cluster, snapshot: decodeSnapshot(JSON.parse(text)) };
}

describe.each(['nothing', ...KINDS.map(({ name }) => name)])('the twin of a cluster with %s', (name) => {
  it('begins as its record, goes on as the cluster itself does, and shows nothing that time does not explain', () => {
    const { cluster, snapshot } = recorded(name, 'law');
    const { cluster: twin } = simulate(snapshot);
    const begun = snapshotOf(twin, name);
    expect(diffSnapshots(snapshot, begun)).toEqual({ added: [], changed: [], removed: [] });
    expect(begun.cloud).toEqual(snapshot.cloud);
    if (Object.hasOwn(UNTOLD, name)) return;
    for (const one of [cluster, twin]) one.clock.advance(HALF_AN_HOUR_MS);
    expect(viewOf(twin)).toEqual(viewOf(cluster));
    expect(differencesOf(snapshot, snapshotOf(twin, name)).unexplained).toEqual([]);
  });
});
