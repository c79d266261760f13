/** Clusters on a cloud with nodes and load balancers, as tests begin. */
import type { Service } from '../../../model/kinds.ts';
import { EVENTS, SERVICES } from '../../api/built-in-types.ts';
import { newCloud, type NewCloudOptions } from '../../cloud/new-cloud.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import { newCluster } from '../../simulated-cluster.suite.ts';

/** A region of one node, or of none. */
export function cloudCluster({ nodes = 1, ...options }: NewCloudOptions & { readonly nodes?: number } = {}) {
  const nodePools = [{ name: 'default-pool', initialNodes: nodes, autoscaling: undefined }];
  const cluster = newCluster({ cloud: newCloud({ region: 'us-central1', nodePools, ...options }) });
  cluster.clock.advance(60_000);
  return Object.assign(cluster, {
    gcp: cluster.cloud as SimulatedCloud,
    service: (name: string) => cluster.api.store.get(SERVICES, 'shop', name),
    addressOf: (name: string) => cluster.api.store.get(SERVICES, 'shop', name)?.status?.loadBalancer?.ingress?.[0]?.ip,
    told: (name: string) => toldOf(cluster, name),
    usage: (metric: string, region = 'us-central1') => usageOf(cluster.cloud as SimulatedCloud, metric, region),
  });
}

/** Events about an object of that name: `Type Reason message`. */
export function toldOf({ api }: ReturnType<typeof newCluster>, name: string): readonly string[] {
  return [...api.store.list(EVENTS)]
    .filter(({ involvedObject }) => involvedObject?.name === name)
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
}

export function usageOf({ snapshot }: SimulatedCloud, metric: string, region: string): number | undefined {
  return snapshot.quotas?.find((quota) => quota.metric === metric && quota.region === region)?.usage;
}

/** A Service of type LoadBalancer at port 80. */
export function balancer(name: string, spec: Partial<Service['spec']> = {}, annotations = {}): Service {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop', annotations } },
    spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80, protocol: 'TCP' }], ...spec },
  };
}
