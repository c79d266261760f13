import { describe, expect, it } from 'vitest';
import {
  deploymentOf,
  ingressOf,
  namespaceOf,
  proposedFor,
  sceneOf,
  serviceOf,
  strategyFor,
} from '../../network/network-scene.suite.ts';
import { fixIngressBackend } from './fix-ingress-backend.ts';

const NEG = { annotations: { 'cloud.google.com/neg': '{"ingress":true}' } };
const SHOP = [namespaceOf('shop'), deploymentOf('web'), deploymentOf('cart'), serviceOf('cart', {}, NEG)];

function scene(backend: Readonly<Record<string, unknown>>, ports?: readonly unknown[]) {
  const web = serviceOf('web', ports === undefined ? {} : { ports }, NEG);
  return sceneOf([...SHOP, web, ingressOf('front', 'shop.example.com', backend)]);
}

function backendFor(...parts: Parameters<typeof scene>): readonly unknown[] {
  const { remedies } = proposedFor(scene(...parts).observe(), fixIngressBackend);
  const [change] = remedies[0]?.drafts[0]?.changes ?? [];
  if (change?.kind !== 'patch' || change.patch.type !== 'json') return [];
  return change.patch.operations.map(({ value }) => value);
}

describe('fix-ingress-backend', () => {
  it('names the Service that was meant', () => {
    expect(backendFor({ name: 'web-svc', port: { number: 80 } })).toEqual(['web', { number: 80 }]);
  });

  it('names the only port of the Service', () => {
    expect(backendFor({ name: 'web', port: { number: 8999 } })).toEqual(['web', { number: 80 }]);
  });

  it('names the port that leads to the port that was written', () => {
    const ports = [
      { name: 'admin', port: 81, targetPort: 9000 },
      { name: 'web', port: 82, targetPort: 8080 },
    ];
    expect(backendFor({ name: 'web', port: { number: 8080 } }, ports)).toEqual(['web', { number: 82 }]);
  });

  it('refuses where no Service is alike', () => {
    expect(backendFor({ name: 'billing', port: { number: 80 } })).toEqual([]);
  });

  it('brings the Ingress its address', () => {
    const { held, strategy } = strategyFor(scene({ name: 'web-svc', port: { number: 80 } }).observe());
    expect(held.some((id) => id.startsWith('fix-ingress-backend:'))).toBe(true);
    expect(strategy.rehearsal?.remaining.map(({ id }) => id)).not.toContainEqual(
      expect.stringContaining('ingress-backend-missing'),
    );
  });
});
