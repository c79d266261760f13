/** The measured process of the speed of strategies: `measure.ts speed PODS CAUSES`. Prints JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDump } from '@aia/host';
import { assess, strategise } from '@aia/operations';
import { median } from '../figure.ts';
import { writeCluster } from '../assess/synthetic-cluster.ts';

/** What planning and rehearsing a cluster takes. */
export interface Speed {
  readonly assessMs: number;
  /** Planning, rehearsal and forecast, without the diagnosis that they start from. */
  readonly strategyMs: number;
  readonly rootCauses: number;
  readonly actions: number;
  readonly removed: number;
  readonly remaining: number;
}

const [, , what = '', pods = '1000', causes = '50'] = process.argv;
if (what !== 'speed') throw new RangeError(`${what}: is no measurement`);
console.log(JSON.stringify(await speed(Number(pods), Number(causes))));

async function speed(count: number, broken: number): Promise<Speed> {
  const folder = mkdtempSync(join(tmpdir(), 'aia-plan-'));
  try {
    // Once for the compiler, small, then in earnest.
    const [small, measured] = [join(folder, 'small'), join(folder, 'measured')];
    writeCluster(small, 300, 1, 8);
    writeCluster(measured, count, 1, broken);
    strategise(await readDump(small), { version: 'bench' });
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const fresh = await readDump(measured);
      times.push(timed(() => assess(fresh, { version: 'bench' })));
    }
    const snapshot = await readDump(measured);
    const assessment = assess(snapshot, { version: 'bench' });
    let strategy: ReturnType<typeof strategise> | undefined;
    const strategyMs = timed(() => (strategy = strategise(snapshot, { version: 'bench', assessment })));
    return {
      ...{ assessMs: median(times), strategyMs, rootCauses: assessment.rootCauses.length },
      actions: strategy?.plan.phases.reduce((sum, { actions }) => sum + actions.length, 0) ?? 0,
      removed: strategy?.rehearsal?.removed.length ?? 0,
      remaining: strategy?.rehearsal?.remaining.length ?? 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of the processor, since what else runs on the machine is not ours. */
function timed(run: () => unknown): number {
  globalThis.gc?.();
  const startedAt = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / 1000;
}
