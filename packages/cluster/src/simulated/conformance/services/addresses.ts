/** Cluster IPs, node ports and types of Services. */
import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { NAMESPACE, service } from './objects.ts';

const SERVICE = 'https://kubernetes.io/docs/concepts/services-networking/service/';
const ALLOCATION = 'https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/';
const DUAL_STACK = 'https://kubernetes.io/docs/concepts/services-networking/dual-stack/';
const services = { resource: 'v1/services', namespace: NAMESPACE } as const;
const get = { ...services, verb: 'get', name: 'web' } as const;
const create = { ...services, verb: 'create' } as const;
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

export const ADDRESS_CASES: readonly ConformanceCase[] = [
  {
    name: 'a Service gets a cluster IP, and keeps it when an update does not name it',
    source: ALLOCATION,
    given: [service()],
    steps: [
      {
        ...get,
        keep: 'made',
        expect: {
          body: {
            spec: {
              type: 'ClusterIP',
              clusterIP: IPV4,
              clusterIPs: [IPV4],
              ipFamilies: ['IPv4'],
              ipFamilyPolicy: 'SingleStack',
            },
            status: { loadBalancer: {} },
          },
        },
      },
      { ...get, verb: 'update', body: service({ selector: { app: 'other' } }) },
      {
        ...get,
        expect: { body: { spec: { clusterIP: '${made.spec.clusterIP}', selector: { app: 'other' } } } },
      },
    ],
  },
  {
    name: 'a cluster IP is given once',
    source: ALLOCATION,
    given: [service()],
    steps: [
      { ...get, keep: 'made' },
      {
        ...create,
        body: service({ clusterIP: '${made.spec.clusterIP}' }, { name: 'other' }),
        expect: {
          code: 422,
          reason: 'Invalid',
          message:
            /^Service "other" is invalid: spec\.clusterIPs: Invalid value: .*: failed to allocate IP .*: provided IP is already allocated$/,
        },
      },
      { ...services, verb: 'delete', name: 'web' },
      {
        ...create,
        body: service({ clusterIP: '${made.spec.clusterIP}' }, { name: 'other' }),
        expect: { code: 201, body: { spec: { clusterIP: '${made.spec.clusterIP}' } } },
      },
    ],
  },
  {
    name: 'a cluster IP outside of the range of Services is refused',
    source: ALLOCATION,
    steps: [
      {
        ...create,
        body: service({ clusterIP: '192.0.2.10' }),
        expect: {
          code: 422,
          message: /failed to allocate IP 192\.0\.2\.10: the provided network does not match the current range$/,
        },
      },
    ],
  },
  {
    name: 'a headless Service has no address',
    source: `${SERVICE}#headless-services`,
    steps: [
      {
        ...create,
        body: service({ clusterIP: 'None' }),
        expect: { body: { spec: { clusterIP: 'None', clusterIPs: ['None'], ipFamilyPolicy: 'SingleStack' } } },
      },
    ],
  },
  {
    name: 'a headless Service without a selector may have addresses of both families',
    source: DUAL_STACK,
    steps: [
      {
        ...create,
        body: {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web' },
          spec: { clusterIP: 'None', ports: [{ port: 80 }] },
        },
        expect: { body: { spec: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' } } },
      },
    ],
  },
  {
    name: 'a cluster of one family refuses to serve both',
    source: DUAL_STACK,
    steps: [
      {
        ...create,
        body: service({ ipFamilyPolicy: 'RequireDualStack' }),
        expect: {
          code: 422,
          message:
            'Service "web" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
        },
      },
      {
        ...create,
        body: service({ ipFamilies: ['IPv6'] }),
        expect: {
          code: 422,
          message:
            'Service "web" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
        },
      },
      {
        ...create,
        body: service({ ipFamilyPolicy: 'PreferDualStack' }),
        expect: { code: 201, body: { spec: { ipFamilies: ['IPv4'], ipFamilyPolicy: 'PreferDualStack' } } },
      },
    ],
  },
  {
    name: 'an external name has no address',
    source: `${SERVICE}#externalname`,
    steps: [
      {
        ...create,
        body: service({ type: 'ExternalName', externalName: 'db.example.com' }),
        expect: { body: { spec: { externalName: 'db.example.com', clusterIP: ABSENT, clusterIPs: ABSENT } } },
      },
    ],
  },
  {
    name: 'a node port is given from the range of node ports',
    source: `${SERVICE}#type-nodeport`,
    steps: [
      {
        ...create,
        body: service({ type: 'NodePort' }),
        expect: { body: { spec: { ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] } } },
        keep: 'made',
      },
      {
        ...create,
        body: service(
          { type: 'NodePort', ports: [{ port: 80, nodePort: '${made.spec.ports.0.nodePort}' }] },
          { name: 'other' },
        ),
        expect: {
          code: 422,
          message:
            /^Service "other" is invalid: spec\.ports\[0\]\.nodePort: Invalid value: 3\d{4}: provided port is already allocated$/,
        },
      },
    ],
  },
  {
    name: 'a node port outside of the range is refused',
    source: `${SERVICE}#nodeport-custom-port`,
    steps: [
      {
        ...create,
        body: service({ type: 'NodePort', ports: [{ port: 80, nodePort: 8080 }] }),
        expect: {
          code: 422,
          message:
            'Service "web" is invalid: spec.ports[0].nodePort: Invalid value: 8080: provided port is not in the valid range. The range of valid ports is 30000-32767',
        },
      },
    ],
  },
  {
    name: 'one node port serves a port over two protocols',
    source: 'pkg/registry/core/service/storage/alloc.go',
    steps: [
      {
        ...create,
        body: service({
          type: 'NodePort',
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns-tcp', port: 53, protocol: 'TCP' },
          ],
        }),
        keep: 'made',
      },
      {
        ...get,
        expect: {
          body: {
            spec: { ports: [{ protocol: 'UDP' }, { protocol: 'TCP', nodePort: '${made.spec.ports.0.nodePort}' }] },
          },
        },
      },
    ],
  },
  {
    name: 'a Service that is no longer of the type loses its node port and keeps its address',
    source: `${SERVICE}#type-nodeport`,
    given: [service({ type: 'NodePort' })],
    steps: [
      { ...get, keep: 'made' },
      { ...get, verb: 'patch', body: { spec: { type: 'ClusterIP' } } },
      {
        ...get,
        expect: {
          body: { spec: { clusterIP: '${made.spec.clusterIP}', ports: [{ port: 80, nodePort: ABSENT }] } },
        },
      },
      {
        ...create,
        body: service(
          { type: 'NodePort', ports: [{ port: 80, nodePort: '${made.spec.ports.0.nodePort}' }] },
          { name: 'other' },
        ),
        expect: { code: 201 },
      },
    ],
  },
  {
    name: 'a Service that becomes an external name gives its address back',
    source: `${SERVICE}#externalname`,
    given: [service()],
    steps: [
      { ...get, verb: 'patch', body: { spec: { type: 'ExternalName', externalName: 'db.example.com' } } },
      {
        ...get,
        expect: {
          body: { spec: { clusterIP: ABSENT, clusterIPs: ABSENT, ipFamilies: ABSENT, ipFamilyPolicy: ABSENT } },
        },
      },
    ],
  },
  {
    name: 'a load balancer gets node ports unless it wants none, and waits for an address',
    source: `${SERVICE}#load-balancer-nodeport-allocation`,
    steps: [
      {
        ...create,
        body: service({ type: 'LoadBalancer' }),
        expect: {
          body: {
            spec: { allocateLoadBalancerNodePorts: true, clusterIP: IPV4, externalTrafficPolicy: 'Cluster' },
            status: { loadBalancer: { ingress: ABSENT } },
          },
        },
      },
      {
        ...create,
        body: service({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }, { name: 'other' }),
        expect: { body: { spec: { ports: [{ port: 80, nodePort: ABSENT }] } } },
      },
    ],
  },
  {
    name: 'a dry run takes no address',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run',
    given: [service()],
    steps: [
      { ...get, keep: 'made' },
      { ...services, verb: 'delete', name: 'web' },
      {
        ...create,
        query: { dryRun: 'All' },
        body: service({ clusterIP: '${made.spec.clusterIP}' }),
        expect: { code: 201 },
      },
      { ...get, expect: { code: 404 } },
      { ...create, body: service({ clusterIP: '${made.spec.clusterIP}' }), expect: { code: 201 } },
    ],
  },
  {
    name: 'pods find the API server as the Service kubernetes',
    source: 'https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/',
    steps: [
      {
        verb: 'get',
        resource: 'v1/services',
        namespace: 'default',
        name: 'kubernetes',
        expect: {
          body: {
            metadata: { labels: { component: 'apiserver', provider: 'kubernetes' } },
            spec: { type: 'ClusterIP', clusterIP: IPV4, ports: [{ name: 'https', port: 443, protocol: 'TCP' }] },
          },
        },
      },
      {
        verb: 'get',
        resource: 'discovery.k8s.io/v1/endpointslices',
        namespace: 'default',
        name: 'kubernetes',
        expect: { body: { addressType: 'IPv4', ports: [{ name: 'https', protocol: 'TCP' }] } },
      },
    ],
  },
];
