import { describe, expect, it } from 'vitest';
import type { KindMap, Service } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { CRON_JOBS, DEPLOYMENTS, INGRESSES, PERSISTENT_VOLUME_CLAIMS, SERVICES } from '../api/built-in-types.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { newCluster } from '../simulated-cluster.suite.ts';
import { judge } from './judgement.ts';
import { healthOf, wantedOf } from './oracle.ts';

const MINUTE = 60_000;
const NAMESPACE = 'shop';
const ADDRESS = { loadBalancer: { ingress: [{ ip: '34.1.2.3' }] } };

/** A Deployment `web` behind a Service, and an Ingress to it; both reached from outside where asked. */
function shop({ type = 'ClusterIP', hasIngress = false } = {}): SimulatedCluster {
  const cluster = newCluster();
  const { api, clock, kubelets } = cluster;
  kubelets.addNode({ name: 'n1' });
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'r/web:1' }] } };
  api.create(DEPLOYMENTS, {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: NAMESPACE } },
    spec: { replicas: 2, selector: { matchLabels: labels }, template },
  } as never);
  api.create(SERVICES, {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: NAMESPACE } },
    spec: { type, selector: labels, ports: [{ port: 80 }] },
  } as never);
  if (type === 'LoadBalancer') setStatus<Service>(cluster, SERVICES);
  if (hasIngress) addIngress(cluster);
  clock.advance(MINUTE);
  return cluster;
}

function addIngress(cluster: SimulatedCluster): void {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  const metadata = { name: 'web', namespace: NAMESPACE };
  cluster.api.create(INGRESSES, {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: { defaultBackend: backend } },
  } as never);
  setStatus<KindMap['Ingress']>(cluster, INGRESSES);
}

function setStatus<T extends KubeObject>({ api }: SimulatedCluster, type: typeof SERVICES | typeof INGRESSES): void {
  api.changeStatus(type as never, NAMESPACE, 'web', (now) => ({ ...(now as T), status: ADDRESS }) as never);
}

function setType({ api, clock }: SimulatedCluster, type: string): void {
  api.change(SERVICES, NAMESPACE, 'web', (now) => ({ ...now, spec: { ...now.spec, type } }) as typeof now);
  clock.advance(MINUTE);
}

const entities = (cluster: SimulatedCluster, wanted: ReturnType<typeof wantedOf>) =>
  healthOf(cluster, wanted).shortfalls.map(({ entity, reason }) => `${entity} ${reason}`);

describe('being reached from outside', () => {
  it('is wanted of a Service that has a load balancer', () => {
    const cluster = shop({ type: 'LoadBalancer' });
    const wanted = wantedOf(cluster);
    expect(entities(cluster, wanted)).toEqual([]);
    setType(cluster, 'ClusterIP');
    expect(entities(cluster, wanted)).toEqual(['Service shop/web not-succeeding']);
  });

  it('may come through an Ingress instead', () => {
    const cluster = shop({ type: 'LoadBalancer' });
    const wanted = wantedOf(cluster);
    addIngress(cluster);
    setType(cluster, 'ClusterIP');
    expect(entities(cluster, wanted)).toEqual([]);
  });

  it('may come through a load balancer in place of an Ingress, which may then go', () => {
    const cluster = shop({ hasIngress: true });
    const wanted = wantedOf(cluster);
    cluster.api.delete(INGRESSES, NAMESPACE, 'web');
    expect(entities(cluster, wanted)).toEqual(['Ingress shop/web deleted']);
    setType(cluster, 'LoadBalancer');
    setStatus<Service>(cluster, SERVICES);
    expect(entities(cluster, wanted)).toEqual([]);
  });
});

