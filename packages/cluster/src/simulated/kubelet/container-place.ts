/** Where a container is, in the words by which behaviours are asked. */
import type { KubeObject } from '../../model/kube-object.ts';
import type { ContainerPlace } from './behaviour.ts';
import { envValue } from './container-config.ts';
import type { ContainerRuntime, Kubelet, PodRuntime } from './pod-runtime.ts';

/** What behaviours are asked by. */
export function placeOf(kubelet: Kubelet, pod: PodRuntime, { spec, role, restarts }: ContainerRuntime): ContainerPlace {
  const { metadata } = pod.object;
  return {
    namespace: metadata.namespace ?? '',
    pod: metadata.name,
    node: pod.node.name,
    workload: workloadOf(kubelet, pod),
    container: spec.name,
    role,
    image: spec.image ?? '',
    restarts,
    labels: metadata.labels ?? {},
    uid: pod.uid,
    spec,
    env: (name) => envValue(kubelet, pod, spec, name),
  };
}

/** `Kind/name` of the topmost owner. */
export function workloadOf({ api: { store } }: Kubelet, { object }: PodRuntime): string {
  let top: KubeObject = object;
  // Owners may name each other in a circle; more than a handful of levels does not occur otherwise.
  for (let level = 0; level < 8; level++) {
    const owner = top.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner === undefined) break;
    const found = store.byUid(owner.uid);
    if (found === undefined) return `${owner.kind}/${owner.name}`;
    top = found;
  }
  return `${top.kind}/${top.metadata.name}`;
}
