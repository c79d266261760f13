/** What an object takes of a quota. Source: `pkg/quota/v1/evaluator/core`; https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
import { parseAmount, wholeAmount, ZERO, type Amount } from '../../../model/amount.ts';
import type { PersistentVolumeClaim, Pod, PodSpec, Service } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { isFinished } from '../../../scheduling/pod-owner.ts';
import { qualifiedPlural, type ResourceType } from '../../api/resource-type.ts';
import { podTotal, type Amounts } from '../pod-totals.ts';

/** Kinds of the core group that are counted under their plural alone, too. */
const COUNTED: ReadonlySet<string> = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas']);
const ONE = wholeAmount(1);

/** By resource name of quotas: `requests.cpu`, `services.nodeports`, `count/deployments.apps`. */
export function usageOf(type: ResourceType, object: KubeObject): Amounts {
  const usage = new Map<string, Amount>([[`count/${qualifiedPlural(type)}`, ONE]]);
  if (type.group !== '') return usage;
  if (COUNTED.has(type.plural)) usage.set(type.plural, ONE);
  const more = OF_KIND[type.kind]?.(object) ?? [];
  for (const [name, amount] of more) usage.set(name, amount);
  return usage;
}

type Usage = readonly (readonly [string, Amount])[];

const OF_KIND: Readonly<Record<string, (object: KubeObject) => Usage>> = {
  Pod: (pod) => podUsage(pod as Pod),
  Service: (service) => serviceUsage(service as Service),
  PersistentVolumeClaim: (claim) => claimUsage(claim as PersistentVolumeClaim),
};

function podUsage(pod: Pod): Usage {
  // What has ended takes nothing.
  if (isFinished(pod) || pod.spec === undefined) return [];
  return [['pods', ONE], ...computeUsage(podTotal(pod.spec, 'requests'), podTotal(pod.spec, 'limits'))];
}

const COMPUTE: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Requests and limits under the names that quotas have for them. */
function computeUsage(requests: Amounts, limits: Amounts): Usage {
  const usage: (readonly [string, Amount])[] = [];
  for (const [name, amount] of requests) {
    usage.push([`requests.${name}`, amount]);
    if (COMPUTE.has(name) || name.startsWith('hugepages-')) usage.push([name, amount]);
  }
  for (const [name, amount] of limits) if (COMPUTE.has(name)) usage.push([`limits.${name}`, amount]);
  return usage;
}

function serviceUsage({ spec }: Service): Usage {
  const ports = spec?.ports?.length ?? 0;
  const none = [['services', ONE] as const];
  if (spec?.type === 'NodePort') return [...none, ['services.nodeports', wholeAmount(ports)]];
  if (spec?.type !== 'LoadBalancer') return none;
  const nodePorts = spec.allocateLoadBalancerNodePorts === false ? 0 : ports;
  return [...none, ['services.loadbalancers', ONE], ['services.nodeports', wholeAmount(nodePorts)]];
}

function claimUsage({ spec }: PersistentVolumeClaim): Usage {
  const size = parseAmount(spec?.resources?.requests?.['storage'] ?? 0) ?? ZERO;
  const usage: Usage = [
    ['persistentvolumeclaims', ONE],
    ['requests.storage', size],
  ];
  const name = spec?.storageClassName ?? '';
  if (name === '') return usage;
  const ofClass = `${name}.storageclass.storage.k8s.io`;
  return [...usage, [`${ofClass}/persistentvolumeclaims`, ONE], [`${ofClass}/requests.storage`, size]];
}

/** Quotas on these ask that each container says what it needs. */
const EXPLICIT: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
]);

/** What containers leave open of what is limited: `must specify limits.cpu for: a,b; limits.memory for: a`; `undefined` where nothing. */
export function missingRequests(spec: PodSpec, limited: Iterable<string>): string | undefined {
  const needed = [...limited].filter((name) => EXPLICIT.has(name)).sort();
  const level = (spec as { readonly resources?: PodResources }).resources;
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const texts = needed.flatMap((name) => {
    if (says(level, name)) return [];
    const silent = containers.filter(({ resources }) => !says(resources, name)).map((container) => container.name);
    return silent.length === 0 ? [] : [`${name} for: ${[...new Set(silent)].sort().join(',')}`];
  });
  return texts.length === 0 ? undefined : `must specify ${texts.join('; ')}`;
}

interface PodResources {
  readonly requests?: Readonly<Record<string, string | number>>;
  readonly limits?: Readonly<Record<string, string | number>>;
}

function says(resources: PodResources | undefined, name: string): boolean {
  const side = name.startsWith('limits.') ? resources?.limits : resources?.requests;
  return side?.[name.slice(name.indexOf('.') + 1)] !== undefined;
}
