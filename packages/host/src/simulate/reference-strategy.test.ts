/** The strategy for the reference incident: what its rehearsal shows, and what an oracle that planning cannot see says of a twin that went through it. */
import { createDirectWrites, namespacedName, simulate, type ClusterSnapshot, type Service } from '@aia/cluster';
import { healthOf, wantedOf } from '@aia/cluster/faults';
import { strategySchema, type Strategy } from '@aia/contract';
import { isSucceeding, performChange, strategise } from '@aia/operations';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { examplePath } from '../examples.ts';

const MINUTE = 60_000;

let snapshot: ClusterSnapshot;
let strategy: Strategy;
beforeAll(async () => {
  snapshot = await readDump(examplePath('aia-system'), { source: { kind: 'example', name: 'aia-system' } });
  strategy = strategise(snapshot, { version: 'test' });
}, 300_000);

const addressesOf = ({ status }: Service) => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);

describe('the strategy for the reference incident', () => {
  it('is a plan, in the form of its schema, and the rehearsal leaves nothing critical', () => {
    expect(strategySchema.parse(strategy).plan.outcome).toBe('plan');
    const { rehearsal } = strategy;
    expect(rehearsal?.before.pods).toEqual({ total: 37, succeeding: 28 });
    expect(rehearsal?.after.pods.succeeding).toBe(rehearsal?.after.pods.total);
    expect(rehearsal?.after.causes).toMatchObject({ critical: 0, high: 0 });
    expect(rehearsal?.newCritical).toEqual([]);
    expect(strategy.plan.goals.filter(({ isMust, state }) => isMust && state !== 'planned')).toEqual([]);
  });

  it('brings load balancers, requests and quotas to their targets', () => {
    const { before, after } = strategy.rehearsal ?? {};
    expect(before?.loadBalancers).toBe(23);
    expect(after?.loadBalancers).toBeLessThan(5);
    expect(after?.requestedCpu).toBeGreaterThanOrEqual(0.6);
    expect(after?.requestedCpu).toBeLessThanOrEqual(0.8);
    expect(after?.fullestQuota?.share).toBeLessThanOrEqual(0.8);
  });

  it('says every action with its inverse, probe, owner and risk, and the forecast with its method', () => {
    for (const action of strategy.plan.phases.flatMap(({ actions }) => actions)) {
      expect(action.steps.length, action.id).toBeGreaterThan(0);
      expect(action.probe.conditions.length, action.id).toBeGreaterThan(0);
      expect(
        action.inverse.kind === 'irreversible' || action.inverse.steps.length > 0 || action.kind === 'request-quota',
      ).toBe(true);
      expect(action.risk.reasons.length, action.id).toBeGreaterThan(0);
    }
    expect(strategy.forecast?.method).toMatch(/Monte Carlo .* seed 0/);
    const { probability = 0, interval } = strategy.forecast?.success ?? {};
    expect(interval?.low).toBeLessThanOrEqual(probability);
    expect(interval?.high).toBeGreaterThanOrEqual(probability);
  });

  it('resolves the incident by the judgement of the oracle, and keeps the ways in that carry traffic', () => {
    const { cluster } = simulate(snapshot);
    // Nobody outside can have reached what never had an address; that such Services stay Services is wanted all the same.
    const unserved = new Set(
      snapshot
        .list('Service')
        .filter((service) => addressesOf(service).length === 0)
        .map((service) => `Service ${namespacedName(service)}`),
    );
    const wanted = wantedOf(cluster).map((one) => (unserved.has(one.entity) ? { ...one, isExposed: false } : one));
    const writes = createDirectWrites(cluster, 'test');
    cluster.clock.advance(MINUTE);
    for (const { actions } of strategy.plan.phases) {
      for (const { change } of actions.flatMap(({ steps }) => steps))
        expect(performChange(cluster, writes, change).outcome, JSON.stringify(change).slice(0, 300)).not.toBe(
          'refused',
        );
      cluster.clock.advance(20 * MINUTE);
    }
    expect(healthOf(cluster, wanted).shortfalls).toEqual([]);
    const pods = snapshot
      .list('Pod')
      .map(({ metadata }) => metadata.namespace ?? '')
      .flatMap((namespace, i, all) => (all.indexOf(namespace) === i ? [namespace] : []))
      .flatMap((namespace) => [...cluster.api.list(cluster.api.types.byKind('', 'Pod') as never, { namespace }).items]);
    expect(pods.filter((pod) => !isSucceeding(pod as never)).map(({ metadata }) => metadata.name)).toEqual([]);
    const served = snapshot.list('Service').filter((service) => addressesOf(service).length > 0);
    expect(served.map(({ metadata }) => metadata.name).sort()).toEqual([
      'aia-frontend-lb',
      'aia-grafana-lb',
      'aia-mlflow-lb',
      'aia-prometheus-lb',
    ]);
    for (const service of served) {
      const now = writes.read({ group: '', kind: 'Service', namespace: 'aia-system', name: service.metadata.name });
      expect(addressesOf(now as Service)).toEqual(addressesOf(service));
    }
    cluster.stop();
  });
});
