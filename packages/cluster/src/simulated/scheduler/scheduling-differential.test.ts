import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../model/kinds.ts';
import { anyNode, anyPod, APPS, few, KEYS, nodeObject, podObject } from '../../scheduling/random-worlds.suite.ts';
import { oracleReasons } from '../../scheduling/scheduler-oracle.suite.ts';
import { POD_DISRUPTION_BUDGETS } from '../api/built-in-types.ts';
import { bareScheduler } from './bare-scheduler.suite.ts';
import {
  IMAGE_BYTES,
  oracleCandidates,
  oracleScores,
  type Budget,
  type ScoredNode,
  type ScoredPod,
  type ScoredWorld,
} from './scheduling-oracle.suite.ts';

type Json = Record<string, unknown>;

const image = fc.constantFrom(...Object.keys(IMAGE_BYTES));
const scoredNode = fc
  .tuple(anyNode, fc.record({ memoryMi: fc.integer({ min: 0, max: 4 }).map((gi) => gi * 1024), images: few(image) }))
  .map(([node, more]) => ({ ...node, ...more, images: [...new Set(more.images)] }));
const scoredPod = fc
  .tuple(
    anyPod,
    fc.record({
      memoryMi: fc.constantFrom(undefined, 100, 700),
      priority: fc.constantFrom(-5, 0, 0, 10),
      image,
      prefers: few(
        fc.record({
          key: fc.constantFrom('zone', 'rack'),
          values: fc.constantFrom(['a'], ['b', '1'], ['2']),
          weight: fc.integer({ min: 1, max: 9 }),
        }),
      ),
      likes: few(
        fc.record({
          app: fc.constantFrom(...APPS),
          topologyKey: fc.constantFrom(...KEYS),
          weight: fc.constantFrom(-7, -1, 2, 5),
        }),
      ),
      soft: few(fc.record({ topologyKey: fc.constantFrom(...KEYS), maxSkew: fc.integer({ min: 1, max: 3 }) })),
      startedAt: fc.integer({ min: 1_700_000_000, max: 1_700_000_004 }),
    }),
  )
  // Two constraints about one key and one kind are not admitted.
  .map(([pod, more]) => ({
    ...pod,
    ...more,
    soft: more.soft.filter((one, i) => more.soft.findIndex(({ topologyKey }) => topologyKey === one.topologyKey) === i),
  }));

const anyWorld = fc
  .record({
    nodes: fc.array(scoredNode, { minLength: 1, maxLength: 5 }),
    placed: fc.array(fc.tuple(scoredPod, fc.nat()), { maxLength: 8 }),
    asked: fc.array(scoredPod, { minLength: 1, maxLength: 4 }),
    budgets: few(fc.record({ app: fc.constantFrom(...APPS), allowed: fc.integer({ min: 0, max: 1 }) })),
  })
  .map(({ nodes, placed, asked, budgets }) => {
    const named: ScoredNode[] = nodes.map(({ zone, rack, ...rest }, i) => ({
      ...rest,
      name: `n${i}`,
      labels: {
        'kubernetes.io/hostname': `n${i}`,
        ...(zone === undefined ? {} : { zone }),
        ...(rack === undefined ? {} : { rack }),
      },
    }));
    const world: ScoredWorld = {
      nodes: named,
      placed: placed.map(([each, at], i) => [{ ...each, name: `p${i}` }, `n${at % named.length}`] as const),
    };
    return { world, budgets, asked: asked.map((each, i) => ({ ...each, name: `new${i}`, terminating: false })) };
  });

function podOf(each: ScoredPod, on?: string): Json {
  const object = podObject(each, on) as { spec: Json; status: Json };
  const spec = object.spec as { containers: Json[]; affinity: Record<string, Json>; topologySpreadConstraints: Json[] };
  const [container] = spec.containers as { resources: { requests: Json } }[];
  const requests = {
    ...container?.resources.requests,
    ...(each.memoryMi === undefined ? {} : { memory: `${each.memoryMi}Mi` }),
  };
  const weighted = (sign: 1 | -1) => ({
    preferredDuringSchedulingIgnoredDuringExecution: each.likes
      .filter(({ weight }) => Math.sign(weight) === sign)
      .map(({ app, topologyKey, weight }) => ({
        weight: Math.abs(weight),
        podAffinityTerm: { topologyKey, labelSelector: { matchLabels: { app } } },
      })),
  });
  return {
    ...object,
    spec: {
      ...spec,
      priority: each.priority,
      containers: [{ ...container, image: each.image, resources: { requests } }],
      affinity: {
        nodeAffinity: {
          ...spec.affinity['nodeAffinity'],
          preferredDuringSchedulingIgnoredDuringExecution: each.prefers.map(({ key, values, weight }) => ({
            weight,
            preference: { matchExpressions: [{ key, operator: 'In', values }] },
          })),
        },
        podAffinity: { ...spec.affinity['podAffinity'], ...weighted(1) },
        podAntiAffinity: { ...spec.affinity['podAntiAffinity'], ...weighted(-1) },
      },
      topologySpreadConstraints: [
        ...spec.topologySpreadConstraints,
        ...each.soft.map((one) => ({
          ...one,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { app: each.app } },
        })),
      ],
    },
    status: { ...object.status, startTime: new Date(each.startedAt * 1000).toISOString() },
  };
}

