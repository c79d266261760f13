/** Who keeps a pod alive, as far as the pod itself says, and whether it still is. */
import type { Pod } from '../model/kinds.ts';

type Owner = NonNullable<Pod['metadata']['ownerReferences']>[number];

/** The reference to the controller of a pod. */
export function controllerOf(pod: Pod): Owner | undefined {
  return pod.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** A DaemonSet's pod: it goes with its node and comes with the next. */
export function isDaemonPod(pod: Pod): boolean {
  return (
    controllerOf(pod)?.kind === 'DaemonSet' ||
    pod.metadata.annotations?.['cluster-autoscaler.kubernetes.io/daemonset-pod'] === 'true'
  );
}

/** A static pod of one kubelet. */
export function isMirrorPod(pod: Pod): boolean {
  return pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}

/** Finished pods hold nothing on their node. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}
