import type { Change, Strategy } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { actionOf } from '../../../plan/action.suite.ts';
import { cellText } from '../section.ts';
import { plannedStrategy } from '../strategy.suite.ts';
import { viewOf } from '../strategy-view.ts';
import { loadBalancerPart } from './load-balancers.ts';

const service = { group: '', kind: 'Service', namespace: 'shop', name: 'web-lb' };
const patched: Change = {
  kind: 'patch',
  target: service,
  patch: {
    type: 'json',
    operations: [
      { op: 'test', path: '/spec/type', value: 'LoadBalancer' },
      { op: 'replace', path: '/spec/type', value: 'ClusterIP' },
    ],
  },
};

/** What the document says becomes of one load balancer, where the plan makes these changes and nothing is rehearsed. */
function fateAfter(...changes: readonly Change[]): string {
  const { rehearsal, inventory, plan, ...planned } = plannedStrategy();
  expect([rehearsal, inventory]).not.toContain(undefined);
  const actions = changes.length === 0 ? [] : [actionOf('a', {}, changes)];
  const strategy: Strategy = {
    ...planned,
    plan: {
      ...plan,
      phases: [{ number: 1, name: '', priority: 'high', purpose: '', barrier: [], actions }],
    },
    inventory: {
      ...{ endpoints: [], monitoring: [], pools: [], posture: [], namespaces: [], workloads: 0 },
      loadBalancers: [{ service, addresses: [], isInternal: false, ports: ['80/TCP'], workloads: [] }],
    },
  };
  const table = loadBalancerPart(viewOf(strategy)).blocks.find((block) => block.kind === 'table');
  return cellText(table?.rows[0]?.[3] ?? '');
}

describe('what becomes of a load balancer', () => {
  it('is what the patch makes of its type, not what the patch tests', () => {
    expect(fateAfter(patched)).toBe('becomes ClusterIP (1.1)');
  });

  it('is that it is deleted, or stays', () => {
    expect(fateAfter({ kind: 'delete', target: service })).toBe('deleted (1.1)');
    expect(fateAfter()).toBe('stays as it is');
  });
});
