/** The cluster that all faults know, with one of them. */
import {
  createDirectWrites,
  snapshotOf,
  type ClusterSnapshot,
  type KubeObject,
  type SimulatedCluster,
} from '@aia/cluster';
import { drawParameters, FAULT_KINDS, injectFault } from '@aia/cluster/faults';
import { newScene } from '../../../packages/cluster/src/simulated/faults/fault-scene.suite.ts';
import { OBSERVED_AFTER_MS } from '../../diagnosis/simulated/contexts.ts';

const MIDDLE = 0.5;
const MINUTE = 60_000;

/** As it is observed once the fault shows, with parameters from the middle of their ranges. `beside`: what else the
 * cluster has; `then`: what comes after it. */
export function befallen(
  name: string,
  beside: readonly object[] = [],
  then: (cluster: SimulatedCluster) => void = () => undefined,
): { readonly scene: () => ClusterSnapshot } {
  const kind = FAULT_KINDS.get(name);
  if (kind === undefined) throw new RangeError(`there is no fault ${name}`);
  return {
    scene: () => {
      const cluster = newScene();
      const writes = createDirectWrites(cluster, 'test');
      for (const object of beside) writes.create(object as KubeObject);
      cluster.clock.advance(MINUTE);
      const parameters = drawParameters(kind, () => MIDDLE);
      const { settlesMs } = injectFault(cluster, kind, { seed: '0', parameters });
      cluster.clock.advance(Math.max(settlesMs, OBSERVED_AFTER_MS));
      then(cluster);
      const snapshot = snapshotOf(cluster, name);
      cluster.stop();
      return snapshot;
    },
  };
}

const LABELS = { 'k8s-app': 'metrics-server' };
const SERVER = { namespace: 'kube-system', name: 'metrics-server' };

/** What serves the metrics of a cluster. */
export const METRICS_SERVER: readonly object[] = [
  {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: SERVER },
    spec: { selector: LABELS, ports: [{ port: 443, targetPort: 10250 }] },
  },
  {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: SERVER },
    spec: {
      ...{ replicas: 1, selector: { matchLabels: LABELS } },
      template: {
        metadata: { labels: LABELS },
        spec: {
          containers: [{ name: 'metrics-server', image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0' }],
        },
      },
    },
  },
];
