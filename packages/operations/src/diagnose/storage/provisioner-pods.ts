/** Which workloads are the controllers of storage drivers. */
import { refKey, refOf, type ClusterSnapshot, type Container, type Pod, type ResourceRef } from '@aia/cluster';

const known = new WeakMap<ClusterSnapshot, ReadonlyMap<string, readonly string[]>>();

/** Provisioners whose controller a pod or workload is; empty for everything else. */
export function provisionersOf(snapshot: ClusterSnapshot, ref: ResourceRef): readonly string[] {
  let found = known.get(snapshot);
  if (found === undefined) known.set(snapshot, (found = collect(snapshot)));
  return found.get(refKey(ref)) ?? [];
}

/** By the words of their containers: each driver is told its own name, or carries it in its image. */
function collect(snapshot: ClusterSnapshot): ReadonlyMap<string, readonly string[]> {
  const provisioners = [
    ...new Set(snapshot.list('StorageClass').flatMap(({ provisioner }) => provisioner ?? [])),
  ].sort();
  const found = new Map<string, readonly string[]>();
  if (provisioners.length === 0) return found;
  for (const pod of snapshot.list('Pod')) {
    const containers = pod.spec?.containers ?? [];
    if (!containers.some(isProvisioner)) continue;
    const words = containers.flatMap(wordsOf);
    const own = provisioners.filter((name) => words.some((word) => names(word, name, pod)));
    if (own.length === 0) continue;
    for (const object of [pod, snapshot.rootOwnerOf(pod)]) found.set(refKey(refOf(object)), own);
  }
  return found;
}

function isProvisioner(container: Container): boolean {
  return wordsOf(container).some((word) => /provision/i.test(word));
}

function wordsOf({ name, image = '', args = [], command = [], env = [] }: Container): readonly string[] {
  return [name, image, ...args, ...command, ...env.flatMap(({ name: key, value = '' }) => [key, value])];
}

/** `ebs.csi.aws.com` is spoken of as itself, or as `ebs-csi` in the name of the pod. */
function names(word: string, provisioner: string, { metadata }: Pod): boolean {
  if (word.includes(provisioner)) return true;
  const [first, second] = provisioner.split('.');
  return second === 'csi' && metadata.name.includes(`${first ?? ''}-csi`);
}
