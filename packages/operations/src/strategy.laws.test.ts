import {
  createDirectWrites,
  simulate,
  SnapshotBuilder,
  SimulatedCluster,
  snapshotOf,
  type ClusterSnapshot,
  type KubeObject,
} from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { performChange } from './rehearse/perform-change.ts';
import { touchedBy, unrestored } from './rehearse/touched-specs.ts';
import { strategise } from './strategy.ts';

const MINUTE = 60_000;

/** A shop of a few workloads: rolled out to an image that is missing, selected by a label that nobody has, and short of a ConfigMap. */
function troubled(): ClusterSnapshot {
  const cluster = new SimulatedCluster({
    behaviours: {
      container: () => ({}),
      image: (image) => (image.endsWith(':2') ? { pullError: 'rpc error: code = NotFound desc = not found' } : {}),
    },
  });
  for (const name of ['n1', 'n2', 'n3']) cluster.kubelets.addNode({ name });
  const writes = createDirectWrites(cluster, 'test');
  const make = (object: object) => {
    const outcome = writes.create(object as KubeObject);
    if (outcome.kind === 'refused') throw new TypeError(outcome.message);
  };
  make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  for (const name of ['web', 'cart', 'mail']) {
    const labels = { app: name };
    const envFrom = name === 'mail' ? [{ configMapRef: { name: 'mail-settings' } }] : [];
    make({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' } },
      spec: {
        ...{ replicas: 2, selector: { matchLabels: labels } },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'app', image: `registry.example.com/${name}:1`, envFrom }] },
        },
      },
    });
    make({
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' } },
      spec: { selector: name === 'cart' ? { app: 'carts' } : labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
  }
  cluster.clock.advance(10 * MINUTE);
  const target = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
  const container = { name: 'app', image: 'registry.example.com/web:2' };
  writes.patch(target, { type: 'strategic', patch: { spec: { template: { spec: { containers: [container] } } } } });
  cluster.clock.advance(20 * MINUTE);
  const snapshot = snapshotOf(cluster, 'troubled');
  cluster.stop();
  return snapshot;
}

/** The same cluster, read in another order. */
function reversed(snapshot: ClusterSnapshot): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of snapshot.objects.toReversed()) builder.add(structuredClone(object), 'test');
  const {
    source,
    observedAt,
    serverVersion,
    cloud,
    usage,
    certificates,
    unreadableCertificates,
    endpoints,
    logs,
    missing,
  } = snapshot;
  return builder.build({
    ...{
      source,
      observedAt,
      serverVersion,
      cloud,
      usage,
      certificates,
      unreadableCertificates,
      endpoints,
      logs,
      missing,
    },
  });
}

describe('strategies', () => {
  const snapshot = troubled();
  const strategy = strategise(snapshot, { version: 'test' });
  const actions = strategy.plan.phases.flatMap((phase) => phase.actions);

  it('have something to do here, and all of it works on the twin', () => {
    expect(strategy.plan.outcome).toBe('plan');
    expect(actions.length).toBeGreaterThan(0);
    expect(strategy.rehearsal?.actions.map(({ outcome }) => outcome)).not.toContain('failed');
    const failing = (pods = { total: 0, succeeding: 0 }) => pods.total - pods.succeeding;
    expect(failing(strategy.rehearsal?.after.pods)).toBeLessThan(failing(strategy.rehearsal?.before.pods));
    expect(strategy.rehearsal?.newCritical).toEqual([]);
  });

  it('are the same for the same snapshot and seed', () => {
    expect(JSON.stringify(strategise(snapshot, { version: 'test' }))).toBe(JSON.stringify(strategy));
  });

  it('plan the same whatever the order of the input', () => {
    const other = strategise(reversed(snapshot), { version: 'test' });
    expect(other.plan.phases).toEqual(strategy.plan.phases);
    expect(other.plan.goals).toEqual(strategy.plan.goals);
    expect(other.rehearsal?.after).toEqual(strategy.rehearsal?.after);
  });

  it('are made of actions whose inverses restore what they touched', () => {
    for (const { id, steps, inverse } of actions) {
      if (inverse.kind === 'irreversible') continue;
      const { cluster } = simulate(snapshot);
      const writes = createDirectWrites(cluster, 'test');
      const read = (ref: Parameters<typeof writes.read>[0]) => writes.read(ref);
      const before = touchedBy(
        steps.map(({ change }) => change),
        read,
      );
      for (const { change } of steps) performChange(cluster, writes, change);
      cluster.clock.advance(MINUTE);
      for (const { change } of inverse.steps) performChange(cluster, writes, change);
      expect([id, unrestored(before, read)]).toEqual([id, []]);
      cluster.stop();
    }
  });

  it('leave nothing to do in a cluster to which nothing happened', () => {
    const cluster = new SimulatedCluster();
    const { plan, rehearsal } = strategise(snapshotOf(cluster, 'empty'), { version: 'test' });
    expect(plan.phases).toEqual([]);
    expect(plan.outcome).not.toBe('plan');
    expect(rehearsal).toBeUndefined();
    cluster.stop();
  });
});
