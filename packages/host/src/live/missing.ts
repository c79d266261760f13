/** Names for what could not be read, and what is not known therefore. */
import type { MissingInput } from '@aia/cluster';
import type { ListableResource } from './resources.ts';

interface Input {
  readonly input: string;
  readonly consequence: string;
}

/** Kinds whose absence blinds rules, by `group/Kind`. The names are those that rules and other readers use. */
const NAMED: Readonly<Record<string, Input>> = {
  '/ConfigMap': {
    input: 'config-maps',
    consequence: 'references to absent ConfigMaps and keys cannot be told, nor the state of the autoscaler',
  },
  '/Event': {
    input: 'events',
    consequence: 'causes that only events tell (scheduling, image pulls, mounts, scale-up) stay unknown',
  },
  '/Namespace': { input: 'namespaces', consequence: 'namespaces that are stuck or not labelled cannot be told' },
  '/Node': { input: 'nodes', consequence: 'capacity, node health and scheduling cannot be judged' },
  '/PersistentVolume': { input: 'persistent-volumes', consequence: 'volume zones and binding cannot be judged' },
  '/PersistentVolumeClaim': {
    input: 'persistent-volume-claims',
    consequence: 'pods that wait for storage cannot be explained',
  },
  '/Pod': { input: 'pods', consequence: 'failing workloads cannot be found' },
  '/ResourceQuota': { input: 'resource-quotas', consequence: 'namespaces at their quota cannot be told' },
  '/Secret': { input: 'secrets', consequence: 'references to absent Secrets cannot be told' },
  '/Service': { input: 'services', consequence: 'load balancers and their addresses cannot be judged' },
  'apps/Deployment': { input: 'deployments', consequence: 'rollouts and wanted replicas cannot be judged' },
  'apps/ReplicaSet': {
    input: 'replica-sets',
    consequence: 'pods cannot be traced to their Deployments, nor earlier revisions compared',
  },
  'metrics.k8s.io/NodeMetrics': { input: 'metrics', consequence: 'present use of nodes is not known' },
  'metrics.k8s.io/PodMetrics': { input: 'metrics', consequence: 'present use of CPU and memory is not known' },
};

/** The kinds above, as group and kind. */
export const NAMED_KINDS: readonly { readonly group: string; readonly kind: string }[] = Object.keys(NAMED).map(
  (key) => {
    const [group = '', kind = ''] = key.split('/');
    return { group, kind };
  },
);

/** The entry for a built-in resource. */
export function missingResource(resource: Pick<ListableResource, 'group' | 'kind'>, reason: string): MissingInput {
  const key = `${resource.group}/${resource.kind}`;
  const named = Object.hasOwn(NAMED, key) ? NAMED[key] : undefined;
  const kind = resource.group === '' ? resource.kind : key;
  return {
    input: named?.input ?? `kind:${kind}`,
    reason,
    consequence: named?.consequence ?? `nothing is known about objects of kind ${resource.kind}`,
  };
}

/** One entry for all custom resources that were refused; a cluster may have hundreds of kinds. */
export function missingCustom(
  refused: readonly { readonly resource: Pick<ListableResource, 'group' | 'resource'>; readonly reason: string }[],
): MissingInput {
  const names = refused.map(({ resource }) => `${resource.resource}.${resource.group}`);
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  return {
    input: 'custom-resources',
    reason: `${refused[0]?.reason ?? 'not read'} (${shown})`,
    consequence: 'nothing is known about objects of these custom kinds',
  };
}

/** Of entries with one name the first stays; sorted by name, so that the order of answers does not show. */
export function tidyMissing(missing: readonly MissingInput[]): MissingInput[] {
  const first = new Map<string, MissingInput>();
  for (const entry of missing) if (!first.has(entry.input)) first.set(entry.input, entry);
  return [...first.values()].sort((a, b) => (a.input < b.input ? -1 : 1));
}
