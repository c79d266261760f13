/** What of a cluster a change is about, by the names that people write. */
import type { Container, Node, Service } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import {
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  NODES,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  SERVICES,
  STATEFUL_SETS,
} from '../../api/built-in-types.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import { nearest } from '../../near-miss.ts';

/** An object with its type. */
export interface Subject<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>;
  readonly object: T;
}

/** Kinds whose pods a template makes. */
export const TEMPLATED: readonly ResourceType[] = [
  DEPLOYMENTS,
  STATEFUL_SETS,
  DAEMON_SETS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  CRON_JOBS,
];

/** Kinds that have a number of replicas. */
export const SCALED: readonly ResourceType[] = [DEPLOYMENTS, STATEFUL_SETS, REPLICA_SETS, REPLICATION_CONTROLLERS];

/** A workload of some kinds and, where the name says one, a container of it. */
export interface NamedWorkload {
  readonly subject: Subject;
  /** `''` where none was named. */
  readonly container: string;
}

/**
 * `[Kind/]namespace/name[/container]`. What another object owns is not found: its owner would undo the change.
 * @throws RangeError for an unknown or ambiguous name
 */
export function workloadNamed(
  cluster: SimulatedCluster,
  text: string,
  types: readonly ResourceType[],
  wantsContainer: boolean,
): NamedWorkload {
  const parts = text.split('/');
  const kind = types.find((type) => type.kind === parts[0])?.kind;
  const [namespace = '', name = '', container = '', ...more] = kind === undefined ? parts : parts.slice(1);
  if (name === '' || more.length > 0 || (!wantsContainer && container !== ''))
    throw new RangeError(`"${text}" is not [KIND/]NAMESPACE/NAME${wantsContainer ? '[/CONTAINER]' : ''}`);
  const all = types
    .filter((type) => kind === undefined || type.kind === kind)
    .flatMap((type) => [...cluster.api.store.list(type)].map((object): Subject => ({ type, object })))
    .filter(({ object }) => object.metadata.ownerReferences?.some(({ controller }) => controller === true) !== true);
  const found = all.filter(({ object: { metadata } }) => metadata.namespace === namespace && metadata.name === name);
  const [subject, other] = found;
  if (subject === undefined) throw new RangeError(missing(text, 'workload', `${namespace}/${name}`, namesOf(all)));
  if (other !== undefined)
    throw new RangeError(
      `"${text}" is a ${subject.type.kind} and a ${other.type.kind}; write KIND/${namespace}/${name}`,
    );
  return { subject, container };
}

/** @throws RangeError without such a node */
export function nodeNamed({ api }: SimulatedCluster, name: string): Node {
  const nodes = [...api.store.list(NODES)];
  const node = nodes.find(({ metadata }) => metadata.name === name);
  if (node === undefined)
    throw new RangeError(
      missing(
        name,
        'node',
        name,
        nodes.map(({ metadata }) => metadata.name),
      ),
    );
  return node;
}

/** @throws RangeError without such a Service */
export function serviceNamed({ api }: SimulatedCluster, text: string): Service {
  const services = [...api.store.list(SERVICES)];
  const service = services.find(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}` === text);
  if (service === undefined)
    throw new RangeError(missing(text, 'Service', text, namesOf(services.map((object) => ({ object })))));
  return service;
}

/** `Kind/[namespace/]name`. @throws RangeError for an unknown kind or name */
export function objectNamed({ api }: SimulatedCluster, text: string): Subject {
  const [kind = '', ...names] = text.split('/');
  const types = api.types.all.filter((type) => type.kind === kind);
  const [type] = types;
  if (type === undefined)
    throw new RangeError(
      `"${text}": there is no kind "${kind}"${nearest(
        kind,
        api.types.all.map((one) => one.kind),
      )}`,
    );
  const found = types.flatMap((one) => {
    const object = api.store.get(one, one.namespaced ? (names[0] ?? '') : '', names[one.namespaced ? 1 : 0] ?? '');
    return object === undefined ? [] : [{ type: one, object }];
  });
  const [subject] = found;
  if (subject !== undefined && names.length === (subject.type.namespaced ? 2 : 1)) return subject;
  const known = [...api.store.list(type)].map((object) => ({ object }));
  throw new RangeError(missing(text, kind, names.join('/'), namesOf(known)));
}

/** Containers of a template, by the name that was given or all. @throws RangeError without such a container */
export function containersNamed(all: readonly Container[], name: string, text: string): readonly Container[] {
  if (name === '') return all;
  const found = all.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw new RangeError(
    missing(
      text,
      'container',
      name,
      all.map((one) => one.name),
    ),
  );
}

/** @returns what is wrong with a name, with the names that there are */
export function missing(text: string, what: string, name: string, known: readonly string[]): string {
  return `"${text}": there is no ${what} "${name}"${nearest(name, known)}`;
}

function namesOf(subjects: readonly { readonly object: KubeObject }[]): readonly string[] {
  return subjects.map(({ object: { metadata } }) =>
    metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`,
  );
}
