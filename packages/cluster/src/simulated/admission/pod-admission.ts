/** What the plugins that look at pods have in common. */
import type { Pod, PodSpec } from '../../model/kinds.ts';
import type { Admission } from '../api/request.ts';

/** Whether a pod itself is created, not one of its subresources. */
export function isNewPod(admission: Admission): boolean {
  return admission.operation === 'CREATE' && isPodItself(admission);
}

/** Whether it is about a pod itself. */
export function isPodItself({ type, subresource }: Admission): boolean {
  return type.kind === 'Pod' && type.group === '' && subresource === '';
}

/** The pod with other fields of its spec. */
export function withSpec(pod: Pod, spec: Partial<PodSpec>): Pod {
  return { ...pod, spec: { ...(pod.spec as PodSpec), ...spec } };
}
