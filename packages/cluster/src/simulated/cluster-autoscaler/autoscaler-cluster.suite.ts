/** Clusters with node pools for tests of the cluster autoscaler. */
import type { Node, Pod } from '../../model/kinds.ts';
import { DEPLOYMENTS, EVENTS, NODES, PODS } from '../api/built-in-types.ts';
import { newCloud, type NewCloudOptions } from '../cloud/new-cloud.ts';
import { newCluster } from '../simulated-cluster.suite.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { AutoscalerOptions } from './autoscaler-options.ts';

/** One pool `web` of one node in one zone that grows to nine, unless told otherwise. */
export function autoscaledCluster(cloud: NewCloudOptions = {}, autoscaler: AutoscalerOptions = {}): SimulatedCluster {
  const nodePools = [{ name: 'web', initialNodes: 1 }];
  return newCluster({ cloud: newCloud({ zones: ['b'], nodePools, ...cloud }), autoscaler });
}

/** A Deployment in namespace `shop`, each pod of which asks for so much CPU. */
export function deploy({ api }: SimulatedCluster, name: string, replicas: number, cpu: string, pod: object = {}): void {
  const containers = [{ name: 'app', image: 'registry.example/app:1', resources: { requests: { cpu } } }];
  const template = { metadata: { labels: { app: name } }, spec: { containers, ...pod } };
  const spec = { replicas, selector: { matchLabels: { app: name } }, template };
  api.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec,
  } as never);
}

/** Sets how many pods a Deployment has; does nothing without it. */
export function scale({ api }: SimulatedCluster, name: string, replicas: number): void {
  if (api.store.get(DEPLOYMENTS, 'shop', name) !== undefined)
    api.change(DEPLOYMENTS, 'shop', name, (one) => ({ ...one, spec: { ...one.spec, replicas } }) as typeof one);
}

export function nodesOf({ api }: SimulatedCluster): readonly Node[] {
  return api.list(NODES).items;
}

export function podsOf({ api }: SimulatedCluster): readonly Pod[] {
  return api.list(PODS).items;
}

/** How many pods have a node. */
export function placedOf(cluster: SimulatedCluster): number {
  return podsOf(cluster).filter(({ spec }) => (spec?.nodeName ?? '') !== '').length;
}

/** `‹type› ‹reason› ‹message›` of what the autoscaler said of objects of a kind. */
export function eventsAbout({ api }: SimulatedCluster, kind: string): readonly string[] {
  return api
    .list(EVENTS)
    .items.filter(
      ({ source, involvedObject }) => source?.component === 'cluster-autoscaler' && involvedObject?.kind === kind,
    )
    .map(({ type = '', reason = '', message = '' }) => `${type} ${reason} ${message}`);
}

/** Usage of a quota of the cluster's region. */
export function quotaOf({ cloud }: SimulatedCluster, metric: string): number | undefined {
  return cloud?.snapshot.quotas?.find((quota) => quota.metric === metric && quota.region === cloud.region)?.usage;
}
