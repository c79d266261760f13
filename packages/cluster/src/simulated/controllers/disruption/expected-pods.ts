/**
 * How many pods a budget expects, and how many of them must be healthy.
 * Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/; `pkg/controller/disruption`
 */
import type { KindMap, Pod } from '../../../model/kinds.ts';
import { groupOf } from '../../../model/kube-object.ts';
import { controllerOf } from '../../../scheduling/pod-owner.ts';
import type { ApiServer } from '../../api/api-server.ts';
import { qualifiedPlural } from '../../api/resource-type.ts';
import { readScale } from '../../api/scale.ts';
import { scaledRoundingUp } from './int-or-percent.ts';

export type Budget = KindMap['PodDisruptionBudget'];
type Owner = NonNullable<ReturnType<typeof controllerOf>>;

/** What a budget asks for; `problem` says why that cannot be told. */
export interface Expectation {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  /** Pods without a controller where the sizes of controllers count. */
  readonly unmanaged: readonly string[];
  readonly problem?: string;
}

const NOTHING = { expectedPods: 0, desiredHealthy: 0, unmanaged: [] } as const;

export function expectationOf(api: ApiServer, { spec, metadata }: Budget, pods: readonly Pod[]): Expectation {
  const { minAvailable, maxUnavailable } = spec ?? {};
  if (maxUnavailable === undefined && minAvailable === undefined) return NOTHING;
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expectedPods: pods.length, desiredHealthy: minAvailable, unmanaged: [] };
  const sizes = sizesOfOwners(api, metadata.namespace ?? '', pods);
  if (sizes.problem !== undefined) return { ...NOTHING, problem: sizes.problem };
  const { expectedPods, unmanaged } = sizes;
  const desiredHealthy =
    maxUnavailable === undefined
      ? scaledRoundingUp(minAvailable ?? 0, expectedPods)
      : Math.max(0, expectedPods - scaledRoundingUp(maxUnavailable, expectedPods));
  return { expectedPods, desiredHealthy, unmanaged };
}

/** The sum of what the controllers of the pods want, each counted once. */
function sizesOfOwners(api: ApiServer, namespace: string, pods: readonly Pod[]): Omit<Expectation, 'desiredHealthy'> {
  const sizes = new Map<string, number>();
  const seen = new Set<string>();
  const unmanaged: string[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) unmanaged.push(pod.metadata.name);
    if (owner === undefined || seen.has(owner.uid)) continue;
    seen.add(owner.uid);
    const size = sizeOf(api, namespace, owner);
    if (typeof size === 'string') return { expectedPods: 0, unmanaged, problem: size };
    if (size === undefined)
      return {
        expectedPods: 0,
        unmanaged,
        problem: `found no controllers for pod ${JSON.stringify(pod.metadata.name)}`,
      };
    sizes.set(size.uid, size.replicas);
  }
  return { expectedPods: [...sizes.values()].reduce((sum, size) => sum + size, 0), unmanaged };
}

/** Of a ReplicaSet that a Deployment controls, the Deployment counts. A text says why there is no size. */
function sizeOf(
  api: ApiServer,
  namespace: string,
  owner: Owner,
): { readonly uid: string; readonly replicas: number } | string | undefined {
  const type = api.types.byKind(groupOf(owner.apiVersion), owner.kind);
  if (type === undefined)
    return `no matches for kind ${JSON.stringify(owner.kind)} in version ${JSON.stringify(owner.apiVersion)}`;
  if (!type.subresources.includes('scale')) return `${qualifiedPlural(type)} does not implement the scale subresource`;
  const object = api.store.get(type, namespace, owner.name);
  if (object === undefined || object.metadata.uid !== owner.uid) return undefined;
  const above = owner.kind === 'ReplicaSet' ? controllerOf(object as Pod) : undefined;
  if (above?.kind === 'Deployment') return sizeOf(api, namespace, above);
  return { uid: owner.uid, replicas: readScale(api, type, namespace, owner.name).spec.replicas ?? 0 };
}