describe('what does not succeed', () => {
  it('programs that end again and again, though ready in between', () => {
    const cluster = shop();
    const wanted = wantedOf(cluster);
    cluster.behave({ container: () => ({ exitsAfterMs: 20_000, exitCode: 1 }) });
    cluster.clock.advance(8 * MINUTE);
    const ready = () => cluster.api.get(DEPLOYMENTS, NAMESPACE, 'web').status?.readyReplicas ?? 0;
    for (let i = 0; i < 100 && ready() < 2; i++) cluster.clock.advance(5000);
    expect(ready()).toBe(2);
    expect(entities(cluster, wanted)).toEqual(['Deployment shop/web not-succeeding']);
  });

  it('programs that never start, and the Service that sends to them', () => {
    const cluster = shop();
    const wanted = wantedOf(cluster);
    cluster.behave({ container: () => ({ exitsAfterMs: 0, exitCode: 1 }) });
    cluster.clock.advance(2 * MINUTE);
    expect(entities(cluster, wanted)).toEqual([
      'Deployment shop/web not-succeeding',
      'Service shop/web not-succeeding',
    ]);
  });

  it('a rollout whose new pods do not come, though the old ones serve', () => {
    const cluster = shop();
    const wanted = wantedOf(cluster);
    cluster.behave({ image: (image) => (image === 'r/web:2' ? { pullError: 'not found' } : undefined) });
    cluster.api.change(DEPLOYMENTS, NAMESPACE, 'web', (now) => {
      const template = {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'r/web:2' }] },
      };
      return { ...now, spec: { ...now.spec, template } } as typeof now;
    });
    cluster.clock.advance(5 * MINUTE);
    expect(entities(cluster, wanted)).toEqual(['Deployment shop/web not-succeeding']);
  });

  it('a CronJob whose last run failed, until one succeeds', () => {
    const cluster = shop();
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'task', image: 'r/task:1' }] } };
    cluster.api.create(CRON_JOBS, {
      ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'sum', namespace: NAMESPACE } },
      spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { backoffLimit: 0, template } } },
    } as never);
    const wanted = wantedOf(cluster);
    const takeBack = cluster.behave({
      container: ({ container }) => (container === 'task' ? { exitsAfterMs: 1000, exitCode: 1 } : undefined),
    });
    cluster.clock.advance(6 * MINUTE);
    expect(entities(cluster, wanted)).toEqual(['CronJob shop/sum not-succeeding']);
    takeBack();
    cluster.clock.advance(6 * MINUTE);
    expect(entities(cluster, wanted)).toEqual([]);
    cluster.api.change(
      CRON_JOBS,
      NAMESPACE,
      'sum',
      (now) => ({ ...now, spec: { ...now.spec, suspend: true } }) as never,
    );
    expect(entities(cluster, wanted)).toEqual(['CronJob shop/sum scaled-down']);
  });

  it('a claim that is deleted', () => {
    const cluster = shop();
    cluster.api.create(PERSISTENT_VOLUME_CLAIMS, {
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: NAMESPACE } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    } as never);
    // Nobody mounts it, and it waits for whoever does.
    expect(wantedOf(cluster).map(({ entity }) => entity)).not.toContain('PersistentVolumeClaim shop/data');
    cluster.api.changeStatus(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data', (now) => ({
      ...now,
      status: { phase: 'Bound' },
    }));
    const wanted = wantedOf(cluster);
    cluster.api.delete(PERSISTENT_VOLUME_CLAIMS, NAMESPACE, 'data');
    expect(entities(cluster, wanted)).toEqual(['PersistentVolumeClaim shop/data deleted']);
  });
});

it('a cause that is left keeps a healthy cluster from being resolved', () => {
  const cluster = shop();
  const fault = {
    ...{ kind: 'quota', parameters: {}, at: 0, truth: { entities: [], classes: [] }, touched: [], settlesMs: 0 },
    remedy: undefined,
  };
  const of = (isGone: () => boolean) => judge({ cluster, wanted: wantedOf(cluster), faults: [{ ...fault, isGone }] });
  expect(of(() => false)).toMatchObject({ isResolved: false, health: { share: 1 } });
  expect(of(() => true)).toMatchObject({ isResolved: true, openFaults: [] });
});