function nodeOf(node: ScoredNode): Json {
  const object = nodeObject(node) as { status: { allocatable: Json } };
  const allocatable = { ...object.status.allocatable, memory: `${node.memoryMi}Mi` };
  const images = node.images.map((name) => ({ names: [name], sizeBytes: IMAGE_BYTES[name] }));
  return { ...object, status: { ...object.status, allocatable, images } };
}

function prepared({ world, budgets }: { world: ScoredWorld; budgets: readonly Budget[] }) {
  const scheduler = bareScheduler('differential');
  for (const node of world.nodes) scheduler.putNode(nodeOf(node));
  for (const [pod, on] of world.placed) scheduler.putPod(podOf(pod, on));
  for (const [i, { app, allowed }] of budgets.entries())
    scheduler.store.put(POD_DISRUPTION_BUDGETS, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: `b${i}`, namespace: 'shop' },
      spec: { selector: { matchLabels: { app } } },
      status: { disruptionsAllowed: allowed } as never,
    });
  return scheduler;
}

describe('the scheduler', () => {
  // The filters' oracle knows no memory, so what is asked for requests none; what runs does.
  it('binds each pod to one of the best nodes, as a plain re-implementation scores them, while the world changes', () => {
    let [compared, choices] = [0, 0];
    fc.assert(
      fc.property(anyWorld, ({ world, asked, budgets }) => {
        const scheduler = prepared({ world, budgets });
        let now = world;
        for (const each of asked.map((one) => ({ ...one, priority: -10, memoryMi: undefined }))) {
          scheduler.putPod(podOf(each));
          scheduler.settle();
          const scores = oracleScores(each, now);
          const chosen = scheduler.pod(each.name)?.spec?.nodeName;
          const best = Math.max(...scores.values());
          expect([...scores].filter(([, score]) => score === best).map(([name]) => name)).toEqual(
            chosen === undefined ? [] : expect.arrayContaining([chosen]),
          );
          // It may get its place at any later moment.
          if (chosen === undefined) return;
          compared++;
          if (new Set(scores.values()).size > 1) choices++;
          now = { ...now, placed: [...now.placed, [each, chosen]] };
        }
      }),
      { numRuns: 2500 },
    );
    expect(compared).toBeGreaterThan(250);
    expect(choices).toBeGreaterThan(100);
  });

  it('makes room where a plain re-implementation says it costs least, at the cost of the same pods', () => {
    let [made, vain] = [0, 0];
    fc.assert(
      fc.property(anyWorld, ({ world: given, asked, budgets }) => {
        const first = asked[0] as ScoredPod;
        const pod = { ...first, priority: 5, memoryMi: undefined };
        // Those that go already are looked at by their own cases.
        const world = {
          ...given,
          placed: given.placed.map(([each, on]) => [{ ...each, terminating: false }, on] as const),
        };
        fc.pre(world.nodes.every((node) => oracleReasons(pod, node, world).length > 0));
        const scheduler = prepared({ world, budgets });
        scheduler.putPod(podOf(pod));
        scheduler.settle();
        const candidates = oracleCandidates(pod, world, budgets);
        const chosen = candidates.find(({ node }) => node === nodeOfRoom(scheduler.events()));
        const going = world.placed
          .map(([{ name }]) => name)
          .filter((name) => scheduler.pod(name)?.metadata.deletionTimestamp !== undefined)
          .toSorted();
        expect(going).toEqual(chosen?.victims ?? []);
        expect(chosen === undefined).toBe(candidates.length === 0);
        const cheaper = candidates.filter(({ cost }) => chosen !== undefined && isLess(cost, chosen.cost));
        expect(cheaper).toEqual([]);
        if (chosen === undefined) vain++;
        else made++;
      }),
      { numRuns: 2500 },
    );
    expect(made).toBeGreaterThan(100);
    expect(vain).toBeGreaterThan(100);
  });
});

/** Where room was made, as the events of the victims say. */
function nodeOfRoom(events: readonly Event[]): string | undefined {
  const said = events.find(({ reason }) => reason === 'Preempted')?.message;
  return said?.split(' on node ')[1];
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && (a[at] as number) < (b[at] as number);
}
