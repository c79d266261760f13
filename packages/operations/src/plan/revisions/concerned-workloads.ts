/** Which workloads a cause lies in or stops by itself, apart from what fails as a consequence. */
import type { KubeObject, ResourceRef } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause } from '@aia/contract';
import { templateOf, type Planning } from '../planning.ts';

/** Kinds of cause whose resource is not a workload: which of the findings that they explain are about those whom it stops. */
const USERS: Readonly<Record<string, (finding: AssessedFinding, resource: ResourceRef) => boolean>> = {
  ConfigMap: namesIt,
  Secret: namesIt,
  ServiceAccount: namesIt,
  ResourceQuota: ({ code }) => code === 'replica-creation-failed',
  LimitRange: ({ code }) => code === 'replica-creation-failed',
  Registry: ({ code }) => code === 'container-image-pull-failed',
};

function namesIt({ facts, resource: { namespace } }: AssessedFinding, { name, namespace: home }: ResourceRef): boolean {
  return (facts?.['objectName'] ?? facts?.['name']) === name && namespace === home;
}

/** Workloads with a pod template, each once, in the order of the findings. */
export function concernedWorkloads(cause: AssessedRootCause, planning: Planning): readonly KubeObject[] {
  const isUser = USERS[cause.resource.kind];
  const refs =
    isUser === undefined
      ? [cause.resource]
      : planning.findingsOf(cause).flatMap((one) => (isUser(one, cause.resource) ? [concerned(one)] : []));
  const workloads = refs.flatMap((ref) => templatedOwner(ref, planning) ?? []);
  return [...new Set(workloads)];
}

/** The container that a cause's findings name; `undefined` where they name none or several. */
export function namedContainer(cause: AssessedRootCause, planning: Planning): string | undefined {
  const names = planning.findingsOf(cause).flatMap(({ code, facts }) => {
    const name = code.startsWith('container-') ? facts?.['container'] : undefined;
    return typeof name === 'string' && name !== '' ? [name] : [];
  });
  const [first, ...others] = new Set(names);
  return others.length === 0 ? first : undefined;
}

function concerned({ facts, resource }: AssessedFinding): ResourceRef {
  const workload = facts?.['workload'];
  const [group, kind, namespace, name, ...rest] = typeof workload === 'string' ? workload.split('/') : [];
  if (rest.length > 0 || group === undefined || kind === undefined || namespace === undefined || name === undefined)
    return resource;
  return { group, kind, namespace, name };
}

/** The topmost of a resource and its owners that has a pod template. */
function templatedOwner(ref: ResourceRef, { snapshot }: Planning): KubeObject | undefined {
  let found: KubeObject | undefined;
  let at = snapshot.resolve(ref);
  for (let level = 0; at !== undefined && level < 8; level++) {
    if (templateOf(at) !== undefined) found = at;
    const next: KubeObject | undefined = snapshot.ownerOf(at);
    at = next === at ? undefined : next;
  }
  return found;
}
