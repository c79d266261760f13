import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, Job, Node, Pod } from '../model/kinds.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { isFinished } from '../scheduling/pod-owner.ts';
import { podRequests } from '../scheduling/pod-requests.ts';
import { resourcesOf } from '../scheduling/resources.ts';
import { ApiError } from './api/api-error.ts';
import { DEPLOYMENTS, JOBS, NAMESPACES, NODES, PODS } from './api/built-in-types.ts';
import { evictPod } from './api/eviction.ts';
import type { Behaviours } from './kubelet/behaviour.ts';
import { SimulatedCluster } from './simulated-cluster.ts';
import type { Change } from './store/object-store.ts';

const NODES_OF_TEST = ['n0', 'n1', 'n2'];
const IMAGES = ['good', 'crashing', 'absent', 'unready', 'hungry'] as const;

/** What the images of the test do. */
const BEHAVIOURS: Behaviours = {
  container: ({ image }) => {
    if (image.startsWith('crashing')) return { exitsAfterMs: 700, exitCode: 3 };
    if (image.startsWith('unready')) return { failsProbes: ['readiness', 'liveness'] };
    return image.startsWith('hungry') ? { usage: (ms) => ({ cpuMillis: 10, memoryBytes: ms * 2000 }) } : {};
  },
  image: (image) => (image.startsWith('absent') ? { pullError: 'rpc error: code = NotFound desc = not found' } : {}),
};

type Operation = (cluster: SimulatedCluster) => void;

function podSpec(image: string, cpu: number, restartPolicy: 'Always' | 'Never' = 'Always') {
  const probe = { httpGet: { port: 80 }, periodSeconds: 10 };
  const resources = { requests: { cpu: `${cpu}m`, memory: '64Mi' }, limits: { memory: '128Mi' } };
  return {
    restartPolicy,
    containers: [{ name: 'main', image: `${image}:1`, resources, readinessProbe: probe, livenessProbe: probe }],
  };
}

const name = fc.constantFrom('a', 'b', 'c');
const image = fc.constantFrom(...IMAGES);
const node = fc.constantFrom(...NODES_OF_TEST);
const among = fc.nat(20);

function deploy(called: string, replicas: number, from: string, cpu: number): Operation {
  const labels = { app: called };
  return ({ api }) =>
    api.create(DEPLOYMENTS, {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: called, namespace: 'shop' } },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(from, cpu) },
      },
    } as Deployment);
}

function run(called: string, completions: number, from: string): Operation {
  return ({ api }) =>
    api.create(JOBS, {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: called, namespace: 'shop' } },
      spec: { completions, parallelism: 2, backoffLimit: 1, template: { spec: podSpec(from, 100, 'Never') } },
    } as Job);
}

function cordon(called: string, unschedulable: boolean): Operation {
  return ({ api }) => api.change(NODES, '', called, (one): Node => ({ ...one, spec: { ...one.spec, unschedulable } }));
}

function change(
  called: string,
  part: (spec: NonNullable<Deployment['spec']>) => Partial<NonNullable<Deployment['spec']>>,
): Operation {
  return ({ api }) =>
    api.change(DEPLOYMENTS, 'shop', called, (one) => {
      const { spec } = one as { spec: NonNullable<Deployment['spec']> };
      return { ...one, spec: { ...spec, ...part(spec) } };
    });
}

function evict(which: number): Operation {
  return ({ api }) => {
    const pods = [...api.store.list(PODS, 'shop')];
    const pod = pods[which % Math.max(1, pods.length)];
    if (pod !== undefined) evictPod(api, 'shop', pod.metadata.name);
  };
}

const OPERATION: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .tuple(name, fc.integer({ min: 0, max: 6 }), image, fc.integer({ min: 50, max: 1500 }))
    .map((all) => deploy(...all)),
  fc.tuple(name, fc.integer({ min: 1, max: 3 }), image).map((all) => run(...all)),
  fc.tuple(name, fc.nat(6)).map(([called, replicas]) => change(called, () => ({ replicas }))),
  fc
    .tuple(name, image)
    .map(([called, from]) =>
      change(called, ({ template }) => ({ template: { ...template, spec: podSpec(from, 100) } })),
    ),
  name.map(
    (called): Operation =>
      ({ api }) =>
        api.delete(DEPLOYMENTS, 'shop', called),
  ),
  among.map(evict),
  fc.tuple(node, fc.boolean()).map((all) => cordon(...all)),
  fc.tuple(node, fc.boolean()).map(
    ([called, machine]): Operation =>
      ({ kubelets }) =>
        kubelets.stopNode(called, { machine }),
  ),
  node.map(
    (called): Operation =>
      ({ kubelets }) =>
        kubelets.startNode(called),
  ),
  fc.integer({ min: 1, max: 900_000 }).map(
    (ms): Operation =>
      ({ clock }) =>
        clock.advance(ms),
  ),
);
const OPERATIONS = fc.array(OPERATION, { minLength: 3, maxLength: 25 });

