/**
 * Pods tolerate nodes that fail for five minutes, unless they say otherwise.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 */
import type { Pod, PodSpec } from '../../model/kinds.ts';
import type { AdmissionPlugin } from '../api/request.ts';
import { isPodItself, withSpec } from './pod-admission.ts';

type Toleration = NonNullable<PodSpec['tolerations']>[number];

const byDefault = (key: string): Toleration => ({
  effect: 'NoExecute',
  key,
  operator: 'Exists',
  tolerationSeconds: 300,
});
const FAILING = [byDefault('node.kubernetes.io/not-ready'), byDefault('node.kubernetes.io/unreachable')] as const;

export function defaultTolerations(): AdmissionPlugin {
  return {
    name: 'DefaultTolerationSeconds',
    mutate(admission) {
      const pod = admission.object as Pod;
      if (!isPodItself(admission) || admission.operation === 'DELETE' || pod.spec === undefined) return pod;
      const own = pod.spec.tolerations ?? [];
      const added = FAILING.filter(({ key }) => !own.some((one) => covers(one, key as string)));
      return added.length === 0 ? pod : withSpec(pod, { tolerations: [...own, ...added] });
    },
  };
}

function covers({ key = '', effect = '' }: Toleration, failing: string): boolean {
  return (key === failing || key === '') && (effect === 'NoExecute' || effect === '');
}
