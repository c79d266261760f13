/**
 * What a pod counts for in the ResourceQuotas of its namespace, and how many more of it they take.
 * Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
import {
  amountOf,
  type ClusterSnapshot,
  type Container,
  type PodSpec,
  type Quantities,
  type ResourceQuota,
} from '@aia/cluster';
import { totalOf } from './limit-ranges.ts';

/** Amounts by the names that quotas use, in millicores, bytes or counts. */
export type Charge = ReadonlyMap<string, number>;

/** What one quota leaves of one resource. */
export interface QuotaRoom {
  readonly quota: ResourceQuota;
  readonly resource: string;
  /** Limit − use, at least 0. */
  readonly free: number;
  readonly each: number;
  /** How many more times `each` fits. */
  readonly fits: number;
}

const ALIASED: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** What one pod counts for; `spec` is as the pod is created, defaults included. */
export function chargeOf(spec: PodSpec): Charge {
  const charge = new Map([
    ['pods', 1],
    ['count/pods', 1],
  ]);
  for (const [resource, quantity] of amounts(totalOf(spec, 'requests'))) {
    if (ALIASED.has(resource) || resource.startsWith('hugepages-')) charge.set(resource, quantity);
    charge.set(`requests.${resource}`, quantity);
  }
  for (const [resource, quantity] of amounts(totalOf(spec, 'limits'))) charge.set(`limits.${resource}`, quantity);
  return charge;
}

function amounts(quantities: Quantities): readonly (readonly [string, number])[] {
  return Object.entries(quantities).map(([resource, quantity]) => [resource, amountOf(resource, quantity) ?? 0]);
}

/** How often a charge fits into what each quota leaves; tightest first. Quotas whose use was never counted are left out. */
export function roomOf(quotas: readonly ResourceQuota[], charge: Charge): readonly QuotaRoom[] {
  return quotas
    .flatMap((quota) => {
      const { hard = {}, used } = quota.status ?? {};
      if (used === undefined) return [];
      return Object.entries(hard).flatMap(([resource, limit]): readonly QuotaRoom[] => {
        const each = charge.get(resource) ?? 0;
        if (each <= 0) return [];
        const free = Math.max(0, (amountOf(resource, limit) ?? 0) - (amountOf(resource, used[resource] ?? '0') ?? 0));
        return [{ quota, resource, free, each, fits: Math.floor(free / each) }];
      });
    })
    .sort((a, b) => a.fits - b.fits || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ quota, resource }: QuotaRoom): string {
  return `${quota.metadata.name} ${resource}`;
}

/** A resource that a quota obliges every container to state. */
export interface UnstatedValue {
  readonly quota: ResourceQuota;
  /** `limits.memory`. */
  readonly resource: string;
  readonly containers: readonly string[];
}

const OBLIGING: ReadonlyMap<string, readonly ['requests' | 'limits', string]> = new Map([
  ['cpu', ['requests', 'cpu']],
  ['memory', ['requests', 'memory']],
  ['requests.cpu', ['requests', 'cpu']],
  ['requests.memory', ['requests', 'memory']],
  ['limits.cpu', ['limits', 'cpu']],
  ['limits.memory', ['limits', 'memory']],
]);

/** What the quotas oblige containers to state and they do not, defaults included: the pod is refused whatever room there is. */
export function unstatedValues(quotas: readonly ResourceQuota[], spec: PodSpec): readonly UnstatedValue[] {
  // Amounts for the pod as a whole (1.32 on) may stand in for those of its containers.
  if ('resources' in spec) return [];
  const containers: readonly Container[] = [
    ...((spec as Partial<PodSpec>).containers ?? []),
    ...(spec.initContainers ?? []),
  ];
  return quotas.flatMap((quota) =>
    Object.keys(quota.status?.hard ?? {}).flatMap((resource) => {
      const obliged = OBLIGING.get(resource);
      if (obliged === undefined) return [];
      const [of, name] = obliged;
      const without = containers.filter(({ resources }) => resources?.[of]?.[name] === undefined);
      return without.length === 0 ? [] : [{ quota, resource, containers: without.map((one) => one.name) }];
    }),
  );
}

/** Quotas of a namespace that count a pod, by their scopes. */
export function quotasFor(snapshot: ClusterSnapshot, namespace: string, spec: PodSpec): readonly ResourceQuota[] {
  return snapshot
    .listIn('ResourceQuota', namespace)
    .filter(
      (quota) =>
        quota.metadata.deletionTimestamp === undefined && scopesOf(quota).every((scope) => isIn(scope, snapshot, spec)),
    );
}

interface Scope {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

function scopesOf({ spec }: ResourceQuota): readonly Scope[] {
  const plain = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...plain, ...(spec?.scopeSelector?.matchExpressions ?? [])];
}

function isIn({ scopeName, operator, values = [] }: Scope, snapshot: ClusterSnapshot, spec: PodSpec): boolean {
  switch (scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return isBestEffort(spec);
    case 'NotBestEffort':
      return !isBestEffort(spec);
    case 'CrossNamespacePodAffinity':
      return looksAcrossNamespaces(spec);
    case 'PriorityClass': {
      const name = spec.priorityClassName ?? defaultClass(snapshot);
      if (operator === 'Exists') return name !== '';
      if (operator === 'DoesNotExist') return name === '';
      return values.includes(name) === (operator === 'In');
    }
    default:
      // A scope that is not known may leave this pod out.
      return false;
  }
}

function defaultClass(snapshot: ClusterSnapshot): string {
  return snapshot.list('PriorityClass').find(({ globalDefault }) => globalDefault === true)?.metadata.name ?? '';
}

function isBestEffort(spec: PodSpec): boolean {
  const stated = [...((spec as Partial<PodSpec>).containers ?? []), ...(spec.initContainers ?? [])].flatMap(
    ({ resources }) => [...Object.entries(resources?.requests ?? {}), ...Object.entries(resources?.limits ?? {})],
  );
  return !stated.some(
    ([name, quantity]) => (name === 'cpu' || name === 'memory') && (amountOf(name, quantity) ?? 0) > 0,
  );
}

function looksAcrossNamespaces({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((one) =>
    [
      ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some((term) => (term.namespaces ?? []).length > 0 || term.namespaceSelector !== undefined),
  );
}
