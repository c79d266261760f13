/** Simulated clusters to measure: nodes of `scheduler_perf`, pods made through the API and bound by the scheduler. */
import { SimulatedCluster } from '@aia/cluster';
import type { Json } from '../diagnosis/world.ts';

/** Nodes as `scheduler_perf` makes them. */
const AMOUNTS = { cpu: '4', memory: '32Gi', pods: '110' };

/** A cluster of so many nodes, spread over the zones in turn. */
export function clusterOf(nodes: number, zones: readonly string[] = []): SimulatedCluster {
  const cluster = new SimulatedCluster({ seed: 'bench' });
  for (let i = 0; i < nodes; i++)
    create(cluster, 'nodes', nodeObject(`node-${i}`, zones[i % Math.max(1, zones.length)]));
  create(cluster, 'priorityclasses', {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'high' },
    value: 10,
  });
  return cluster;
}

function nodeObject(name: string, zone: string | undefined): Json {
  const labels = {
    'kubernetes.io/hostname': name,
    ...(zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    status: { capacity: AMOUNTS, allocatable: AMOUNTS, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** Makes an object; the status of nodes is written as kubelets do. */
export function create({ api }: SimulatedCluster, plural: string, object: Json): void {
  const type = api.types.all.find((one) => one.plural === plural);
  if (type === undefined) throw new RangeError(`${plural}: is no resource`);
  const made = api.create(type, object as never);
  const { status } = object;
  if (plural === 'nodes') api.changeStatus(type, '', made.metadata.name, (one) => ({ ...one, status }) as never);
}

/** Makes pods of a kind. */
export function createPods(cluster: SimulatedCluster, pod: Json, count: number): void {
  for (let i = 0; i < count; i++) create(cluster, 'pods', pod);
}

/** Lets the scheduler act until so many pods are bound. */
export function schedule(cluster: SimulatedCluster, wanted: number): void {
  const { clock } = cluster;
  for (let round = 0; bound(cluster) < wanted; round++) {
    if (round === 1000) throw new Error(`only ${bound(cluster)} of ${wanted} pods are bound`);
    clock.advance(5);
  }
}

function bound({ api }: SimulatedCluster): number {
  const type = api.types.byPlural('', 'v1', 'pods');
  let count = 0;
  if (type === undefined) return count;
  for (const pod of api.store.list(type)) {
    const { spec } = pod as { readonly spec?: { readonly nodeName?: string } };
    if ((spec?.nodeName ?? '') !== '') count++;
  }
  return count;
}
