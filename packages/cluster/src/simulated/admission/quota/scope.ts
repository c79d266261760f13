/** Which objects a quota is about. Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes */
import type { Pod, ResourceQuota } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import type { Json } from '../../../model/unknown-json.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { qosClassOf } from '../../api/kinds/pod/pod-created.ts';
import { usageOf } from './usage.ts';

type Requirement = { readonly scopeName: string; readonly operator: string; readonly values?: readonly string[] };

/** Names of what a quota limits and an object takes, where the quota is about the object. */
export function limitedBy(quota: ResourceQuota, type: ResourceType, object: KubeObject): readonly string[] {
  const hard = quota.status?.hard ?? {};
  return matchesScopes(quota, type, object) ? [...namesOf(type, Object.keys(hard))] : [];
}

/** Of the names that a quota limits, those that objects of a type can take. */
function namesOf(type: ResourceType, names: readonly string[]): readonly string[] {
  const counted = new Set(usageOf(type, NOTHING).keys());
  return names.filter((name) => counted.has(name) || (type.group === '' && (MORE[type.kind]?.test(name) ?? false)));
}

const NOTHING: KubeObject = { apiVersion: 'v1', kind: '', metadata: { name: '' } };
/** Beside what an empty object of the kind takes. */
const MORE: Readonly<Record<string, RegExp>> = {
  Pod: /^(pods|cpu|memory|ephemeral-storage|hugepages-.+|limits\..+|requests\.(?!storage$).+)$/,
  Service: /^services(\..+)?$/,
  PersistentVolumeClaim: /^(persistentvolumeclaims|requests\.storage|.+\.storageclass\.storage\.k8s\.io\/.+)$/,
};

/** Whether all scopes of a quota are those of an object; a quota without scopes is about everything. */
export function matchesScopes({ spec }: ResourceQuota, type: ResourceType, object: KubeObject): boolean {
  const scopes: readonly Requirement[] = [
    ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(spec?.scopeSelector?.matchExpressions ?? []),
  ];
  if (scopes.length === 0) return true;
  return type.kind === 'Pod' && type.group === '' && scopes.every((scope) => isOf(object as Pod, scope));
}

function isOf(pod: Pod, scope: Requirement): boolean {
  const { activeDeadlineSeconds, priorityClassName = '' } = pod.spec ?? {};
  const isTerminating = activeDeadlineSeconds !== undefined && activeDeadlineSeconds >= 0;
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating;
    case 'NotTerminating':
      return !isTerminating;
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'PriorityClass':
      return selects(scope, priorityClassName);
    case 'CrossNamespacePodAffinity':
      return reachesOut(pod);
    default:
      return false;
  }
}

function isBestEffort({ spec }: Pod): boolean {
  return qosClassOf((spec ?? {}) as Json) === 'BestEffort';
}

function selects({ operator, values = [] }: Requirement, value: string): boolean {
  if (operator === 'Exists') return value !== '';
  if (operator === 'DoesNotExist') return value === '';
  return values.includes(value) === (operator === 'In');
}

/** Whether an affinity names other namespaces. */
function reachesOut({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some((affinity) =>
    [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
        ({ podAffinityTerm }) => podAffinityTerm,
      ),
    ].some(({ namespaces, namespaceSelector }) => (namespaces ?? []).length > 0 || namespaceSelector !== undefined),
  );
}
