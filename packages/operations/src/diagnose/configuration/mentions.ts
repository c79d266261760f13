/**
 * Which names occur anywhere in what was read, so that what is not among them is referred to by nothing. Deliberately generous: any
 * word of an argument, an annotation or a field of a custom resource counts, because a reference may be hidden in each of them.
 */
import { KIND_GROUPS, controllingReference, type ClusterSnapshot, type KubeObject, type Pod } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { fieldAt } from '../open-fields.ts';

/** Words by namespace; those under `''` may mean an object of any namespace. */
export type Mentions = ReadonlyMap<string, ReadonlySet<string>>;

const known = new WeakMap<Examination, Mentions>();

/** Whether anything refers to a name in a namespace. */
export function isMentioned(examination: Examination, namespace: string, name: string): boolean {
  let mentions = known.get(examination);
  if (mentions === undefined) known.set(examination, (mentions = collect(examination.snapshot)));
  return (mentions.get(namespace)?.has(name) ?? false) || (mentions.get('')?.has(name) ?? false);
}

/** Kinds of the core API that name others only in their own namespace, with the field that does. */
const NAMING = [
  ['CronJob', 'spec'],
  ['DaemonSet', 'spec'],
  ['Deployment', 'spec'],
  ['Ingress', 'spec'],
  ['Job', 'spec'],
  ['ReplicationController', 'spec'],
  ['ServiceAccount', 'imagePullSecrets'],
  ['ServiceAccount', 'secrets'],
  ['StatefulSet', 'spec'],
] as const;

/** Kinds that name objects of other namespaces. */
const FAR: readonly (readonly [group: string, kind: string])[] = [
  ['', 'PersistentVolume'],
  ['storage.k8s.io', 'StorageClass'],
  ['rbac.authorization.k8s.io', 'ClusterRole'],
  ['rbac.authorization.k8s.io', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io', 'Role'],
  ['rbac.authorization.k8s.io', 'RoleBinding'],
];

function collect(snapshot: ClusterSnapshot): Mentions {
  const mentions = new Map<string, Set<string>>([['', new Set()]]);
  const setOf = (namespace: string): Set<string> => {
    const found = mentions.get(namespace) ?? new Set<string>();
    mentions.set(namespace, found);
    return found;
  };
  for (const [kind, field] of NAMING)
    for (const object of snapshot.list(kind)) {
      const words = setOf(object.metadata.namespace ?? '');
      addWords(fieldAt(object, field), words);
      addWords(object.metadata.annotations, words);
    }
  for (const service of snapshot.list('Service'))
    addWords(service.metadata.annotations, setOf(service.metadata.namespace ?? ''));
  for (const pod of onePerOwner(snapshot.list('Pod'))) addWords(pod.spec, setOf(pod.metadata.namespace ?? ''));
  for (const set of snapshot.list('ReplicaSet'))
    if (snapshot.ownerOf(set)?.kind !== 'Deployment') addWords(set.spec, setOf(set.metadata.namespace ?? ''));
  for (const object of [...FAR.flatMap(([group, kind]) => snapshot.listOf(group, kind)), ...customObjects(snapshot)])
    addWords({ ...object, metadata: object.metadata.annotations, status: undefined }, setOf(''));
  return mentions;
}

/** Pods of one owner are alike; the first shows what was injected into all. */
function onePerOwner(pods: readonly Pod[]): readonly Pod[] {
  const owners = new Set<string>();
  return pods.filter((pod) => {
    const owner = controllingReference(pod);
    const key = owner === undefined ? '' : `${pod.metadata.namespace ?? ''}/${owner.kind}/${owner.name}`;
    if (key === '') return true;
    if (owners.has(key)) return false;
    owners.add(key);
    return true;
  });
}

const CORE: ReadonlySet<string> = new Set<string>([...Object.values(KIND_GROUPS), 'rbac.authorization.k8s.io']);

function customObjects(snapshot: ClusterSnapshot): readonly KubeObject[] {
  return [...snapshot.kinds().keys()].flatMap((key) => {
    const [group = '', kind = ''] = key.split('/');
    return CORE.has(group) ? [] : snapshot.listOf(group, kind);
  });
}

const WORD = /[A-Za-z0-9][\w.-]{0,252}/g;
const LONGEST = 10_000;

/** Every word of every text inside a value. */
function addWords(value: unknown, words: Set<string>): void {
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (typeof next === 'string') for (const [word] of next.slice(0, LONGEST).matchAll(WORD)) words.add(word);
    else if (typeof next === 'object' && next !== null) for (const one of Object.values(next)) open.push(one);
  }
}
