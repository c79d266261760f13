import { describe, expect, it } from 'vitest';
import { createSnapshot } from '../../snapshot/snapshot.ts';
import { DEPLOYMENTS, HORIZONTAL_POD_AUTOSCALERS, NAMESPACES, PODS } from '../api/built-in-types.ts';
import { newCloud } from '../cloud/new-cloud.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { snapshotOf } from '../simulated-reader.ts';
import { createDirectWrites } from './direct-writes.ts';
import { simulate } from './simulate.ts';

const MINUTE = 60_000;
const LABELS = { app: 'web' };

/** Pods that share 240m of load, at most two of them; each is to use 80m. The load is not in the record, but for what the autoscaler saw. */
function atMaximum() {
  const cluster = new SimulatedCluster({ cloud: newCloud({ nodePools: [{ name: 'general', initialNodes: 3 }] }) });
  cluster.behave({
    container: ({ container }) =>
      container === 'app' ? { usage: () => ({ cpuMillis: 120, memoryBytes: 1 }) } : undefined,
  });
  const { api, clock } = cluster;
  clock.advance(2 * MINUTE);
  api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  clock.advance(1000);
  const container = { name: 'app', image: 'web:1', resources: { requests: { cpu: '100m' } } };
  api.create(DEPLOYMENTS, {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
    spec: {
      ...{ replicas: 2, selector: { matchLabels: LABELS } },
      template: { metadata: { labels: LABELS }, spec: { containers: [container] } },
    },
  } as never);
  const target = { type: 'Utilization', averageUtilization: 80 };
  api.create(HORIZONTAL_POD_AUTOSCALERS, {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web', namespace: 'shop' } },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      ...{ minReplicas: 1, maxReplicas: 2, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] },
    },
  } as never);
  clock.advance(20 * MINUTE);
  return snapshotOf(cluster, 'test');
}

const replicasOf = ({ api }: SimulatedCluster) => api.get(DEPLOYMENTS, 'shop', 'web').spec?.replicas;

describe('the load that an autoscaler measured', () => {
  it('stays what it was', () => {
    const { cluster } = simulate(atMaximum());
    cluster.clock.advance(30 * MINUTE);
    expect(replicasOf(cluster)).toBe(2);
  });

  it('is shared by more pods, until each bears no more than it should', () => {
    const { cluster } = simulate(atMaximum());
    cluster.clock.advance(MINUTE);
    cluster.api.change(HORIZONTAL_POD_AUTOSCALERS, 'shop', 'web', (one) => {
      return { ...one, spec: { ...one.spec, maxReplicas: 9 } } as typeof one;
    });
    cluster.clock.advance(30 * MINUTE);
    expect(replicasOf(cluster)).toBe(3);
  });

  it('is shared where its history alone tells of it', () => {
    const seen = atMaximum();
    const series = (value: number) => ({ times: [seen.observedAt - MINUTE, seen.observedAt], values: [value, value] });
    const containers = seen.listIn('Pod', 'shop').map(({ metadata: { name } }) => ({
      ...{ namespace: 'shop', pod: name, container: 'app', cpu: series(90), memory: series(1) },
    }));
    const objects = seen.objects.map((one) => (one.kind === 'HorizontalPodAutoscaler' ? { ...one, status: {} } : one));
    const { cluster } = simulate(createSnapshot({ ...seen, objects, usage: { sources: ['test'], containers } }));
    const used = () =>
      [...cluster.api.store.list(PODS, 'shop')].map(
        ({ metadata }) => cluster.kubelets.podMetrics('shop', metadata.name)?.containers?.[0]?.usage?.['cpu'],
      );
    cluster.clock.advance(MINUTE);
    expect(used()).toEqual(['90000000n', '90000000n']);
    createDirectWrites(cluster, 'test').scale({ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }, 3);
    cluster.api.change(HORIZONTAL_POD_AUTOSCALERS, 'shop', 'web', (one) => {
      return { ...one, spec: { ...one.spec, minReplicas: 3, maxReplicas: 3 } } as typeof one;
    });
    cluster.clock.advance(5 * MINUTE);
    expect(used()).toEqual(['60000000n', '60000000n', '60000000n']);
  });
});
