/**
 * What is in a cluster as soon as its API server runs: the system's namespaces and priorities, and the Service by which pods reach the API server.
 * Source: `pkg/controlplane/controller/{systemnamespaces,kubernetesservice}`
 */
import type { KindMap } from '../../model/kinds.ts';
import type { ApiServer } from '../api/api-server.ts';
import { ENDPOINT_SLICES, ENDPOINTS, NAMESPACES, PRIORITY_CLASSES, SERVICES } from '../api/built-in-types.ts';

/** Which every cluster has: its API server makes them again where they are gone. */
export const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;
const METADATA = { name: 'kubernetes', namespace: 'default' } as const;
/** Where the API server itself listens. */
const API_SERVER = { ip: '172.18.0.2', port: 6443 } as const;
const PORT = { name: 'https', protocol: 'TCP', port: API_SERVER.port } as const;

const KUBERNETES = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...METADATA, labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    clusterIPs: ['10.96.0.1'],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
    sessionAffinity: 'None',
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: API_SERVER.port }],
  },
} as unknown as KindMap['Service'];

const KUBERNETES_ENDPOINTS: KindMap['Endpoints'] = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { ...METADATA, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
  subsets: [{ addresses: [{ ip: API_SERVER.ip }], ports: [PORT] }],
};

const KUBERNETES_SLICE: KindMap['EndpointSlice'] = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { ...METADATA, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [API_SERVER.ip], conditions: { ready: true } }],
  ports: [PORT],
};

const priorityClass = (name: string, value: number, description: string): KindMap['PriorityClass'] => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  description,
});
const SYSTEM_PRIORITIES = [
  priorityClass(
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ),
  priorityClass(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ),
];

/** Makes them in a cluster that has nothing yet. */
export function makeSystemObjects(api: ApiServer): void {
  for (const name of SYSTEM_NAMESPACES)
    api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const one of SYSTEM_PRIORITIES) api.create(PRIORITY_CLASSES, one);
  api.create(SERVICES, KUBERNETES);
  api.create(ENDPOINTS, KUBERNETES_ENDPOINTS);
  api.create(ENDPOINT_SLICES, KUBERNETES_SLICE);
}
