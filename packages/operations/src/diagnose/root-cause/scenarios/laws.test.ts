/** What holds for every diagnosis: order of input, frozen input, priors, probabilities; and the what-ifs against a search of their own. */
import fc from 'fast-check';
import { createWorld, podRequests, SchedulingWorld, type Pod } from '@aia/cluster';
import { describe, expect, it, vi } from 'vitest';
import { withMoreNodes, withRightSizing } from '../../nodes/capacity.ts';
import { nodeKinds } from '../../nodes/node-kinds.ts';
import { condition, crashing, pending, running, unready, waiting } from './pod-states.suite.ts';
import { diagnose, expectSound, group, quota, Scene, type Made } from './scene.suite.ts';

const FULL =
  '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';

/** A cluster with many troubles at once. */
function troubled(): Scene {
  const scene = new Scene();
  const [a = '', b = '', c = ''] = scene.nodes(3);
  scene.node('lost', { ready: 'Unknown', pool: 'other' });
  const holders = scene.deployment('holder', { cpu: '3000m', pods: [running(a), running(b), running(c)] });
  const waiters = scene.deployment('api', { cpu: '1', pods: [1, 2, 3, 4].map(() => pending(FULL)) });
  scene.scaleUpFailed(waiters, 'GCE quota exceeded');
  scene.deployment('ml', {
    container: { resources: { requests: { cpu: '1', 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '1' } } },
    pods: [
      pending(
        '0/4 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 3 Insufficient nvidia.com/gpu.',
      ),
    ],
  });
  scene.deployment('picky', {
    spec: { nodeSelector: { disk: 'ssd' } },
    pods: [
      pending(
        "0/4 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 3 node(s) didn't match Pod's node affinity/selector.",
      ),
    ],
  });
  scene.service('db');
  scene.deployment('db', {
    container: { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'auth', key: 'p' } } }] },
    pods: [waiting(a, 'CreateContainerConfigError', 'secret "auth" not found')],
  });
  const [web] = scene.deployment('web', { pods: [unready(b), crashing(c, { reason: 'Error', exitCode: 1 })] });
  scene.event(
    web as Made,
    'Warning',
    'Unhealthy',
    'Readiness probe failed: dial tcp: connect to db.shop.svc:80: connection refused',
  );
  // Several events of one moment: nothing but their names can order them.
  for (const code of [500, 502, 503])
    scene.event(
      web as Made,
      'Warning',
      'Unhealthy',
      `Readiness probe failed: HTTP probe failed with statuscode: ${code}`,
    );
  for (const pod of waiters) {
    scene.event(pod, 'Warning', 'FailedScheduling', FULL);
    scene.event(pod, 'Normal', 'NotTriggerScaleUp', "pod didn't trigger scale-up: 1 in backoff after failed scale-up");
    scene.scaleUpFailed([pod], 'GCE out of resources');
  }
  for (const name of ['x', 'y']) {
    const service = scene.service(name, { type: 'LoadBalancer' });
    scene.event(
      service,
      'Warning',
      'SyncLoadBalancerFailed',
      "Error syncing load balancer: failed to ensure load balancer: googleapi: Error 403: Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region us-central1., quotaExceeded",
    );
  }
  scene.deployment('refused', {
    replicas: 2,
    pods: [],
    conditions: [
      condition(
        'ReplicaFailure',
        'True',
        'FailedCreate',
        'pods "refused-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=9, limited: pods=9',
      ),
    ],
  });
  scene.history(holders, 200, 2 ** 28);
  scene.gke(
    [{ name: 'default-pool' }, { name: 'other' }],
    [quota('CPUS', 16, 16), quota('IN_USE_ADDRESSES', 8, 8)],
    [
      group('default-pool', 3, 9, {
        errorCode: 'QUOTA_EXCEEDED',
        errorMessage: "Instance 'x' creation failed: Quota 'CPUS' exceeded.  Limit: 16.0 in region us-central1.",
      }),
    ],
  );
  return scene;
}

