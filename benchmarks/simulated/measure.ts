/**
 * One measurement in a process of its own: `measure.ts MIX NODES BEFORE MEASURED`, `measure.ts heap NODES PODS`,
 * `measure.ts steady NODES PODS HOURS`, or `measure.ts control`. Prints JSON.
 */
import type { SimulatedCluster } from '@aia/cluster';
import { clusterOf, create, createPods, schedule } from './cluster.ts';
import { PLAIN, pod, POD_MIXES } from './pod-mixes.ts';

/** What a measurement of placements gives, in milliseconds. */
export interface Placements {
  /** From the first pod made to the last bound. */
  readonly wholeMs: number;
  /** Of that, making the pods. */
  readonly createMs: number;
}

export interface Steady {
  readonly ms: number;
  readonly hours: number;
}

const [, , what = '', ...rest] = process.argv;
const [first = 0, second = 0, third = 0] = rest.map(Number);
console.log(JSON.stringify(measured()));

function measured(): unknown {
  if (what === 'heap') return heap(first, second);
  if (what === 'steady') return steady(first, second, third);
  if (what === 'control') return control();
  const mix = [PLAIN, ...POD_MIXES].find(({ name }) => name === what);
  if (mix === undefined) throw new RangeError(`${what}: is no measurement`);
  // Once for the compiler, small, then in earnest.
  placements(mix, Math.min(100, first), Math.min(50, second), Math.min(100, third));
  return placements(mix, first, second, third);
}

function placements(
  { before, measured: asked, zones }: (typeof POD_MIXES)[number],
  nodes: number,
  there: number,
  count: number,
): Placements {
  const cluster = clusterOf(nodes, zones);
  createPods(cluster, before.pod, there);
  schedule(cluster, there);
  const { api } = cluster;
  const type = api.types.byPlural('', 'v1', 'pods');
  if (type === undefined) throw new Error('no pods are served');
  const seen = new Set<string>();
  const stop = api.store.listen(({ object }) => {
    const { spec, metadata } = object as {
      spec?: { nodeName?: string; priorityClassName?: string };
      metadata: { name: string };
    };
    if (object.kind === 'Pod' && spec?.nodeName !== undefined) seen.add(metadata.name);
  });
  const startAt = performance.now();
  createPods(cluster, asked.pod, count);
  const madeAt = performance.now();
  for (let round = 0; seen.size < count && round < 100; round++) cluster.clock.advance(5);
  const endAt = performance.now();
  stop();
  if (seen.size < count) throw new Error(`only ${seen.size} of ${count} pods are bound`);
  return { wholeMs: endAt - startAt, createMs: madeAt - startAt };
}

function heap(nodes: number, pods: number): { readonly bytes: number; readonly ms: number } {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const startAt = performance.now();
  const cluster = clusterOf(nodes);
  createPods(cluster, pod({ cpu: '50m', memory: '100Mi' }), pods);
  schedule(cluster, pods);
  const ms = performance.now() - startAt;
  globalThis.gc?.();
  const bytes = process.memoryUsage().heapUsed - before;
  // Held until here, or there would be nothing to measure.
  cluster.stop();
  return { bytes, ms };
}

/** A cluster in which all that was wanted is there and nothing more happens than kubelets and controllers do anyway. */
function steady(nodes: number, pods: number, hours: number): Steady {
  const cluster: SimulatedCluster = clusterOf(nodes, ['a', 'b', 'c']);
  const workloads = Math.ceil(pods / 20);
  for (let i = 0; i < workloads; i++) {
    const labels = { app: `app-${i}` };
    const { spec } = pod({ cpu: '50m', memory: '100Mi' });
    create(cluster, 'deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `app-${i}`, namespace: 'default' },
      spec: { replicas: 20, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
  }
  cluster.clock.advance(600_000);
  const startAt = performance.now();
  cluster.clock.advance(hours * 3_600_000);
  return { ms: performance.now() - startAt, hours };
}

/** Megabytes per second of `JSON.parse` of a list of pods: how fast the machine is at this moment. */
function control(): { readonly megabytes: number; readonly ms: number } {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ ...pod(), at: i })));
  JSON.parse(text);
  const startAt = performance.now();
  for (let i = 0; i < 5; i++) JSON.parse(text);
  return { megabytes: (5 * text.length) / 1e6, ms: performance.now() - startAt };
}
