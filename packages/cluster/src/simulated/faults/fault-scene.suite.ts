/** A cluster for tests of faults, as teams have one at Google: pools, several namespaces, and every kind of workload, all of it sound. */
import type { KubeObject } from '../../model/kube-object.ts';
import { groupOf } from '../../model/kube-object.ts';
import { NODES } from '../api/built-in-types.ts';
import { nodeOptionsOf } from '../cloud/machines.ts';
import { newCloud } from '../cloud/new-cloud.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { teamObjects } from './fault-scene-objects.suite.ts';

/** When everything in it runs. */
const SETTLED_MS = 300_000;

/** The scene, five minutes old; the same seed gives the same. */
export function newScene({ seed = 'scene' }: { readonly seed?: string } = {}): SimulatedCluster {
  const cluster = new SimulatedCluster({
    seed,
    cloud: newCloud({
      nodePools: [
        { name: 'default-pool', initialNodes: 1 },
        {
          name: 'memory-pool',
          machineType: 'n2-highmem-4',
          initialNodes: 1,
          autoscaling: { minNodes: 0, maxNodes: 3 },
        },
      ],
    }),
  });
  cluster.clock.advance(60_000);
  addMachines(cluster);
  const objects = teamObjects();
  make(
    cluster,
    objects.filter(({ kind }) => kind === 'Namespace'),
  );
  cluster.clock.advance(1000);
  make(
    cluster,
    objects.filter(({ kind }) => kind !== 'Namespace'),
  );
  cluster.clock.advance(SETTLED_MS);
  return cluster;
}

/** Makes objects, as somebody with kubectl would. */
function make({ api }: SimulatedCluster, objects: readonly KubeObject[]): void {
  for (const object of objects) {
    const type = api.types.byKind(groupOf(object.apiVersion), object.kind);
    if (type === undefined) throw new TypeError(`kind ${object.kind} is not served`);
    api.create(type, object);
  }
}

/** Machines of the pools, where nobody has made them. */
function addMachines({ api, cloud, kubelets }: SimulatedCluster): void {
  if (cloud === undefined || api.store.count(NODES) > 0) return;
  for (const pool of cloud.snapshot.cluster?.nodePools ?? [])
    for (const zone of pool.zones)
      for (let i = 0; i < (pool.initialNodes ?? 1); i++)
        kubelets.addNode(nodeOptionsOf(cloud, pool, zone, `gke-example-${pool.name}-${zone.slice(-1)}${i}`));
}

/** Everything that its API server knows, as text. */
export function stateOf({ api: { store, types } }: SimulatedCluster): string {
  return JSON.stringify([...types.all].map((type) => [...store.list(type)]));
}
