/** Waiting pods that are alike, so that one answer does for all of them. Source: `cluster-autoscaler/core/scaleup/equivalence` */
import type { Pod } from '../../model/kinds.ts';
import { compare } from '../../model/order.ts';
import { namespacedName } from '../../model/resource-ref.ts';
import { controllerOf } from '../../scheduling/pod-owner.ts';

/** Pods of one controller with equal specs. */
export interface PodClass {
  readonly sample: Pod;
  /** By name. */
  readonly pods: readonly Pod[];
}

const keys = new WeakMap<Pod, string>();

/** In the order of their first names. */
export function podClasses(waiting: Iterable<Pod>): readonly PodClass[] {
  const classes = new Map<string, Pod[]>();
  for (const pod of [...waiting].sort((a, b) => compare(namespacedName(a), namespacedName(b)))) {
    const key = keyOf(pod);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, [pod]);
    else known.push(pod);
  }
  return [...classes.values()].map((pods) => ({ sample: pods[0] as Pod, pods }));
}

function keyOf(pod: Pod): string {
  const known = keys.get(pod);
  if (known !== undefined) return known;
  const { metadata, spec } = pod;
  const owner = controllerOf(pod);
  // Claims of their own make pods of one set differ.
  const key =
    owner === undefined ? (metadata.uid ?? metadata.name) : JSON.stringify([owner.uid, metadata.labels, bare(spec)]);
  keys.set(pod, key);
  return key;
}

/** Without what admission gives each pod a name of its own for, and the host's name of pods of a set. */
function bare(spec: Pod['spec']): unknown {
  if (spec === undefined) return undefined;
  const { volumes = [], ...rest } = spec;
  const claims = volumes.filter(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
  const text = JSON.stringify({ ...rest, hostname: undefined }).replaceAll(/kube-api-access-[a-z0-9]{5}/g, '');
  return [text, claims];
}
