/** Who an object or an event refers to: by name, unless uids say that it is somebody else. */
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import type { Event } from '../model/kinds.ts';

export type OwnerReference = NonNullable<KubeObject['metadata']['ownerReferences']>[number];

/** Labels by which pods carry the hash of their template, with who makes such ReplicaSets. */
export const TEMPLATE_HASHES = [
  { label: 'pod-template-hash', group: 'apps', kind: 'Deployment' },
  { label: 'rollouts-pod-template-hash', group: 'argoproj.io', kind: 'Rollout' },
] as const;

/** The reference to the controller, else the first. */
export function controllingReference(object: KubeObject): OwnerReference | undefined {
  const references = object.metadata.ownerReferences;
  return references?.find((reference) => reference.controller === true) ?? references?.[0];
}

/** References outlive API groups: workloads were in `extensions` before they were in `apps`. */
export function ownerGroup({ apiVersion = '', kind }: OwnerReference): string {
  const group = groupOf(apiVersion);
  return group === 'extensions' && kind !== 'Ingress' ? 'apps' : group;
}

/** Whether two uids do not contradict each other; dumps may lack them. */
export function isSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === '' || b === '' || a === b;
}

/** Whether an object names this very owner. */
export function refersTo(object: KubeObject, owner: KubeObject): boolean {
  const key = `${groupOf(owner.apiVersion)}/${owner.kind}/${owner.metadata.name}`;
  return (object.metadata.ownerReferences ?? []).some(
    (reference) =>
      `${ownerGroup(reference)}/${reference.kind}/${reference.name}` === key &&
      isSame(owner.metadata.uid, reference.uid),
  );
}

/**
 * Whether an event is about this very object. The kubelet uses a node's name as its uid, and for static pods the hash that
 * the mirror pod carries as annotation.
 */
export function isAbout(event: Event, { kind, metadata }: KubeObject): boolean {
  const uid = event.involvedObject?.uid;
  return kind === 'Node' || isSame(uid, metadata.uid) || uid === metadata.annotations?.['kubernetes.io/config.mirror'];
}
