/**
 * Pods get the overhead of their RuntimeClass, and go where it is.
 * Source: https://kubernetes.io/docs/concepts/containers/runtime-class/; `plugin/pkg/admission/runtimeclass`
 */
import type { Pod, PodSpec } from '../../model/kinds.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { sameJson } from '../../snapshot/diff.ts';
import { RUNTIME_CLASSES } from '../api/built-in-types.ts';
import type { AdmissionPlugin } from '../api/request.ts';
import type { AdmissionContext } from './admission-context.ts';
import { isNewPod, withSpec } from './pod-admission.ts';
import { forbiddenEarly } from './refusal.ts';

/** What is read of `node.k8s.io/v1` RuntimeClass. */
interface RuntimeClass extends KubeObject {
  readonly overhead?: { readonly podFixed?: NonNullable<PodSpec['overhead']> };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: NonNullable<PodSpec['tolerations']>;
  };
}

export function runtimeClass({ store, unread }: AdmissionContext): AdmissionPlugin {
  return {
    name: 'RuntimeClass',
    mutate(admission) {
      const pod = admission.object as Pod;
      if (!isNewPod(admission) || pod.spec === undefined) return pod;
      const { runtimeClassName: name, overhead } = pod.spec;
      const refuse = (why: string) => forbiddenEarly(admission, `pod rejected: ${why}`);
      if (name === undefined) {
        if (overhead !== undefined && Object.keys(overhead).length > 0)
          throw refuse('Pod Overhead set without corresponding RuntimeClass defined Overhead');
        return pod;
      }
      const found = store.get(RUNTIME_CLASSES, '', name) as RuntimeClass | undefined;
      if (found === undefined && unread.has('node.k8s.io/RuntimeClass')) return pod;
      if (found === undefined) throw refuse(`RuntimeClass "${name}" not found`);
      const fixed = found.overhead?.podFixed;
      if (overhead !== undefined && !sameJson(overhead, fixed ?? {}))
        throw refuse("Pod's Overhead doesn't match RuntimeClass's defined Overhead");
      const { nodeSelector = {}, tolerations = [] } = found.scheduling ?? {};
      const own = pod.spec.nodeSelector ?? {};
      for (const [key, value] of Object.entries(nodeSelector))
        if (own[key] !== undefined && own[key] !== value)
          throw refuse(
            `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`,
          );
      return withSpec(pod, {
        ...(fixed === undefined ? {} : { overhead: fixed }),
        ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...own, ...nodeSelector } }),
        ...(tolerations.length === 0 ? {} : { tolerations: merged(pod.spec.tolerations ?? [], tolerations) }),
      });
    },
  };
}

type Tolerations = NonNullable<PodSpec['tolerations']>;

function merged(own: Tolerations, more: Tolerations): Tolerations {
  return [...own, ...more.filter((one) => !own.some((known) => sameJson(known, one)))];
}
