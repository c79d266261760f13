import { createSimulatedReader } from '@aia/cluster';
import { FAULT_KINDS, injectFault } from '@aia/cluster/faults';
import { describe, expect, it } from 'vitest';
import { newScene } from '../../../packages/cluster/src/simulated/faults/fault-scene.suite.ts';
import { symptomsOf } from './symptoms.ts';

async function symptomsWith(...kinds: readonly string[]): Promise<ReadonlySet<string>> {
  const cluster = newScene();
  for (const name of kinds) {
    const kind = FAULT_KINDS.get(name);
    if (kind === undefined) throw new Error(`no kind ${name}`);
    injectFault(cluster, kind, { target: 'shop/checkout' });
  }
  cluster.clock.advance(900_000);
  return symptomsOf(await createSimulatedReader(cluster).observe());
}

describe('symptomsOf', () => {
  it('tells what shows beside a sound cluster, by the workload and without drawn names', async () => {
    const sound = await symptomsWith();
    const own = [...(await symptomsWith('image-missing'))].filter((line) => !sound.has(line));
    expect(own).toContain('Deployment shop/checkout: waiting ImagePullBackOff');
    expect(own.filter((line) => !line.startsWith('Deployment shop/checkout: '))).toEqual([]);
  });

  it('tells the scheduler’s reasons one by one', async () => {
    expect(await symptomsWith('node-selector-unmatched')).toContain(
      "Deployment shop/checkout: scheduling # node(s) didn't match Pod's node affinity/selector",
    );
  });

  it('is the same for the same history', async () => {
    expect(await symptomsWith('image-missing')).toEqual(await symptomsWith('image-missing'));
  });
});
