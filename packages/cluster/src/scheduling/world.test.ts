import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../model/kinds.ts';
import { fitPods, waitingPods } from './fit-pods.ts';
import type { NodeState } from './node-state.ts';
import { node, pod, podIn, snapshotOf, type Json } from './sample.suite.ts';
import { nodePoolOf, templateNode } from './template-node.ts';
import { createWorld, filterNode, nodeStatesOf, type SchedulingWorld } from './world.ts';

const POOL = 'cloud.google.com/gke-nodepool';

function state(world: SchedulingWorld, name: string): NodeState {
  const found = world.node(name);
  if (found === undefined) throw new RangeError(`node ${name}: is not in the world`);
  return found;
}

/** Everything that can be seen of a world. */
function picture(world: SchedulingWorld): unknown {
  return world.nodes.map(({ name, requested, podCount, pods, hostPorts, volumes }) => ({
    name,
    requested: { ...requested, others: [...requested.others].sort() },
    podCount,
    pods: pods.map(({ key }) => key).sort(),
    hostPorts: hostPorts.map(({ protocol, port, ip }) => `${protocol}/${port}/${ip}`).sort(),
    volumes: [...volumes].sort(),
  }));
}

describe('SchedulingWorld', () => {
  const objects = [
    node('n1'),
    node('n2'),
    pod('a', { requests: { cpu: '1500m' }, spec: { nodeName: 'n1' }, status: { phase: 'Running' } }),
    pod('b', { requests: { cpu: '1' } }),
  ];

  it('stands as the snapshot shows it', () => {
    expect(
      nodeStatesOf(snapshotOf(objects)).map(({ name, requested, podCount }) => [name, requested.cpuMillis, podCount]),
    ).toEqual([
      ['n1', 1500, 1],
      ['n2', 0, 0],
    ]);
  });

  it('gives copies that change on their own', () => {
    const snapshot = snapshotOf(objects);
    const world = createWorld(snapshot);
    const before = picture(world);
    const fork = world.fork();
    fork.place(podIn(snapshot, 'b'), 'n1');
    fork.remove(podIn(snapshot, 'a'), 'n1');
    expect(picture(world)).toEqual(before);
    world.remove(podIn(snapshot, 'a'), 'n1');
    expect(state(fork, 'n1').pods.map(({ key }) => key)).toEqual(['shop/b']);
    expect(state(world, 'n1').requested.cpuMillis).toBe(0);
  });

  it('assumes other requests, of placed and of waiting pods', () => {
    const snapshot = snapshotOf(objects);
    const [a, b] = [podIn(snapshot, 'a'), podIn(snapshot, 'b')];
    const world = createWorld(snapshot);
    const smaller = world.withRequests(new Map([['shop/a', { cpuMillis: 500 }]]));
    expect(filterNode(b, 'n1', world)).toEqual(['Insufficient cpu']);
    expect(filterNode(b, 'n1', smaller)).toEqual([]);
    expect(filterNode(b, 'n1', world.withRequests(new Map([['shop/b', { cpuMillis: 500 }]])))).toEqual([]);
    smaller.remove(a, 'n1');
    expect(state(smaller, 'n1').requested.cpuMillis).toBe(0);
  });

  it('answers after growing node by node as when made with all nodes at once', () => {
    const zone = (name: string) => ({ labels: { 'topology.kubernetes.io/zone': name } });
    const web = (name: string, placed: boolean) =>
      pod(name, {
        labels: { app: 'web', tier: 'front' },
        spec: {
          ...(placed && { nodeName: 'n1' }),
          topologySpreadConstraints: [
            {
              topologyKey: 'topology.kubernetes.io/zone',
              maxSkew: 1,
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { app: 'web', tier: 'front' } },
            },
          ],
        },
      });
    const snapshot = snapshotOf([node('n1', zone('a')), node('n3', zone('b')), web('one', true), web('two', false)]);
    const waiting = podIn(snapshot, 'two');
    const added = snapshotOf([node('n2', zone('c')), node('n4', zone('b'))]).list('Node');
    const grown = createWorld(snapshot);
    // Asked before, so that what was counted has to learn of the new nodes and of what comes to them.
    expect([grown.bestNode(waiting), filterNode(waiting, 'n1', grown)]).toEqual([
      'n3',
      ["node(s) didn't match pod topology spread constraints"],
    ]);
    for (const one of added) grown.addNode({ node: one });
    const made = createWorld(snapshot).withNodes(added.map((one) => ({ node: one })));
    expect(picture(grown)).toEqual(picture(made));
    expect(grown.bestNode(waiting)).toBe('n2');
    for (const world of [grown, made]) world.place(waiting, 'n3');
    const third = podIn(snapshotOf([web('three', false)]), 'three');
    for (const { name } of made.nodes) expect(filterNode(third, name, grown)).toEqual(filterNode(third, name, made));
    expect(grown.bestNode(third)).toBe('n2');
  });

  it('refuses what cannot be', () => {
    const snapshot = snapshotOf(objects);
    const world = createWorld(snapshot);
    expect(() => world.place(podIn(snapshot, 'a'), 'n1')).toThrow(RangeError);
    expect(() => world.remove(podIn(snapshot, 'b'), 'n1')).toThrow(RangeError);
    expect(() => world.place(podIn(snapshot, 'b'), 'n9')).toThrow(RangeError);
    expect(() => world.withNodes([{ node: state(world, 'n1').node }])).toThrow(RangeError);
  });
});