/** Runs the operations; what the API refuses is as good as any other outcome. */
function simulate(operations: readonly Operation[], watch: (change: Change) => void = () => {}): SimulatedCluster {
  const cluster = new SimulatedCluster({ seed: 'laws', behaviours: BEHAVIOURS });
  cluster.api.store.listen(watch);
  for (const called of NODES_OF_TEST) cluster.kubelets.addNode({ name: called, capacity: { cpu: '2', memory: '4Gi' } });
  cluster.api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  cluster.clock.advance(1000);
  for (const operation of operations) {
    try {
      operation(cluster);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    cluster.clock.advance(3000);
  }
  return cluster;
}

function frozen(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
}

const key = ({ type, object }: Pick<Change, 'type' | 'object'>) =>
  `${type.group}/${type.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;

describe('a simulated cluster under any operations', () => {
  it('has the same history, byte for byte, whenever seed and operations are the same', () => {
    fc.assert(
      fc.property(OPERATIONS, (operations) => {
        const histories = [0, 1].map(() => {
          const history: Change[] = [];
          simulate(operations, (one) => history.push(one));
          return history.map(({ kind, object, at }) => JSON.stringify([kind, object, at])).join('\n');
        });
        expect(histories[0]).toBe(histories[1]);
      }),
      { numRuns: 15 },
    );
  });

  it('never changes what was stored, and its history replayed gives what is there', () => {
    fc.assert(
      fc.property(OPERATIONS, (operations) => {
        const replayed = new Map<string, KubeObject>();
        let last = 0;
        const cluster = simulate(operations, (one) => {
          frozen(one.object);
          expect(one.revision).toBeGreaterThan(last);
          expect(one.object.metadata.resourceVersion).toBe(String(one.revision));
          last = one.revision;
          if (one.kind === 'DELETED') replayed.delete(key(one));
          else replayed.set(key(one), one.object);
        });
        for (const [, object] of replayed) {
          const type = cluster.api.types.of(object);
          expect(type && cluster.api.store.get(type, object.metadata.namespace ?? '', object.metadata.name)).toBe(
            object,
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  it('binds each pod once, never beyond what a node has, and counts restarts upwards', () => {
    fc.assert(
      fc.property(OPERATIONS, (operations) => {
        const cluster = simulate(operations, ({ kind, type, object, previous }) => {
          if (type.kind !== 'Pod' || kind !== 'MODIFIED') return;
          const [now, before] = [object as Pod, previous as Pod];
          if (before.spec?.nodeName !== undefined) expect(now.spec?.nodeName).toBe(before.spec.nodeName);
          now.status?.containerStatuses?.forEach(({ restartCount }, i) =>
            expect(restartCount).toBeGreaterThanOrEqual(before.status?.containerStatuses?.[i]?.restartCount ?? 0),
          );
          if (isFinished(before)) expect(now.status?.phase).toBe(before.status?.phase);
        });
        const pods = [...cluster.api.store.list(PODS)];
        for (const one of cluster.api.store.list(NODES)) {
          const here = pods.filter((pod) => pod.spec?.nodeName === one.metadata.name && !isFinished(pod));
          const asked = here.reduce((sum, pod) => sum + podRequests(pod).cpuMillis, 0);
          expect(asked).toBeLessThanOrEqual(resourcesOf(one.status?.allocatable).cpuMillis);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('comes to rest with everything running once nothing is wrong any more', () => {
    fc.assert(
      fc.property(OPERATIONS, (operations) => {
        const cluster = simulate(operations);
        for (const called of NODES_OF_TEST) {
          cluster.kubelets.startNode(called);
          cordon(called, false)(cluster);
        }
        for (const { metadata } of [...cluster.api.store.list(DEPLOYMENTS)])
          change(metadata.name, ({ template }) => ({
            replicas: 2,
            template: { ...template, spec: podSpec('good', 100) },
          }))(cluster);
        cluster.clock.advance(3_600_000);
        for (const { status } of cluster.api.store.list(DEPLOYMENTS))
          expect(status).toMatchObject({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 });
        expect(
          [...cluster.api.store.list(PODS)].filter(({ metadata }) => metadata.deletionTimestamp !== undefined),
        ).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
