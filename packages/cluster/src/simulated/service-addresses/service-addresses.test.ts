import { describe, expect, it } from 'vitest';
import type { Service } from '../../model/kinds.ts';
import { SERVICES } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';
import { addressRange, freeNumber, portRange } from './number-pool.ts';

function service(name: string, spec: Service['spec'] = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ port: 80, protocol: 'TCP' }], selector: { app: name }, ...spec },
  };
}

function cluster() {
  const { api } = new SimulatedCluster();
  const create = (name: string, spec?: Service['spec']) => api.create(SERVICES, service(name, spec));
  const change = (name: string, mutate: (spec: NonNullable<Service['spec']>) => Service['spec']) =>
    api.change(SERVICES, 'default', name, (one) => ({ ...one, spec: mutate(one.spec ?? {}) ?? {} }));
  return { api, create, change };
}

describe('serviceAddresses', () => {
  it('gives a cluster IP that does not depend on what was made before', () => {
    const first = cluster().create('web');
    const { create } = cluster();
    create('db');
    expect(create('web').spec).toEqual(first.spec);
    expect(first.spec).toMatchObject({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
    expect(first.spec?.clusterIP).toMatch(/^10\.(9[6-9]|10\d|11[01])\./);
    expect(first.spec?.clusterIPs).toEqual([first.spec?.clusterIP]);
  });

  it('gives the wanted one, once, until it is free again', () => {
    const { api, create } = cluster();
    expect(create('a', { clusterIP: '10.96.0.10' }).spec?.clusterIPs).toEqual(['10.96.0.10']);
    expect(() => create('b', { clusterIP: '10.96.0.10' })).toThrow(
      'failed to allocate IP 10.96.0.10: provided IP is already allocated',
    );
    expect(() => create('b', { clusterIP: '10.96.0.1' })).toThrow('provided IP is already allocated');
    api.delete(SERVICES, 'default', 'a');
    expect(create('b', { clusterIP: '10.96.0.10' }).spec?.clusterIP).toBe('10.96.0.10');
  });

  it('refuses addresses outside of the range', () => {
    const { create } = cluster();
    expect(() => create('a', { clusterIP: '192.168.0.1' })).toThrow(
      'failed to allocate IP 192.168.0.1: the provided network does not match the current range',
    );
  });

  it('keeps nothing for a dry run', () => {
    const { api, create } = cluster();
    api.create(SERVICES, service('a', { clusterIP: '10.96.0.10' }), { dryRun: true });
    expect(create('b', { clusterIP: '10.96.0.10' }).spec?.clusterIP).toBe('10.96.0.10');
  });

  it('gives headless Services and external names none', () => {
    const { create } = cluster();
    expect(create('a', { clusterIP: 'None' }).spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
    expect(create('b', { type: 'ExternalName', externalName: 'example.com' }).spec).not.toHaveProperty('clusterIP');
  });

  it('gives what is headless and selects nothing both families', () => {
    const { create } = cluster();
    expect(create('a', { clusterIP: 'None', selector: {} }).spec).toMatchObject({
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'RequireDualStack',
    });
  });

  it('gives node ports, the wanted ones once', () => {
    const { create } = cluster();
    const port = create('a', { type: 'NodePort' }).spec?.ports?.[0]?.nodePort ?? 0;
    expect(port).toBeGreaterThanOrEqual(30_086);
    expect(port).toBeLessThanOrEqual(32_767);
    const wanted = (nodePort: number) =>
      ({ type: 'NodePort', ports: [{ port: 80, protocol: 'TCP', nodePort }] }) as const;
    expect(() => create('b', wanted(port))).toThrow(
      `Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${port}: provided port is already allocated`,
    );
    expect(() => create('b', wanted(8080))).toThrow(
      'spec.ports[0].nodePort: Invalid value: 8080: provided port is not in the valid range. The range of valid ports is 30000-32767',
    );
  });

  it('gives one node port to a port that is served over two protocols', () => {
    const { create } = cluster();
    const ports = [
      { name: 'dns', port: 53, protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    ];
    const [udp, tcp] = create('dns', { type: 'NodePort', ports }).spec?.ports ?? [];
    expect(udp?.nodePort).toBe(tcp?.nodePort);
  });

  it('gives load balancers node ports unless they want none, and a port for health checks of local traffic', () => {
    const { create } = cluster();
    expect(create('a', { type: 'LoadBalancer' }).spec?.ports?.[0]?.nodePort).toBeDefined();
    const none = create('b', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false });
    expect(none.spec?.ports?.[0]).not.toHaveProperty('nodePort');
    const local = create('c', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    expect(local.spec?.healthCheckNodePort).toBeGreaterThan(30_000);
    expect(local.status).toEqual({ loadBalancer: {} });
  });

  it('keeps what an update leaves out', () => {
    const { api, create } = cluster();
    const made = create('a', { type: 'NodePort' });
    const sent = service('a', { type: 'NodePort', selector: { app: 'other' } });
    const updated = api.update(SERVICES, sent);
    expect(updated.spec).toEqual({ ...made.spec, selector: { app: 'other' } });
  });

  it('takes back what another type does not have', () => {
    const { create, change } = cluster();
    const made = create('a', { type: 'NodePort' });
    const port = made.spec?.ports?.[0]?.nodePort ?? 0;
    const plain = change('a', (spec) => ({ ...spec, type: 'ClusterIP' }));
    expect(plain.spec).toMatchObject({ type: 'ClusterIP', clusterIP: made.spec?.clusterIP });
    expect(plain.spec?.ports?.[0]).not.toHaveProperty('nodePort');
    const again = create('b', { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP', nodePort: port }] });
    expect(again.spec?.ports?.[0]?.nodePort).toBe(port);
    const external = change('a', (spec) => ({ ...spec, type: 'ExternalName', externalName: 'example.com' }));
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'])
      expect(external.spec).not.toHaveProperty(field);
  });

  it('has the API server at the first address', () => {
    const { api } = cluster();
    expect(api.get(SERVICES, 'default', 'kubernetes').spec?.clusterIP).toBe('10.96.0.1');
  });
});

describe('freeNumber', () => {
  it('turns to the lower part of the range when the upper one is full', () => {
    const range = portRange(30_000, 32_767);
    expect(range.automaticFrom).toBe(30_086);
    const number = freeNumber(range, 'a', (one) => one >= range.automaticFrom) ?? 0;
    expect(number).toBeGreaterThanOrEqual(30_000);
    expect(number).toBeLessThan(30_086);
    expect(freeNumber(range, 'a', () => true)).toBeUndefined();
  });

  it('knows the usable addresses of a network', () => {
    expect(addressRange('10.96.0.0/24')).toEqual({ first: 174_063_617, last: 174_063_870, automaticFrom: 174_063_633 });
    expect(() => addressRange('10.96.0.0/31')).toThrow(RangeError);
  });
});
