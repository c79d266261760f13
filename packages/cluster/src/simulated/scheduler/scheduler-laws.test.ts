import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node, Pod } from '../../model/kinds.ts';
import { PodProfile } from '../../scheduling/pod-profile.ts';
import { podRequests } from '../../scheduling/pod-requests.ts';
import { NODES, PODS } from '../api/built-in-types.ts';
import { bareScheduler } from './bare-scheduler.suite.ts';
import { nodeObject, podObject } from './scheduler.suite.ts';

const APPS = ['web', 'db'] as const;
const ZONE = 'topology.kubernetes.io/zone';

const anyPod = fc.record({
  app: fc.constantFrom(...APPS),
  cpu: fc.integer({ min: 0, max: 3 }),
  priority: fc.constantFrom(0, 0, 5),
  apart: fc.constantFrom('none', 'hostname', 'zone'),
  spread: fc.boolean(),
  near: fc.constantFrom('', '', ...APPS),
});
type AnyPod = typeof anyPod extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pod' as const), pod: anyPod }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('node' as const), zone: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('node-goes' as const), at: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pod-goes' as const), at: fc.nat(), grace: fc.constantFrom(0, 30) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move-zone' as const), at: fc.nat(), zone: fc.constantFrom('a', 'b', 'c') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('taint' as const),
      at: fc.nat(),
      effect: fc.constantFrom('NoSchedule', 'PreferNoSchedule'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('relabel' as const), at: fc.nat(), app: fc.constantFrom(...APPS) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 5, 400_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const steps = fc.array(step, { minLength: 10, maxLength: 50 });

function podOf(name: string, { app, cpu, priority, apart, spread, near }: AnyPod): Pod {
  const term = (of: string, topologyKey: string) => [{ topologyKey, labelSelector: { matchLabels: { app: of } } }];
  const key = apart === 'zone' ? ZONE : 'kubernetes.io/hostname';
  return podObject(name, {
    labels: { app },
    requests: cpu === 0 ? {} : { cpu: String(cpu) },
    spec: {
      priority,
      affinity: {
        ...(apart === 'none'
          ? {}
          : { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term(app, key) } }),
        ...(near === '' ? {} : { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: term(near, ZONE) } }),
      },
      ...(spread
        ? {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: ZONE,
                whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: { matchLabels: { app } },
                nodeTaintsPolicy: 'Honor',
              },
            ],
          }
        : {}),
    },
  });
}

/** Runs steps on a new cluster; every change is told. */
function run(
  seed: string,
  given: readonly Step[],
  told: (pods: readonly Pod[], nodes: readonly Node[]) => void = () => undefined,
) {
  const bare = bareScheduler(seed);
  const { api, store } = bare;
  const history: string[] = [];
  store.listen((change) => history.push(JSON.stringify([change.kind, change.object])));
  const at = <T>(list: Iterable<T>, number: number): T | undefined => {
    const all = [...list];
    return all[number % Math.max(1, all.length)];
  };
  given.forEach((one, i) => {
    const node = 'at' in one ? at(store.list(NODES), one.at) : undefined;
    const pod = 'at' in one ? at(store.list(PODS), one.at) : undefined;
    if (one.do === 'pod') bare.putPod(podOf(`p${i}`, one.pod));
    if (one.do === 'node') bare.putNode(nodeObject(`n${i}`, { labels: { [ZONE]: one.zone }, capacity: { pods: '5' } }));
    if (one.do === 'node-goes' && node !== undefined) api.delete(NODES, '', node.metadata.name);
    if (one.do === 'pod-goes' && pod !== undefined)
      api.delete(PODS, 'shop', pod.metadata.name, { gracePeriodSeconds: one.grace });
    if (one.do === 'move-zone' && node !== undefined)
      bare.putNode({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, [ZONE]: one.zone } } });
    if (one.do === 'taint' && node !== undefined)
      bare.putNode({ ...node, spec: { taints: [{ key: 'k', value: '', effect: one.effect }] } });
    if (one.do === 'relabel' && pod !== undefined)
      bare.putPod({ ...pod, metadata: { ...pod.metadata, labels: { app: one.app } } });
    bare.settle(one.do === 'pass' ? one.ms : 6);
    told(bare.pods(), [...store.list(NODES)]);
  });
  return { ...bare, history };
}

describe('the scheduler', () => {
  it('gives the same history, byte by byte, for the same seed and steps', () => {
    fc.assert(
      fc.property(steps, (given) => {
        expect(run('a', given).history).toEqual(run('a', given).history);
      }),
      { numRuns: 60 },
    );
  });

  it('never places more on a node than it offers', () => {
    fc.assert(
      fc.property(steps, (given) => {
        run('b', given, (pods, nodes) => {
          for (const { metadata } of nodes) {
            const here = pods.filter(({ spec }) => spec?.nodeName === metadata.name);
            expect(here.reduce((sum, pod) => sum + podRequests(pod).cpuMillis, 0)).toBeLessThanOrEqual(4000);
            expect(here.length).toBeLessThanOrEqual(5);
          }
        });
      }),
      { numRuns: 250 },
    );
  });

  it('sees the cluster, after any changes, as it would see it for the first time', () => {
    let asked = 0;
    fc.assert(
      fc.property(steps, anyPod, (given, probe) => {
        const grown = run('c', given);
        const fresh = bareScheduler('c');
        for (const node of grown.store.list(NODES)) fresh.store.put(NODES, node);
        for (const pod of grown.store.list(PODS)) fresh.store.put(PODS, pod);
        const pod = new PodProfile(podOf('probe', probe));
        for (const { metadata } of grown.store.list(NODES)) {
          const [before, now] = [fresh, grown].map(({ scheduler: { world } }) => {
            const node = world.node(metadata.name);
            if (node === undefined) throw new Error(`node ${metadata.name} is not in the world`);
            const { usedCpuMillis, usedMemoryBytes, podCount } = node;
            return { refusal: world.refusal(pod, node), usedCpuMillis, usedMemoryBytes, podCount };
          });
          expect(now).toEqual(before);
          asked++;
        }
      }),
      { numRuns: 250 },
    );
    expect(asked).toBeGreaterThan(100);
  });

  it('leaves no pod waiting that fits somewhere, once nothing else happens', () => {
    let waiting = 0;
    fc.assert(
      fc.property(steps, (given) => {
        const { settle, pods, scheduler, clock } = run('d', given);
        settle(700_000);
        expect(clock.now).toBeGreaterThan(0);
        const { world } = scheduler;
        for (const pod of pods()) {
          if ((pod.spec?.nodeName ?? '') !== '' || pod.metadata.deletionTimestamp !== undefined) continue;
          waiting++;
          const profile = new PodProfile(pod);
          const fitting = world.nodes.filter((node) => world.refusal(profile, node) === undefined);
          // What is kept for a pod that waits for its victims to go is not free.
          const kept = pods().some(
            (other) => (other.spec?.priority ?? 0) >= profile.priority && other.status?.nominatedNodeName !== undefined,
          );
          if (!kept) expect(fitting.map(({ name }) => name)).toEqual([]);
        }
      }),
      { numRuns: 250 },
    );
    expect(waiting).toBeGreaterThan(50);
  });
});
