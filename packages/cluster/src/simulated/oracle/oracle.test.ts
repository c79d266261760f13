import { beforeAll, describe, expect, it } from 'vitest';
import { contextOf } from '../contexts/context.ts';
import { drawScenario, type Scenario } from '../contexts/scenario.ts';
import { DEPLOYMENTS, SERVICES, STATEFUL_SETS } from '../api/built-in-types.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { entityOf } from '../entity.ts';
import { isResolved } from './judgement.ts';
import { healthOf } from './oracle.ts';

const MINUTE = 60_000;
const CONTEXT = contextOf({ nodes: 5, namespaces: 3, fault_count: 0, noise: 0, stateful_share: 0.6, exposure: 0 });

describe('of a cluster that is as it should be', () => {
  let scenario: Scenario;
  beforeAll(() => {
    scenario = drawScenario(CONTEXT, 'oracle');
  });

  it('everything that is wanted is as wanted, and nothing is left to resolve', () => {
    expect(scenario.wanted.length).toBeGreaterThan(20);
    expect(healthOf(scenario.cluster, scenario.wanted)).toEqual({ share: 1, shortfalls: [] });
    expect(isResolved(scenario)).toBe(true);
  });
});

describe('taking away what is wanted never makes a cluster healthier', () => {
  const one = (scenario: Scenario, kind: 'Deployment' | 'StatefulSet' | 'Service'): KubeObject => {
    const type = { Deployment: DEPLOYMENTS, StatefulSet: STATEFUL_SETS, Service: SERVICES }[kind];
    const found = [...scenario.cluster.api.store.list(type as typeof DEPLOYMENTS)].find(
      ({ metadata }) => !/^(kube|default)/.test(metadata.namespace ?? ''),
    );
    if (found === undefined) throw new Error(`there is no ${kind}`);
    return found;
  };

  it.each(['Deployment', 'StatefulSet', 'Service'] as const)('a %s that is deleted is missed', (kind) => {
    const scenario = drawScenario(CONTEXT, 'oracle');
    const target = one(scenario, kind);
    const { api, clock } = scenario.cluster;
    const type = api.types.of(target);
    if (type === undefined) throw new Error('not served');
    api.delete(type, target.metadata.namespace ?? '', target.metadata.name);
    clock.advance(5 * MINUTE);
    const { shortfalls } = healthOf(scenario.cluster, scenario.wanted);
    expect(shortfalls).toContainEqual(expect.objectContaining({ entity: entityOf(target), reason: 'deleted' }));
  });

  it.each(['Deployment', 'StatefulSet'] as const)('a %s at size 0 is scaled down', (kind) => {
    const scenario = drawScenario(CONTEXT, 'oracle');
    const target = one(scenario, kind);
    const { api, clock } = scenario.cluster;
    const { namespace = '', name } = target.metadata;
    const type = (kind === 'Deployment' ? DEPLOYMENTS : STATEFUL_SETS) as typeof DEPLOYMENTS;
    api.change(type, namespace, name, (now) => ({ ...now, spec: { ...now.spec, replicas: 0 } }) as typeof now);
    clock.advance(5 * MINUTE);
    const { shortfalls } = healthOf(scenario.cluster, scenario.wanted);
    expect(shortfalls).toContainEqual(expect.objectContaining({ entity: entityOf(target), reason: 'scaled-down' }));
  });
});
