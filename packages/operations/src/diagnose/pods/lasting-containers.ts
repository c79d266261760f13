/** Containers that run as long as their pod does: the regular ones and sidecars. */
import type { Container, PodSpec } from '@aia/cluster';

/** Of a pod or template, sidecars last; the very list of the spec where there are none. */
export function lastingContainers({
  spec,
}: {
  readonly spec?: Pick<PodSpec, 'initContainers'> & { readonly containers?: readonly Container[] };
}): readonly Container[] {
  const { containers = [], initContainers = [] } = spec ?? {};
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return sidecars.length === 0 ? containers : [...containers, ...sidecars];
}
