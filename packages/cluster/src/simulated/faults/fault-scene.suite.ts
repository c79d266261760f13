/** A cluster for tests of faults, as teams have one at Google: pools, several namespaces, and every kind of workload, all of it sound. */
import type { KubeObject } from '../../model/kube-object.ts';
import { groupOf } from '../../model/kube-object.ts';
import { newCloud } from '../cloud/new-cloud.ts';
import type { Wanted } from '../oracle/health.ts';
import { healthOf, wantedOf } from '../oracle/oracle.ts';
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
        { name: 'default-pool', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 9 } },
        {
          name: 'memory-pool',
          machineType: 'n2-highmem-4',
          initialNodes: 3,
          autoscaling: { minNodes: 3, maxNodes: 6 },
        },
      ],
    }),
  });
  cluster.clock.advance(60_000);
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

/** Everything that its API server knows, as text. */
export function stateOf({ api: { store, types } }: SimulatedCluster): string {
  return JSON.stringify([...types.all].map((type) => [...store.list(type)]));
}

/** What is wanted of a cluster and is as wanted. */
export function soundOf(cluster: SimulatedCluster): readonly Wanted[] {
  const wanted = wantedOf(cluster);
  const failing = new Set(healthOf(cluster, wanted).shortfalls.map(({ entity }) => entity));
  return wanted.filter(({ entity }) => !failing.has(entity));
}
