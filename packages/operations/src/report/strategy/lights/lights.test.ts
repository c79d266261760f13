import { describe, expect, it } from 'vitest';
import { plannedStrategy, strategyOf } from '../strategy.suite.ts';
import { lightsOf } from './lights.ts';

const OBSERVED = '2025-09-27T12:00:00Z';

function colours(strategy: ReturnType<typeof strategyOf>) {
  return Object.fromEntries(strategy.lights.map(({ id, colour }) => [id, colour]));
}

const pod = (name: string, ready: boolean) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid: name, creationTimestamp: '2025-09-20T12:00:00Z' },
  spec: {
    nodeName: 'node-1',
    containers: [{ name: 'web', image: 'registry.example/web:1', securityContext: { runAsNonRoot: true } }],
  },
  status: {
    phase: 'Running',
    startTime: '2025-09-20T12:00:00Z',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2025-09-21T12:00:00Z' }],
    containerStatuses: [
      { name: 'web', ready, restartCount: 0, state: { running: { startedAt: '2025-09-20T12:00:00Z' } } },
    ],
  },
});

describe('status lights', () => {
  it('are never green for want of figures', () => {
    expect(Object.values(colours(strategyOf({ observedAt: OBSERVED, objects: [] })))).not.toContain('green');
  });

  it('say by what formula and what figures', () => {
    for (const { formula, basis, word } of plannedStrategy().lights)
      for (const text of [formula, basis, word]) expect(text).not.toBe('');
  });

  it.each([
    [10, 0, 'green'],
    [19, 1, 'yellow'],
    [8, 2, 'red'],
  ])('show deployment by the share of pods that succeed: %i of which %i more fail', (well, failing, colour) => {
    const objects = [
      ...Array.from({ length: well }, (_, i) => pod(`well-${i}`, true)),
      ...Array.from({ length: failing }, (_, i) => pod(`bad-${i}`, false)),
    ];
    expect(colours(strategyOf({ observedAt: OBSERVED, objects }))['deployment']).toBe(colour);
  });

  it('leave experience unknown where nobody asked and nothing is exposed', () => {
    expect(colours(strategyOf({ observedAt: OBSERVED, objects: [pod('a', true)] }))['experience']).toBe('unknown');
  });

  it('turn security red for a certificate in use that has expired', () => {
    const { assessment, inventory } = plannedStrategy();
    if (inventory === undefined) throw new Error('there is an inventory');
    const expired = {
      ...{ place: 'shop.example.com:443', kind: 'endpoint' as const, state: 'expired' as const, names: [], usedBy: [] },
      resource: { group: '', kind: 'Endpoint', namespace: '', name: 'shop.example.com:443' },
      renewedBy: { by: 'nobody-known' as const, text: 'nobody known' },
      ...{ breaks: 'TLS', faults: [] },
    };
    const light = (certificates: readonly (typeof expired)[]) =>
      lightsOf({ ...assessment, certificates }, inventory).find(({ id }) => id === 'security')?.colour;
    expect(light([expired])).toBe('red');
    expect(light([])).not.toBe('green');
  });
});
