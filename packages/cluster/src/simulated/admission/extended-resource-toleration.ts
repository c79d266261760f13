/**
 * Pods that ask for an extended resource tolerate the taint of its name, which keeps other pods off expensive machines. On with GKE, off by default
 * elsewhere.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#extendedresourcetoleration
 */
import type { Pod, PodSpec } from '../../model/kinds.ts';
import type { AdmissionPlugin } from '../api/request.ts';
import { isNewPod, withSpec } from './pod-admission.ts';

export const extendedResourceToleration: AdmissionPlugin = {
  name: 'ExtendedResourceToleration',
  mutate(admission) {
    const pod = admission.object as Pod;
    if (!isNewPod(admission) || pod.spec === undefined) return pod;
    const own = pod.spec.tolerations ?? [];
    const added = extendedResources(pod.spec)
      .filter((key) => !own.some((one) => one.key === key && one.operator === 'Exists' && one.effect === 'NoSchedule'))
      .map((key) => ({ key, operator: 'Exists' as const, effect: 'NoSchedule' as const }));
    return added.length === 0 ? pod : withSpec(pod, { tolerations: [...own, ...added] });
  },
};

/** Names with a domain of their own. */
function extendedResources({ containers = [], initContainers = [] }: PodSpec): readonly string[] {
  const names = [...containers, ...initContainers].flatMap(({ resources }) => Object.keys(resources?.requests ?? {}));
  return [...new Set(names)]
    .filter(
      (name) => /^[^/]+\/[^/]+$/.test(name) && !/(?:^|\.)kubernetes\.io\//.test(name) && !name.startsWith('requests.'),
    )
    .sort();
}
