/** What stands behind a Service. */
import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { deployment, NAMESPACE, pod, service } from './objects.ts';

const SLICES = 'https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/';
const slices = { verb: 'list', resource: 'discovery.k8s.io/v1/endpointslices', namespace: NAMESPACE } as const;
const endpoints = { verb: 'get', resource: 'v1/endpoints', namespace: NAMESPACE, name: 'web' } as const;
const NODES = [{ name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'zone-a' } }];
const SOON = { eventuallyMs: 60_000 };
const UNREADY = 'example.com/never-ready:1';
const READINESS = { image: UNREADY, readinessProbe: { httpGet: { path: '/', port: 8080 } } };

export const ENDPOINT_CASES: readonly ConformanceCase[] = [
  {
    name: 'a Service without pods has an empty slice and empty Endpoints',
    source: SLICES,
    given: [service({}, { labels: { team: 'a' } })],
    steps: [
      {
        ...slices,
        ...SOON,
        keep: 'slices',
        expect: {
          some: [
            {
              metadata: {
                name: /^web-[a-z0-9]{5}$/,
                generateName: 'web-',
                labels: {
                  team: 'a',
                  'kubernetes.io/service-name': 'web',
                  'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
                },
                ownerReferences: [
                  { apiVersion: 'v1', kind: 'Service', name: 'web', controller: true, blockOwnerDeletion: true },
                ],
              },
              addressType: 'IPv4',
              endpoints: null,
              ports: null,
            },
          ],
          count: 1,
        },
      },
      {
        ...endpoints,
        ...SOON,
        expect: {
          body: {
            metadata: { labels: { team: 'a', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
            subsets: ABSENT,
          },
        },
      },
    ],
  },
  {
    name: 'slices say of each pod its address, node, zone and state',
    source: `${SLICES}#conditions`,
    nodes: NODES,
    given: [service({ ports: [{ name: 'http', port: 80, targetPort: 8080 }] }), pod('one')],
    steps: [
      {
        ...slices,
        ...SOON,
        expect: {
          some: [
            {
              ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
              endpoints: [
                {
                  addresses: [/^\d+\./],
                  conditions: { ready: true, serving: true, terminating: false },
                  nodeName: 'node-1',
                  zone: 'zone-a',
                  targetRef: { kind: 'Pod', namespace: NAMESPACE, name: 'one' },
                },
              ],
            },
          ],
        },
      },
      {
        ...endpoints,
        ...SOON,
        expect: {
          body: {
            subsets: [
              {
                addresses: [{ nodeName: 'node-1', targetRef: { kind: 'Pod', name: 'one' } }],
                ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
              },
            ],
          },
        },
      },
    ],
  },
  {
    name: 'pods that are not ready are listed and get no traffic',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes',
    nodes: NODES,
    behaviours: { [UNREADY]: { failsProbes: ['readiness'] } },
    given: [service(), deployment(1, READINESS)],
    steps: [
      {
        ...slices,
        ...SOON,
        expect: { some: [{ endpoints: [{ conditions: { ready: false, serving: false, terminating: false } }] }] },
      },
      {
        ...endpoints,
        ...SOON,
        expect: { body: { subsets: [{ addresses: ABSENT, notReadyAddresses: [{ targetRef: { kind: 'Pod' } }] }] } },
      },
    ],
  },
  {
    name: 'a Service may publish pods that are not ready',
    source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
    nodes: NODES,
    behaviours: { [UNREADY]: { failsProbes: ['readiness'] } },
    given: [service({ publishNotReadyAddresses: true }), deployment(1, READINESS)],
    steps: [
      { ...slices, ...SOON, expect: { some: [{ endpoints: [{ conditions: { ready: true, serving: false } }] }] } },
      { ...endpoints, ...SOON, expect: { body: { subsets: [{ addresses: [{ targetRef: { kind: 'Pod' } }] }] } } },
    ],
  },
  {
    name: 'a named target port is that of each pod',
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
    nodes: NODES,
    given: [
      service({ ports: [{ port: 80, targetPort: 'web' }] }),
      deployment(1, { ports: [{ name: 'web', containerPort: 9090 }] }),
    ],
    steps: [
      { ...slices, ...SOON, expect: { some: [{ ports: [{ name: '', port: 9090, protocol: 'TCP' }] }] } },
      { ...endpoints, ...SOON, expect: { body: { subsets: [{ ports: [{ port: 9090, protocol: 'TCP' }] }] } } },
    ],
  },
  {
    name: 'a headless Service names pods by hostname and subdomain',
    source:
      'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-hostname-and-subdomain-fields',
    nodes: NODES,
    given: [service({ clusterIP: 'None' }), pod('one', { hostname: 'one', subdomain: 'web' })],
    steps: [
      {
        ...slices,
        ...SOON,
        expect: {
          some: [
            {
              metadata: { labels: { 'service.kubernetes.io/headless': '' } },
              endpoints: [{ hostname: 'one', targetRef: { name: 'one' } }],
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a pod that no longer matches is taken out',
    source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
    nodes: NODES,
    given: [service(), pod('one')],
    steps: [
      { ...slices, ...SOON, expect: { some: [{ endpoints: [{ targetRef: { name: 'one' } }] }] } },
      {
        verb: 'patch',
        resource: 'v1/pods',
        namespace: NAMESPACE,
        name: 'one',
        body: { metadata: { labels: { app: 'other' } } },
      },
      { ...slices, ...SOON, expect: { some: [{ endpoints: null }], count: 1 } },
    ],
  },
  {
    name: 'Endpoints made by hand are mirrored into a slice',
    source: `${SLICES}#mirroring`,
    given: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'db', namespace: NAMESPACE },
        spec: { ports: [{ port: 5432 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name: 'db', namespace: NAMESPACE },
        subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 5432 }] }],
      },
    ],
    steps: [
      {
        ...slices,
        ...SOON,
        expect: {
          count: 1,
          some: [
            {
              metadata: {
                labels: {
                  'kubernetes.io/service-name': 'db',
                  'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
                },
                ownerReferences: [{ kind: 'Endpoints', name: 'db', controller: true }],
              },
              endpoints: [{ addresses: ['192.0.2.7'], conditions: { ready: true } }],
              ports: [{ name: '', port: 5432, protocol: 'TCP' }],
            },
          ],
        },
      },
    ],
  },
  {
    name: 'Endpoints and slices go with their Service',
    source: `${SLICES}#ownership`,
    given: [service()],
    steps: [
      { ...slices, ...SOON, expect: { count: 1 } },
      { verb: 'delete', resource: 'v1/services', namespace: NAMESPACE, name: 'web' },
      { ...slices, ...SOON, expect: { count: 0 } },
      { ...endpoints, ...SOON, expect: { code: 404 } },
    ],
  },
];
