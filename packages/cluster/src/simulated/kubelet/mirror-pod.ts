/** Pods that a kubelet runs from its own files and only mirrors in the API. Source: https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/ */
import type { Pod } from '../../model/kinds.ts';
import { isMirrorPod } from '../../scheduling/pod-owner.ts';
import { ApiError } from '../api/api-error.ts';
import { NODES, PODS } from '../api/built-in-types.ts';
import { adoptPod } from './adoption.ts';
import type { Kubelet, PodRuntime } from './pod-runtime.ts';

/** Until the kubelet sees that its mirror is gone. */
const NOTICE_MS = 1000;

/** Makes the mirror of a pod that goes on running again, after somebody deleted it; `made` is given its runtime. */
export function keepMirror(kubelet: Kubelet, pod: PodRuntime, made: (pod: PodRuntime) => void): void {
  const { object, node } = pod;
  if (!isMirrorPod(object) || !node.isUp) return;
  kubelet.clock.after(NOTICE_MS, () => {
    if (!node.isUp || kubelet.api.store.get(NODES, '', node.name) === undefined) return;
    const { annotations, labels, name, namespace, ownerReferences } = object.metadata;
    const metadata = { annotations, labels, name, namespace, ownerReferences };
    const given = Object.entries(metadata).filter(([, value]) => value !== undefined);
    try {
      kubelet.api.create(PODS, { ...object, metadata: Object.fromEntries(given) as unknown as Pod['metadata'] });
      const status = pod.reported ?? object.status;
      const again = kubelet.api.changeStatus(PODS, namespace ?? '', name, (one) => ({ ...one, status }) as Pod);
      made({ ...adoptPod(kubelet, again, node), isKnown: true });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  });
}
