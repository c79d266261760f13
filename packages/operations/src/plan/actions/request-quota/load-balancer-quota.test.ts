import { describe, expect, it } from 'vitest';
import {
  deploymentOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { requestQuota } from './request-quota.ts';

function scene(count: number) {
  const names = Array.from({ length: count }, (_, i) => `web-${i}`);
  const shop = sceneOf(
    [
      namespaceOf('shop'),
      ...names.map((name) => deploymentOf(name)),
      ...names.map((name) => serviceOf(name, { type: 'LoadBalancer' })),
    ],
    { limits: { IN_USE_ADDRESSES: 2 } },
  );
  return shop.observe();
}

describe('request-quota for load balancers', () => {
  it('asks for what waits, and serves the quota goal with it', () => {
    const { remedies } = proposedFor(scene(4), requestQuota);
    expect(remedies[0]?.resolves.some((id) => id.startsWith('load-balancer-quota-exhausted@'))).toBe(true);
    expect(remedies[0]?.drafts[0]?.changes).toEqual([
      {
        kind: 'cloud',
        call: { operation: 'request-quota', metric: 'IN_USE_ADDRESSES', region: 'us-central1', from: 2, to: 8 },
      },
    ]);
  });

  it('is no answer to load balancers that the policy does not want', () => {
    const { remedies } = proposedFor(scene(6), requestQuota);
    expect(remedies.flatMap(({ resolves }) => resolves)).not.toContainEqual(
      expect.stringContaining('load-balancer-quota-exhausted@'),
    );
  });

  it('brings those that wait their addresses', () => {
    const { held, strategy } = strategyFor(scene(4));
    expect(held.some((id) => id.startsWith('request-quota:'))).toBe(true);
    expect(strategy.rehearsal?.remaining.map(({ id }) => id)).not.toContainEqual(
      expect.stringContaining('load-balancer-quota-exhausted'),
    );
  });
});