describe('fitPods', () => {
  it('takes pods by priority, and puts each where most is left, first by name', () => {
    const low = pod('low', { requests: { cpu: '2' }, spec: { priority: 1 } });
    const high = pod('high', { requests: { cpu: '2' }, spec: { priority: 9 } });
    const snapshot = snapshotOf([
      low,
      high,
      node('n2'),
      node('n1'),
      pod('a', { requests: { cpu: '1' }, spec: { nodeName: 'n1' } }),
    ]);
    const world = createWorld(snapshot);
    const { placements, placed } = fitPods(waitingPods(snapshot), world);
    expect(placed).toBe(1);
    expect(placements).toMatchObject([
      { pod: { metadata: { name: 'high' } }, node: 'n2' },
      { pod: { metadata: { name: 'low' } }, node: undefined, message: '0/2 nodes are available: 2 Insufficient cpu.' },
    ]);
    expect(state(world, 'n2').podCount).toBe(0);
  });

  it('fills the fullest node on demand', () => {
    const snapshot = snapshotOf([
      node('n1'),
      node('n2'),
      pod('a', { requests: { cpu: '1' }, spec: { nodeName: 'n2' } }),
      pod('b', { requests: { cpu: '1' } }),
    ]);
    const [placement] = fitPods(waitingPods(snapshot), createWorld(snapshot), { score: 'most-allocated' }).placements;
    expect(placement?.node).toBe('n2');
  });

  it('sees what it placed itself: anti-affinity and spread between waiting pods', () => {
    const apart = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'db' } } },
        ],
      },
    };
    const dbs = ['a', 'b', 'c'].map((name) => pod(name, { labels: { app: 'db' }, spec: { affinity: apart } }));
    const snapshot = snapshotOf([node('n1'), node('n2'), ...dbs]);
    const { placements } = fitPods(waitingPods(snapshot), createWorld(snapshot));
    expect(placements).toMatchObject([
      { node: 'n1' },
      { node: 'n2' },
      { message: "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules." },
    ]);
  });

  it('spreads evenly under a constraint', () => {
    const constraint = {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    };
    const webs = Array.from({ length: 9 }, (_, i) =>
      pod(`w${i}`, { labels: { app: 'web' }, spec: { topologySpreadConstraints: [constraint] } }),
    );
    const snapshot = snapshotOf([node('n1', { allocatable: { cpu: '64' } }), node('n2'), node('n3'), ...webs]);
    const { world } = fitPods(waitingPods(snapshot), createWorld(snapshot));
    expect(world.nodes.map(({ podCount }) => podCount)).toEqual([3, 3, 3]);
  });
});

describe('templateNode', () => {
  const daemon = pod('log-x', {
    requests: { cpu: '200m' },
    spec: { nodeName: 'n1' },
    metadata: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'log', controller: true }] },
  });
  const worn = node('n1', {
    labels: { [POOL]: 'main' },
    spec: {
      unschedulable: true,
      providerID: 'gce://p/z/n1',
      taints: [
        { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
        { key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' },
        { key: 'team', value: 'ml', effect: 'NoSchedule' },
      ],
    },
  });

  it('is fresh but for its pool: own name, no passing taints, DaemonSet pods on it', () => {
    const world = createWorld(
      snapshotOf([worn, daemon, pod('a', { requests: { cpu: '1' }, spec: { nodeName: 'n1' } })]),
    );
    const addition = templateNode(state(world, 'n1'), 'new-1');
    expect(addition.node.metadata.labels).toEqual({ 'kubernetes.io/hostname': 'new-1', [POOL]: 'main' });
    expect(addition.node.spec).toEqual({ taints: [{ key: 'team', value: 'ml', effect: 'NoSchedule' }] });
    expect(nodePoolOf(addition.node)).toBe('main');
    const after = world.withNodes([addition, templateNode(state(world, 'n1'), 'new-2', { daemonPods: false })]);
    expect(after.nodes.map(({ name, requested }) => [name, requested.cpuMillis])).toEqual([
      ['n1', 1200],
      ['new-1', 200],
      ['new-2', 0],
    ]);
    expect(world.nodes).toHaveLength(1);
  });
});

const amounts = fc.record({
  cpu: fc.integer({ min: 0, max: 1500 }),
  memory: fc.integer({ min: 0, max: 3000 }),
  port: fc.constantFrom(0, 0, 0, 80, 443),
  zone: fc.constantFrom('a', 'b'),
});

