/** One measurement in a process of its own: `measure.ts rate NODES EPISODES`, or `measure.ts memory NODES FIRST ALL`. Prints JSON. */
import { contextOf, runEpisode } from '@aia/cluster/faults';

/** Of so many episodes. */
export interface Rate {
  readonly episodes: number;
  readonly wallMs: number;
  /** Of this process: what other work on the machine does not lengthen. */
  readonly cpuMs: number;
}

/** Bytes of the heap after a collection. */
export interface Memory {
  readonly early: number;
  readonly late: number;
}

const [, , what = '', ...rest] = process.argv;
const [nodes = 10, first = 1, all = 1] = rest.map(Number);
console.log(JSON.stringify(what === 'memory' ? await memory() : await rate()));

async function rate(): Promise<Rate> {
  // Once for the compiler, in a small one, then in earnest.
  for (let i = 0; i < 3; i++) await runEpisode(contextOf({ nodes: 5 }), `warm ${i}`);
  const context = contextOf({ nodes });
  const [startAt, used] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < first; i++) await runEpisode(context, String(i));
  const { user, system } = process.cpuUsage(used);
  return { episodes: first, wallMs: performance.now() - startAt, cpuMs: (user + system) / 1000 };
}

/** The same few small contexts over and over, each episode with a seed of its own. */
async function memory(): Promise<Memory> {
  let early = 0;
  for (let i = 0; i < all; i++) {
    await runEpisode(contextOf({ nodes: 3, namespaces: 1, load: 0.2, fault_count: 1 + (i % 2) }), `memory ${i}`);
    if (i + 1 === first) early = heap();
  }
  return { early, late: heap() };
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
