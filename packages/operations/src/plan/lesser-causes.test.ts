import { createDirectWrites, snapshotOf, type SimulatedCluster } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { strategise } from '../strategy.ts';
import { clusterWith, deployment, planningOf } from './trial.suite.ts';

const HOUR = 60 * 60_000;

function cronJob(spec: object) {
  const container = { name: 'task', image: 'registry.example.com/task:1.0.0' };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  return {
    ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly', namespace: 'shop' } },
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } }, ...spec },
  };
}

function patched(cluster: SimulatedCluster, [group, kind, namespace, name]: readonly string[], spec: object) {
  const target = { group: group ?? '', kind: kind ?? '', namespace: namespace ?? '', name: name ?? '' };
  createDirectWrites(cluster, 'test').patch(target, { type: 'merge', patch: { spec } });
  cluster.clock.advance(HOUR);
  return cluster;
}

const lesser = (cluster: SimulatedCluster) =>
  planningOf(cluster)
    .goals.filter(({ kind, severity }) => kind === 'cause' && severity === 'low')
    .map(({ id, isMust, state }) => ({ class: id.split('@')[0], isMust, state }));

describe('lesserCauses', () => {
  it('makes a goal of a cordoned node that nobody misses yet, and the plan uncordons it', () => {
    const cluster = clusterWith([deployment('web')]);
    const [node] = snapshotOf(cluster, 'test').list('Node');
    patched(cluster, ['', 'Node', '', node?.metadata.name ?? ''], { unschedulable: true });
    expect(lesser(cluster)).toEqual([{ class: 'node-cordoned', isMust: false, state: 'open' }]);
    const { plan } = strategise(snapshotOf(cluster, 'test'), { version: 'test' });
    expect(plan.phases.flatMap(({ actions }) => actions).map(({ id }) => id)).toContain(
      `uncordon-node:/Node//${node?.metadata.name}`,
    );
  });

  it('makes one of a Service that sends to another port than the only one of its name, and the plan corrects it', () => {
    const service = (name: string) => ({
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } },
      spec: { selector: { app: 'web' }, ports: [{ name, port: 80, targetPort: 8999, protocol: 'TCP' }] },
    });
    const web = deployment('web', {}, { ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] });
    expect(lesser(clusterWith([web, service('admin')]))).toEqual([]);
    const cluster = clusterWith([web, service('http')]);
    expect(lesser(cluster)).toEqual([{ class: 'service-target-port-missing', isMust: false, state: 'open' }]);
    const { plan } = strategise(snapshotOf(cluster, 'test'), { version: 'test' });
    expect(plan.phases.flatMap(({ actions }) => actions).map(({ kind }) => kind)).toContain('fix-target-port');
  });

  it('makes none of a node that somebody drains, held up by a budget', () => {
    const budget = {
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'shop' } },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'web' } } },
    };
    const cluster = clusterWith([deployment('web'), budget]);
    const [pod] = snapshotOf(cluster, 'test').listIn('Pod', 'shop');
    patched(cluster, ['', 'Node', '', pod?.spec?.nodeName ?? ''], { unschedulable: true });
    expect(planningOf(cluster).causes.map((cause) => cause.class)).toEqual(['disruption-budget-blocks-drain']);
    const { plan } = strategise(snapshotOf(cluster, 'test'), { version: 'test' });
    expect(plan.phases.flatMap(({ actions }) => actions).map(({ kind }) => kind)).toEqual(['tune-disruption-budget']);
  });

  it('makes one of a CronJob that ran until it was suspended, and none of one that was made so', () => {
    const ran = clusterWith([cronJob({})]);
    patched(ran, ['batch', 'CronJob', 'shop', 'nightly'], { suspend: true });
    expect(lesser(ran)).toEqual([{ class: 'cron-job-suspended', isMust: false, state: 'open' }]);
    const made = clusterWith([cronJob({ suspend: true })]);
    made.clock.advance(HOUR);
    expect(lesser(made)).toEqual([]);
  });
});
