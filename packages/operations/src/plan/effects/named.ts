/** Objects as kubectl names them. */
import { KIND_GROUPS, type ResourceRef } from '@aia/cluster';
import { shellWord } from './shell.ts';

const OWN: Readonly<Record<string, string>> = KIND_GROUPS;

/** `deployment/web -n shop`; kinds beside Kubernetes' own with their group. */
export function named({ group, kind, namespace, name }: ResourceRef): string {
  const isOwn = group === '' || (Object.hasOwn(OWN, kind) && OWN[kind] === group);
  const resource = shellWord(`${kind.toLowerCase()}${isOwn ? '' : `.${group}`}/${name}`);
  return namespace === '' ? resource : `${resource} -n ${shellWord(namespace)}`;
}
