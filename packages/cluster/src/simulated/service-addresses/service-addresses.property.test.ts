import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Service } from '../../model/kinds.ts';
import { ApiError } from '../api/api-error.ts';
import { SERVICES } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';

const types = fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName', 'None');
const step = fc.record({
  name: fc.nat(7),
  type: types,
  nodePort: fc.constantFrom(0, 30_001, 30_002),
  remove: fc.boolean(),
});

function wanted(name: string, type: string, nodePort: number): Service {
  const isPort = type === 'NodePort' || type === 'LoadBalancer';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: {
      type: type === 'None' ? 'ClusterIP' : type,
      selector: { app: name },
      ports: [{ port: 80, protocol: 'TCP', ...(isPort && nodePort > 0 ? { nodePort } : {}) }],
      ...(type === 'None' ? { clusterIP: 'None' } : {}),
      ...(type === 'ExternalName' ? { externalName: 'example.com' } : {}),
    },
  };
}

it('never gives two Services one address or one node port, whatever happens to them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { api } = new SimulatedCluster();
      for (const { name, type, nodePort, remove } of steps) {
        const known = api.store.get(SERVICES, 'default', `s${name}`);
        try {
          if (known === undefined) api.create(SERVICES, wanted(`s${name}`, type, nodePort));
          else if (remove) api.delete(SERVICES, 'default', `s${name}`);
          else api.update(SERVICES, wanted(`s${name}`, type, nodePort));
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
        }
      }
      const services = [...api.store.list(SERVICES)];
      const addresses = services.flatMap(({ spec }) => (spec?.clusterIPs ?? []).filter((one) => one !== 'None'));
      const ports = services.flatMap(({ spec }) => (spec?.ports ?? []).flatMap((port) => port.nodePort ?? []));
      expect(new Set(addresses).size).toBe(addresses.length);
      expect(new Set(ports).size).toBe(ports.length);
      for (const { spec } of services) {
        const hasPort = spec?.type === 'NodePort' || spec?.type === 'LoadBalancer';
        expect((spec?.ports ?? []).every(({ nodePort }) => (nodePort !== undefined) === hasPort)).toBe(true);
        expect(spec?.clusterIP !== undefined).toBe(spec?.type !== 'ExternalName');
      }
    }),
    { numRuns: 40 },
  );
});
