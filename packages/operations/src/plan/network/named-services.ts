/** Services that programs are told of by name: in environments, arguments, ConfigMaps and custom resources. */
import { KIND_GROUPS, type KubeObject } from '@aia/cluster';
import type { Examination } from '../../diagnose/examination.ts';
import { templateOf } from '../planning.ts';

const known = new WeakMap<Examination, ReadonlySet<string>>();

/**
 * Whether anything names a Service: by its name in its own namespace, or as `name.namespace` and what may follow anywhere. Generous: any such
 * word counts, since who takes a Service away has to be sure.
 */
export function isNamed(examination: Examination, namespace: string, name: string): boolean {
  let words = known.get(examination);
  if (words === undefined) known.set(examination, (words = collect(examination)));
  return words.has(`${namespace}/${name}`) || words.has(`${name}.${namespace}`);
}

const WORD = /[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/g;
const LONGEST = 100_000;
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'ReplicaSet'] as const;
const CORE: ReadonlySet<string> = new Set<string>(Object.values(KIND_GROUPS));

function collect({ snapshot }: Examination): ReadonlySet<string> {
  const words = new Set<string>();
  const add = (namespace: string, value: unknown): void => {
    for (const text of textsIn(value))
      for (const [word] of text.slice(0, LONGEST).matchAll(WORD)) {
        const [name, of] = word.split('.', 2);
        words.add(of === undefined ? `${namespace}/${word}` : `${name}.${of}`);
      }
  };
  for (const object of WORKLOADS.flatMap((kind): readonly KubeObject[] => snapshot.list(kind))) {
    const { containers = [], initContainers = [] } = templateOf(object) ?? {};
    for (const { env, args, command } of [...containers, ...initContainers])
      add(object.metadata.namespace ?? '', [env?.map(({ value }) => value), args, command]);
  }
  for (const pod of snapshot.list('Pod'))
    if (snapshot.ownerOf(pod) === undefined)
      for (const { env, args, command } of pod.spec?.containers ?? [])
        add(pod.metadata.namespace ?? '', [env?.map(({ value }) => value), args, command]);
  for (const { metadata, ...map } of snapshot.list('ConfigMap'))
    add(metadata.namespace ?? '', (map as { readonly data?: unknown }).data);
  for (const key of snapshot.kinds().keys()) {
    const [group = '', kind = ''] = key.split('/');
    if (CORE.has(group)) continue;
    for (const object of snapshot.listOf(group, kind))
      add(object.metadata.namespace ?? '', (object as { readonly spec?: unknown }).spec);
  }
  return words;
}

/** Every text inside a value. */
function textsIn(value: unknown): readonly string[] {
  const texts: string[] = [];
  for (const open: unknown[] = [value]; open.length > 0;) {
    const next = open.pop();
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'object' && next !== null) open.push(...Object.values(next));
  }
  return texts;
}