describe('a diagnosis', () => {
  it('is the same bytes whatever the order of the objects', () => {
    const scene = troubled();
    const judged = (order: (objects: readonly Made[]) => readonly Made[]) =>
      JSON.stringify(diagnose(scene.snapshot(order)));
    const expected = judged((objects) => objects);
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: scene.objects.length, maxLength: scene.objects.length }), (keys) => {
        const shuffled = judged((objects) =>
          objects
            .map((object, i) => ({ object, key: keys[i] ?? 0 }))
            .sort((p, q) => p.key - q.key)
            .map(({ object }) => object),
        );
        expect(shuffled).toBe(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('writes to nothing that it is given', () => {
    const snapshot = troubled().snapshot();
    for (const part of [snapshot.objects, snapshot.cloud, snapshot.usage]) deepFreeze(part);
    expectSound(diagnose(snapshot));
  });

  it('asks the scheduling filters, and writes, in proportion to the workloads that fail', () => {
    const cost = (workloads: number) => {
      const scene = new Scene();
      const nodes = scene.nodes(4);
      scene.deployment('holder', { cpu: '3800m', pods: nodes.map((name) => running(name)) });
      for (let i = 0; i < workloads; i++) {
        const pods = scene.deployment(`w${i}`, { cpu: '500m', pods: [1, 2, 3, 4].map(() => pending(FULL)) });
        scene.scaleUpFailed(pods, 'GCE quota exceeded');
        scene.service(`w${i}`);
      }
      scene.gke([{ name: 'default-pool' }], [quota('CPUS', 16, 16)]);
      const asked = [vi.spyOn(SchedulingWorld.prototype, 'refusal'), vi.spyOn(SchedulingWorld.prototype, 'bestNode')];
      const written = JSON.stringify(diagnose(scene.snapshot())).length;
      const questions = asked.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
      for (const spy of asked) spy.mockRestore();
      return { written, questions };
    };
    const [small, large] = [cost(200), cost(400)];
    expect(large.written / small.written).toBeLessThan(2.5);
    expect(large.questions / small.questions).toBeLessThan(2.5);
  });

  it('never states certainty, however much speaks for a cause', () => {
    const { rootCauses } = troubled().assess();
    for (const { probability } of rootCauses) expect(probability).toBeLessThanOrEqual(0.999);
  });

  it('keeps what a component stated, as cause or rival, whatever the priors', () => {
    const scene = troubled();
    const stated = [
      'requests-exceed-quota',
      'secret-missing',
      'namespace-quota-exhausted',
      'load-balancer-quota-exhausted',
    ];
    const weights = fc.dictionary(
      fc.constantFrom(...stated, 'capacity-exhausted', 'quota-exhausted', 'stock-out', 'program-fails'),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(weights, (causes) => {
        const { rootCauses } = scene.assess({ causes });
        const named = new Set(
          rootCauses.flatMap((cause) => [cause.class, ...cause.rivals.map((rival) => rival.class)]),
        );
        for (const name of stated) expect(named).toContain(name);
        for (const cause of rootCauses)
          expect(cause.rivals.reduce((sum, rival) => sum + rival.probability, cause.probability)).toBeLessThan(1.01);
      }),
      { numRuns: 25 },
    );
  });

  it('gives a class that experience favours a higher probability', () => {
    const of = (weight: number) =>
      troubled()
        .assess({ causes: { 'quota-exhausted': weight } })
        .rootCauses.flatMap(({ class: name, probability, rivals }) => [{ class: name, probability }, ...rivals])
        .find(({ class: name }) => name === 'quota-exhausted')?.probability ?? 0;
    expect(of(0.1)).toBeLessThan(of(1));
    expect(of(1)).toBeLessThan(of(10));
  });
});

/** Pods to nodes by trying everything: the most that any scheduler could place. */
function most(pods: readonly Pod[], free: readonly { cpu: number; memory: number }[]): number {
  const [pod, ...rest] = pods;
  if (pod === undefined) return 0;
  const { cpuMillis, memoryBytes } = podRequests(pod);
  let best = most(rest, free);
  for (const [i, { cpu, memory }] of free.entries()) {
    if (cpu < cpuMillis || memory < memoryBytes) continue;
    const left = free.map((node, k) => (k === i ? { cpu: cpu - cpuMillis, memory: memory - memoryBytes } : node));
    best = Math.max(best, 1 + most(rest, left));
    if (best === pods.length) break;
  }
  return best;
}

describe('what-ifs', () => {
  const small = fc.record({
    holders: fc.array(fc.integer({ min: 20, max: 39 }), { minLength: 1, maxLength: 3 }),
    used: fc.integer({ min: 1, max: 19 }),
    waiters: fc.array(fc.record({ cpu: fc.integer({ min: 5, max: 45 }), memory: fc.integer({ min: 1, max: 14 }) }), {
      minLength: 1,
      maxLength: 5,
    }),
  });

  function world({
    holders,
    used,
    waiters,
  }: {
    holders: number[];
    used: number;
    waiters: { cpu: number; memory: number }[];
  }) {
    const scene = new Scene();
    const nodes = scene.nodes(holders.length);
    const pods = holders.map(
      (cpu, i) =>
        scene.deployment(`h${i}`, {
          cpu: `${cpu * 100}m`,
          memory: '1Gi',
          pods: [running(nodes[i] as string)],
        })[0] as Made,
    );
    scene.history(pods, used * 100, 2 ** 29);
    waiters.forEach(({ cpu, memory }, i) =>
      scene.deployment(`w${i}`, { cpu: `${cpu * 100}m`, memory: `${memory}Gi`, pods: [pending(FULL)] }),
    );
    const snapshot = scene.snapshot();
    return {
      made: createWorld(snapshot),
      waiting: snapshot.list('Pod').filter((pod) => pod.spec?.nodeName === undefined),
      holders,
      used,
    };
  }
  const ROOM = { cpu: 3920, memory: 13 * 2 ** 30 };

  it('of more nodes never promise more than is possible, and each named step helps', () => {
    fc.assert(
      fc.property(small, (drawn) => {
        const { made, waiting, holders } = world(drawn);
        const now = holders.map((cpu) => ({ cpu: 3920 - cpu * 100, memory: 12 * 2 ** 30 }));
        for (const steps of withMoreNodes(made, waiting, nodeKinds(made))) {
          let before = -1;
          for (const { nodes, fits, cpus } of steps) {
            expect(fits).toBeGreaterThan(before);
            expect(fits).toBeLessThanOrEqual(most(waiting, [...now, ...Array.from({ length: nodes }, () => ROOM)]));
            expect(cpus).toBe(4 * nodes);
            before = fits;
          }
          // No further node helps what is left: each of those is larger than an empty node.
          const fitting = waiting.filter(
            (pod) => podRequests(pod).cpuMillis <= 3920 && podRequests(pod).memoryBytes <= ROOM.memory,
          );
          if (steps.length > 0) expect(steps.at(-1)?.fits).toBe(fitting.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('of right-sizing never promise more than is possible, and place any pod that fits alone', () => {
    fc.assert(
      fc.property(small, (drawn) => {
        const { made, waiting, holders, used } = world(drawn);
        const sized = withRightSizing(made, waiting);
        const free = holders.map(() => ({ cpu: 3920 - used * 100, memory: 13 * 2 ** 30 - 2 ** 29 }));
        expect(sized?.fits).toBeLessThanOrEqual(most(waiting, free));
        const anyFits = waiting.some((pod) => most([pod], free) === 1);
        expect((sized?.fits ?? 0) > 0).toBe(anyFits);
      }),
      { numRuns: 60 },
    );
  });
});

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
