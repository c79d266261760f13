/** Nastier cases: what looks like one thing and is another, and what must not be counted twice. */
import { describe, expect, it } from 'vitest';
import {
  ago,
  condition,
  crashing,
  HOUR,
  MINUTE,
  pending,
  running,
  unready,
  waiting,
  type PodState,
} from './pod-states.suite.ts';
import { causeOf, causesOf, group, outcomesOf, quota, Scene, ZONE, type Made } from './scene.suite.ts';

const FULL = (nodes: number) =>
  `0/${nodes} nodes are available: ${nodes} Insufficient cpu. preemption: 0/${nodes} nodes are available: ${nodes} No preemption victims found for incoming pod.`;

describe('capacity', () => {
  it('a quota that is named with its limit and has room by now is still the stated cause', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.deployment('web', { cpu: '3600m', pods: [running(node)] });
    const pods = scene.deployment('api', { cpu: '1', pods: [pending(FULL(1))] });
    scene.scaleUpFailed(pods, 'GCE quota exceeded');
    scene.gke(
      [{ name: 'default-pool' }],
      [
        quota('CPUS', 4, 24),
        quota('CPUS_ALL_REGIONS', 4, 32, 'global'),
        quota('INSTANCES', 1, 24),
        quota('IN_USE_ADDRESSES', 1, 8),
        quota('SSD_TOTAL_GB', 100, 500),
      ],
      [
        group('default-pool', 1, 9, {
          errorCode: 'QUOTA_EXCEEDED',
          errorMessage: "Instance 'x' creation failed: Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1.",
        }),
      ],
    );
    const [cause] = scene.assess().rootCauses;
    expect(cause?.class).toBe('quota-exhausted');
    expect(cause?.rivals.map((rival) => rival.class)).toContain('stock-out');
    expect(cause?.probability).toBeLessThan(0.9);
  });

  it('stock-out in one pool and quota in another: two causes, each with its own pods', () => {
    const scene = new Scene();
    const spec = (team: string) => ({ nodeSelector: { 'cloud.google.com/gke-nodepool': team } });
    const made: Record<string, Made[]> = {};
    for (const team of ['spot', 'std']) {
      const [node = ''] = scene.nodes(1, { pool: team });
      scene.deployment(`holder-${team}`, { cpu: '3600m', spec: spec(team), pods: [running(node)] });
      made[team] = scene.deployment(`api-${team}`, {
        cpu: '1',
        spec: spec(team),
        pods: [
          pending("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector."),
        ],
      });
    }
    scene.scaleUpFailed(made['spot'] ?? [], 'GCE out of resources');
    scene.scaleUpFailed(made['std'] ?? [], 'GCE quota exceeded');
    scene.gke(
      [{ name: 'spot', spot: true }, { name: 'std' }],
      [quota('CPUS', 4, 4), quota('PREEMPTIBLE_CPUS', 4, 100)],
    );
    expect(causesOf(scene.assess()).toSorted()).toEqual([
      'quota-exhausted Quota us-central1/CPUS 1',
      `stock-out Zone ${ZONE} 1`,
    ]);
  });

  it('the address quota starves nodes and load balancers: two causes share it and neither loses by that', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.deployment('web', { cpu: '3600m', pods: [running(node)] });
    scene.deployment('api', { cpu: '1', pods: [pending(FULL(1))] });
    const service = scene.service('lb', { type: 'LoadBalancer' });
    scene.event(
      service,
      'Warning',
      'SyncLoadBalancerFailed',
      "Error syncing load balancer: failed to ensure load balancer: failed to ensure a static IP for load balancer (a(shop/lb)): error creating gce static IP address: googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region us-central1., quotaExceeded",
    );
    scene.gke([{ name: 'default-pool' }], [quota('IN_USE_ADDRESSES', 8, 8), quota('CPUS', 4, 24)]);
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ class: name }) => name).toSorted()).toEqual([
      'load-balancer-quota-exhausted',
      'quota-exhausted',
    ]);
    expect(causeOf(assessment, 'load-balancer-quota-exhausted').probability).toBeGreaterThan(0.99);
  });

  it('a dump that has lost the containers of its pods is still explained', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.deployment('web', { cpu: '3600m', pods: [running(node)] });
    scene.deployment('api', {
      spec: { containers: undefined },
      pods: [pending(FULL(1)), crashing(node, { reason: 'Error', exitCode: 1 })].map((pod) => ({
        ...pod,
        status: () => pod.status({ containers: [{ name: 'api' }], ageMs: HOUR }),
      })),
    });
    expect(scene.assess().rootCauses.length).toBeGreaterThan(0);
  });

  it('pods of higher priority are counted as placed first', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.deployment('web', { cpu: '3600m', pods: [running(node)] });
    scene.deployment('bulk', { cpu: '3', pods: [pending(FULL(1)), pending(FULL(1))] });
    scene.deployment('urgent', { cpu: '2', spec: { priority: 1000 }, pods: [pending(FULL(1))] });
    scene.gke([{ name: 'default-pool' }], [quota('CPUS', 4, 4)]);
    // One node of 3920m takes the urgent pod and then none of the bulk ones; three nodes take all.
    expect(outcomesOf(causeOf(scene.assess(), 'quota-exhausted')).map((text) => text.split(';')[0])).toEqual([
      'with 4 more CPUs in us-central1 (1 more e2-standard-4 node): 1 of 3 pending pods would schedule',
      'with 12 more CPUs in us-central1 (3 more e2-standard-4 nodes): all 3 pending pods would schedule',
    ]);
  });

  it('what a DaemonSet takes of each new node is not promised to pods', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.daemonSet('agent', { cpu: '500m', pods: [running(node)] });
    scene.deployment('web', { cpu: '3400m', pods: [running(node)] });
    scene.deployment('api', { cpu: '3600m', pods: [pending(FULL(1))] });
    expect(scene.assess().rootCauses.map(({ class: name }) => name)).toEqual(['pod-larger-than-any-node']);
  });

  it('two nodes that remain are said, where the maximum allows only one more', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.deployment('web', { cpu: '3600m', pods: [running(node)] });
    scene.deployment('api', { cpu: '3', pods: [1, 2, 3].map(() => pending(FULL(1))) });
    scene.gke([{ name: 'default-pool', autoscaling: { minNodes: 1, maxNodes: 3 } }], [quota('CPUS', 4, 4)]);
    const outcomes = outcomesOf(causeOf(scene.assess(), 'quota-exhausted'));
    expect(outcomes).toHaveLength(3);
    expect(outcomes[1]).toMatch(/2 more e2-standard-4 nodes\): 2 of 3/);
    expect(outcomes[1]).not.toMatch(/maximum/);
    expect(outcomes[2]).toMatch(/3 more e2-standard-4 nodes\): all 3.*maximum of default-pool is 3 nodes and it has 1/);
  });
});

