import { describe, expect, it } from 'vitest';
import type { Node, Pod, Service } from '../../../model/kinds.ts';
import { ENDPOINT_SLICES, ENDPOINTS, NODES, PODS, SERVICES } from '../../api/built-in-types.ts';
import { endpointsController } from '../endpoints/endpoints-controller.ts';
import { workloadCluster } from '../workload-cluster.suite.ts';
import { endpointSliceController } from './endpoint-slice-controller.ts';
import { endpointSliceMirroringController } from './mirroring-controller.ts';

const NAMESPACE = 'shop';

function cluster(spec: Service['spec'] = {}) {
  const made = workloadCluster([endpointsController, endpointSliceController, endpointSliceMirroringController], {
    kubelet: { readyAfterMs: () => undefined },
  });
  const { api, clock, store } = made;
  const labels = { 'topology.kubernetes.io/zone': 'a' };
  api.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', labels } } as Node);
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: NAMESPACE, labels: { team: 'a' } },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
  };
  api.create(SERVICES, service);
  const settle = () => clock.advance(100);
  settle();
  return {
    ...made,
    settle,
    slices: () => [...store.list(ENDPOINT_SLICES, NAMESPACE)],
    endpoints: () => store.get(ENDPOINTS, NAMESPACE, 'web'),
    addPod: (index: number, state: PodState = {}) => {
      store.put(PODS, pod(index, state));
    },
  };
}

interface PodState {
  readonly ready?: boolean;
  readonly phase?: string;
  readonly deleted?: boolean;
  readonly spec?: Partial<Pod['spec']>;
  readonly node?: string;
}

function pod(
  index: number,
  { ready = true, phase = 'Running', deleted = false, spec, node = 'node-1' }: PodState,
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${index}`,
      namespace: NAMESPACE,
      uid: `uid-${index}`,
      labels: { app: 'web' },
      ...(deleted ? { deletionTimestamp: '2025-01-01T00:00:00Z' } : {}),
    },
    spec: { nodeName: node, containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 9090 }] }], ...spec },
    status: {
      phase,
      podIP: `10.1.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2025-01-01T00:00:07Z' }],
    },
  };
}

describe('endpointSliceController', () => {
  it('makes an empty slice for a Service without pods', () => {
    const { slices, store } = cluster();
    const uid = store.get(SERVICES, NAMESPACE, 'web')?.metadata.uid;
    expect(slices()).toMatchObject([
      {
        metadata: {
          generateName: 'web-',
          labels: {
            team: 'a',
            'kubernetes.io/service-name': 'web',
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          },
          ownerReferences: [
            { apiVersion: 'v1', kind: 'Service', name: 'web', uid, controller: true, blockOwnerDeletion: true },
          ],
          annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2025-01-01T00:00:00Z' },
        },
        addressType: 'IPv4',
        endpoints: null,
        ports: null,
      },
    ]);
    expect(slices()[0]?.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
  });

  it('says of each pod where it is and how it is', () => {
    const { addPod, settle, slices } = cluster();
    const before = slices()[0]?.metadata.name;
    addPod(1);
    addPod(2, { ready: false });
    addPod(3, { deleted: true });
    addPod(4, { phase: 'Failed' });
    settle();
    expect(slices()).toMatchObject([
      {
        metadata: {
          name: before,
          annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2025-01-01T00:00:07Z' },
        },
        ports: [{ name: '', port: 8080, protocol: 'TCP' }],
        endpoints: [
          {
            addresses: ['10.1.0.2'],
            conditions: { ready: true, serving: true, terminating: false },
            nodeName: 'node-1',
            zone: 'a',
            targetRef: { kind: 'Pod', namespace: NAMESPACE, name: 'web-1', uid: 'uid-1' },
          },
          { addresses: ['10.1.0.3'], conditions: { ready: false, serving: false, terminating: false } },
          { addresses: ['10.1.0.4'], conditions: { ready: false, serving: true, terminating: true } },
        ],
      },
    ]);
  });

  it('publishes pods that are not ready where asked to', () => {
    const { addPod, settle, slices, endpoints } = cluster({ publishNotReadyAddresses: true });
    addPod(1, { ready: false, node: 'unknown' });
    settle();
    expect(slices()[0]?.endpoints).toMatchObject([{ conditions: { ready: true, serving: false, terminating: false } }]);
    expect(endpoints()?.subsets).toMatchObject([{ addresses: [{ ip: '10.1.0.2' }] }]);
  });

  it('follows named ports, and makes a slice for each set of numbers', () => {
    const { addPod, settle, slices, endpoints } = cluster({ ports: [{ name: 'web', port: 80, targetPort: 'http' }] });
    addPod(1);
    addPod(2, { spec: { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 7070 }] }] } });
    settle();
    expect(slices().map(({ ports }) => ports)).toEqual([
      [{ name: 'web', port: 9090, protocol: 'TCP' }],
      [{ name: 'web', port: 7070, protocol: 'TCP' }],
    ]);
    expect(endpoints()?.subsets).toMatchObject([
      { addresses: [{ ip: '10.1.0.2' }], ports: [{ name: 'web', port: 9090, protocol: 'TCP' }] },
      { addresses: [{ ip: '10.1.0.3' }], ports: [{ name: 'web', port: 7070, protocol: 'TCP' }] },
    ]);
  });

  it('names pods of a headless Service by host and subdomain', () => {
    const { addPod, settle, slices, endpoints } = cluster({ clusterIP: 'None' });
    addPod(1, { spec: { hostname: 'web-1', subdomain: 'web' } });
    settle();
    expect(slices()).toMatchObject([
      { metadata: { labels: { 'service.kubernetes.io/headless': '' } }, endpoints: [{ hostname: 'web-1' }] },
    ]);
    expect(endpoints()).toMatchObject({
      metadata: { labels: { 'service.kubernetes.io/headless': '' } },
      subsets: [{ addresses: [{ hostname: 'web-1' }] }],
    });
  });

  it('puts a hundred endpoints into a slice, and changes as few slices as it can', () => {
    const { addPod, settle, slices, store } = cluster();
    for (let i = 0; i < 250; i++) addPod(i);
    settle();
    const sizes = () => slices().map(({ endpoints }) => endpoints?.length ?? 0);
    expect(sizes()).toEqual([100, 100, 50]);
    const [, second] = slices();
    store.remove(PODS, NAMESPACE, 'web-0');
    settle();
    expect(sizes()).toEqual([99, 100, 50]);
    expect(slices()[1]).toBe(second);
    addPod(300);
    settle();
    expect(sizes()).toEqual([100, 100, 50]);
    for (let i = 200; i < 250; i++) store.remove(PODS, NAMESPACE, `web-${i}`);
    settle();
    expect(sizes()).toEqual([100, 100]);
  });

  it('makes again what somebody took away', () => {
    const { api, addPod, settle, slices } = cluster();
    addPod(1);
    settle();
    api.delete(ENDPOINT_SLICES, NAMESPACE, slices()[0]?.metadata.name ?? '');
    settle();
    expect(slices()).toMatchObject([{ endpoints: [{ addresses: ['10.1.0.2'] }] }]);
  });

  it('makes nothing for external names and Services without a selector', () => {
    const { slices, endpoints } = cluster({ type: 'ExternalName', externalName: 'example.com' });
    expect([slices(), endpoints()]).toEqual([[], undefined]);
  });
});

