/** Requests and limits of an earlier revision, in the pod spec of the present one. */
import { sameJson, type Container, type PodSpec } from '@aia/cluster';
import { without } from '../../rollout/without.ts';

/** The containers of a pod spec with the requests and limits that those of the same name had; others stay as they are. */
export function withResourcesOf(before: Pick<PodSpec, 'containers'> | undefined, { containers }: PodSpec): Container[] {
  const named = new Map((before?.containers ?? []).map((one) => [one.name, one]));
  return containers.map((one) => withResources(one, named.get(one.name)));
}

function withResources(container: Container, before: Container | undefined): Container {
  if (before === undefined || sameJson(container.resources ?? {}, before.resources ?? {})) return container;
  return before.resources === undefined
    ? without(container, 'resources')
    : { ...container, resources: before.resources };
}