describe('what must not be counted twice', () => {
  it('a workload with one pod unschedulable and one crashing has two causes and one symptom with one of them', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.deployment('holder', { cpu: '3600m', pods: [running(node)] });
    scene.service('api');
    scene.deployment('api', {
      cpu: '400m',
      pods: [pending(FULL(1)), crashing(node, { reason: 'Error', exitCode: 1 })],
    });
    const assessment = scene.assess();
    expect(assessment.rootCauses.map(({ impact }) => impact.pods)).toEqual([1, 1]);
    expect(
      assessment.findings.filter(
        ({ code, explainedBy }) => code === 'deployment-unavailable' && explainedBy !== undefined,
      ),
    ).toHaveLength(1);
  });

  it('one Secret that lacks two keys', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.add('v1', 'Secret', 'db', 'shop', { data: { host: 'eA==' }, type: 'Opaque' });
    const env = (key: string) => ({ env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'db', key } } }] });
    for (const key of ['user', 'password'])
      scene.deployment(key, {
        container: env(key),
        pods: [waiting(node, 'CreateContainerConfigError', `couldn't find key ${key} in Secret shop/db`)],
      });
    const assessment = scene.assess();
    // Both lie in one object, so they are one cause that names both keys.
    expect(causesOf(assessment)).toEqual(['secret-key-missing Secret shop/db 2']);
    expect(causeOf(assessment, 'secret-key-missing').title).toMatch(/password.*user|user.*password/);
  });

  it('an OOM-killed container that also fails its probes has one cause', () => {
    const scene = new Scene();
    const node = scene.node('n');
    const [pod] = scene.deployment('api', {
      memoryLimit: '128Mi',
      pods: [crashing(node, { reason: 'OOMKilled', exitCode: 137 })],
    });
    scene.event(
      pod as Made,
      'Warning',
      'Unhealthy',
      'Liveness probe failed: Get "http://10.8.0.9:8080/healthz": dial tcp 10.8.0.9:8080: connect: connection refused',
    );
    expect(causesOf(scene.assess())).toEqual(['memory-limit-too-low Deployment shop/api 1']);
  });

  it('pods of a lost node that are marked for deletion do not blame their programs', () => {
    const scene = new Scene();
    const lost = scene.node('lost', { ready: 'False' });
    const gone: PodState = {
      ...unready(lost),
      metadata: { deletionTimestamp: ago(HOUR), deletionGracePeriodSeconds: 30 },
    };
    scene.statefulSet('db', { replicas: 1, pods: [gone] });
    expect(scene.assess().rootCauses.map(({ class: name, resource }) => `${name} ${resource.name}`)).toEqual([
      'node-not-ready lost',
    ]);
  });

  it('a rollout that fails because its Secret is missing is one cause although the old pods run', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.service('api');
    const late = condition(
      'Progressing',
      'False',
      'ProgressDeadlineExceeded',
      'ReplicaSet "api-6d5f8c7b94" has timed out progressing.',
    );
    scene.deployment('api', {
      replicas: 2,
      container: { env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'gone', key: 'k' } } }] },
      conditions: [late],
      status: { updatedReplicas: 1 },
      pods: [running(node), running(node), waiting(node, 'CreateContainerConfigError', 'secret "gone" not found')],
    });
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['secret-missing Secret shop/gone 1']);
    expect(causeOf(assessment, 'secret-missing').explains.join()).toContain('deployment-rollout-stuck');
    expect(causeOf(assessment, 'secret-missing').severity).not.toBe('critical');
  });

  it('a database without a node takes the API that names it along, through two steps', () => {
    const scene = new Scene();
    const [node = ''] = scene.nodes(1);
    scene.deployment('holder', { cpu: '3600m', pods: [running(node)] });
    scene.service('db');
    scene.deployment('db', { cpu: '2', pods: [pending(FULL(1))] });
    scene.service('api');
    const [api] = scene.deployment('api', { pods: [unready(node)] });
    scene.event(
      api as Made,
      'Warning',
      'Unhealthy',
      'Readiness probe failed: dial tcp: lookup db on 10.12.0.10:53: no such host',
    );
    const [web] = scene.deployment('web', {
      pods: [crashing(node, { reason: 'Error', exitCode: 1, message: 'Error: connect ECONNREFUSED api:8080' })],
    });
    expect(web).toBeDefined();
    scene.gke([{ name: 'default-pool' }], [quota('CPUS', 4, 4)]);
    const assessment = scene.assess();
    expect(causesOf(assessment)).toEqual(['quota-exhausted Quota us-central1/CPUS 3']);
  });

  it('a young failure beside an old one stays silent', () => {
    const scene = new Scene();
    const node = scene.node('n');
    scene.deployment('api', { pods: [crashing(node, { reason: 'Error', exitCode: 1 })] });
    scene.deployment('new', { ageMs: MINUTE, pods: [waiting(node, 'ContainerCreating', '', { ageMs: MINUTE })] });
    expect(causesOf(scene.assess())).toEqual(['program-fails Deployment shop/api 1']);
  });
});