function clusterOf(
  pods: readonly { cpu: number; memory: number; port: number; zone: string }[],
  bound: boolean,
): Json[] {
  const zones = ['a', 'b'].flatMap((zone) =>
    [1, 2].map((i) => node(`n-${zone}${i}`, { labels: { zone }, allocatable: { pods: '6' } })),
  );
  const made = pods.map(({ cpu, memory, port, zone }, i) =>
    pod(`p${i}`, {
      labels: { app: `app-${i % 3}` },
      requests: { cpu: `${cpu}m`, memory: `${memory}Mi`, 'x.io/y': String(i % 2) },
      container: port === 0 ? {} : { ports: [{ containerPort: port, hostPort: port }] },
      spec: {
        ...(bound && { nodeName: `n-${zone}${(i % 2) + 1}` }),
        topologySpreadConstraints: [
          {
            maxSkew: 2,
            topologyKey: 'zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: `app-${i % 3}` } },
          },
        ],
      },
    }),
  );
  return [
    ...zones.map((one) => ({ ...one, status: { allocatable: { cpu: '2', memory: '4Gi', pods: '6', 'x.io/y': '2' } } })),
    ...made,
  ];
}

function within({ requested, allocatable, podCount, podLimit }: NodeState): boolean {
  const others = [...requested.others].every(([name, amount]) => amount <= (allocatable.others.get(name) ?? 0));
  return (
    others &&
    podCount <= podLimit &&
    requested.cpuMillis <= allocatable.cpuMillis &&
    requested.memoryBytes <= allocatable.memoryBytes
  );
}

describe('laws of placement', () => {
  it('never places beyond allocatable, and refuses only what every node refuses', () => {
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 40 }), (pods) => {
        const snapshot = snapshotOf(clusterOf(pods, false));
        const { placements, world } = fitPods(waitingPods(snapshot), createWorld(snapshot));
        expect(world.nodes.every(within)).toBe(true);
        for (const placement of placements) {
          if (placement.node === undefined) expect(placement.message).toMatch(/^0\/4 nodes are available: \d/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('restores everything when what was placed is removed', () => {
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 20 }), fc.array(amounts, { maxLength: 10 }), (standing, fresh) => {
        const snapshot = snapshotOf(clusterOf(standing, true));
        const extra = snapshotOf(clusterOf(fresh, false))
          .list('Pod')
          .map((one): Pod => ({ ...one, metadata: { ...one.metadata, namespace: 'new' } }));
        const world = createWorld(snapshot);
        const ask = () => extra.map((one) => world.nodes.map(({ name }) => filterNode(one, name, world)));
        const before = picture(world);
        const answers = ask();
        const placed: [Pod, string][] = [];
        for (const one of extra) {
          const name = world.bestNode(one);
          if (name === undefined) continue;
          world.place(one, name);
          placed.push([one, name]);
        }
        ask();
        for (const [one, name] of placed) world.remove(one, name);
        expect(picture(world)).toEqual(before);
        expect(ask()).toEqual(answers);
      }),
      { numRuns: 60 },
    );
  });

  it('filters alike whatever the order of pods, of questions and of input', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 20 }), fc.infiniteStream(fc.nat()), (pods, order) => {
        const objects = clusterOf(pods, true);
        const shuffled = objects
          .map((object) => ({ object, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ object }) => object);
        const asked = pod('asked', {
          labels: { app: 'app-0' },
          requests: { cpu: '500m' },
          container: { ports: [{ containerPort: 80, hostPort: 80 }] },
        });
        const answersOf = (list: readonly Json[], reverse: boolean) => {
          const snapshot = snapshotOf([...list, asked]);
          const world = createWorld(snapshot);
          const names = world.nodes.map(({ name }) => name);
          const turns = reverse ? names.toReversed() : names;
          return Object.fromEntries(turns.map((name) => [name, filterNode(podIn(snapshot, 'asked'), name, world)]));
        };
        expect(answersOf(shuffled, true)).toEqual(answersOf(objects, false));
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with itself: bestNode is a node that filterNode accepts, and none only when all refuse', () => {
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 24 }), amounts, (pods, own) => {
        const snapshot = snapshotOf(clusterOf(pods, true));
        const asked = snapshotOf(clusterOf([own], false))
          .list('Pod')
          .map((one): Pod => ({ ...one, metadata: { ...one.metadata, name: 'asked' } }))[0] as Pod;
        const world = createWorld(snapshot);
        const best = world.bestNode(asked);
        const accepting = world.nodes
          .filter(({ name }) => filterNode(asked, name, world).length === 0)
          .map(({ name }) => name);
        if (best === undefined) expect(accepting).toEqual([]);
        else expect(accepting).toContain(best);
      }),
      { numRuns: 80 },
    );
  });
});