describe('endpointsController', () => {
  it('has no subsets without pods', () => {
    const { endpoints } = cluster();
    expect(endpoints()).toMatchObject({
      metadata: { labels: { team: 'a', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
    });
    expect(endpoints()).not.toHaveProperty('subsets');
  });

  it('tells pods that are ready from those that are not, and leaves those out that are ending', () => {
    const { addPod, settle, endpoints } = cluster();
    addPod(1);
    addPod(2, { ready: false });
    addPod(3, { deleted: true });
    settle();
    expect(endpoints()?.subsets).toEqual([
      {
        addresses: [
          {
            ip: '10.1.0.2',
            nodeName: 'node-1',
            targetRef: { kind: 'Pod', namespace: NAMESPACE, name: 'web-1', uid: 'uid-1' },
          },
        ],
        notReadyAddresses: [
          {
            ip: '10.1.0.3',
            nodeName: 'node-1',
            targetRef: { kind: 'Pod', namespace: NAMESPACE, name: 'web-2', uid: 'uid-2' },
          },
        ],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
  });

  it('says when it holds a thousand addresses only', () => {
    const { addPod, settle, endpoints } = cluster();
    for (let i = 0; i < 1001; i++) addPod(i);
    settle();
    expect(endpoints()?.metadata.annotations?.['endpoints.kubernetes.io/over-capacity']).toBe('truncated');
    expect(endpoints()?.subsets?.[0]?.addresses).toHaveLength(1000);
  });

  it('goes with its Service', () => {
    const { api, settle, endpoints } = cluster();
    api.delete(SERVICES, NAMESPACE, 'web');
    settle();
    expect(endpoints()).toBeUndefined();
  });
});

describe('endpointSliceMirroringController', () => {
  function withoutSelector() {
    const made = cluster();
    made.api.create(SERVICES, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace: NAMESPACE },
      spec: { ports: [{ port: 5432 }] },
    });
    made.api.create(ENDPOINTS, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'db', namespace: NAMESPACE, labels: { team: 'b' } },
      subsets: [
        { addresses: [{ ip: '192.0.2.7' }], notReadyAddresses: [{ ip: '192.0.2.8' }], ports: [{ port: 5432 }] },
      ],
    });
    made.settle();
    const mirrored = () =>
      made.slices().filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'db');
    return { ...made, mirrored };
  }

  it('mirrors Endpoints made by hand', () => {
    const { mirrored } = withoutSelector();
    expect(mirrored()).toMatchObject([
      {
        metadata: {
          labels: { team: 'b', 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' },
          ownerReferences: [{ kind: 'Endpoints', name: 'db', controller: true }],
        },
        endpoints: [
          { addresses: ['192.0.2.7'], conditions: { ready: true } },
          { addresses: ['192.0.2.8'], conditions: { ready: false } },
        ],
        ports: [{ name: '', port: 5432, protocol: 'TCP' }],
      },
    ]);
  });

  it('stops where the label says so', () => {
    const { api, settle, mirrored } = withoutSelector();
    const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
    api.change(ENDPOINTS, NAMESPACE, 'db', (one) => ({ ...one, metadata: { ...one.metadata, labels } }));
    settle();
    expect(mirrored()).toEqual([]);
  });
});
