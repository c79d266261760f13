/** Tables of nodes, namespaces, configuration, events and policy. */
import type { Event, KindMap, Node, ConfigMap, Secret, ResourceQuota } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { age, containerCells, labelsCell, NONE, orNone, UNKNOWN } from './cells.ts';
import { printer, type TablePrinter } from './column.ts';
import { since } from './duration.ts';

interface PodTemplate extends KubeObject {
  readonly template?: NonNullable<NonNullable<KindMap['Deployment']['spec']>['template']>;
}
interface PriorityClass extends KubeObject {
  readonly value?: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

/** By `group/Kind`. */
export const CLUSTER_TABLES: Readonly<Record<string, TablePrinter>> = {
  '/Node': printer<Node>(
    'Name, Status, Roles, Age, Version, +Internal-IP, +External-IP, +OS-Image, +Kernel-Version, +Container-Runtime',
    (one, now) => [
      one.metadata.name,
      nodeStatus(one),
      orNone(rolesOf(one).join(',')),
      age(one, now),
      one.status?.nodeInfo?.kubeletVersion ?? '',
      addressOf(one, 'InternalIP'),
      addressOf(one, 'ExternalIP'),
      one.status?.nodeInfo?.osImage || UNKNOWN,
      one.status?.nodeInfo?.kernelVersion || UNKNOWN,
      one.status?.nodeInfo?.containerRuntimeVersion || UNKNOWN,
    ],
  ),
  '/Namespace': printer<KindMap['Namespace']>('Name, Status, Age', (one, now) => [
    one.metadata.name,
    one.status?.phase ?? '',
    age(one, now),
  ]),
  '/Event': printer<Event>(
    'Last Seen, Type, Reason, Object, +Subobject, +Source, Message, +First Seen, +Count:integer, +Name',
    eventCells,
  ),
  '/ConfigMap': printer<ConfigMap>('Name, Data:integer, Age', (one, now) => [
    one.metadata.name,
    Object.keys(one.data ?? {}).length + Object.keys(one.binaryData ?? {}).length,
    age(one, now),
  ]),
  '/Secret': printer<Secret>('Name, Type, Data:integer, Age', (one, now) => [
    one.metadata.name,
    one.type ?? '',
    Object.keys(one.data ?? {}).length,
    age(one, now),
  ]),
  '/ServiceAccount': printer<KindMap['ServiceAccount']>('Name, Secrets, Age', (one, now) => [
    one.metadata.name,
    one.secrets?.length ?? 0,
    age(one, now),
  ]),
  '/ResourceQuota': printer<ResourceQuota>('Name, Request, Limit, Age', (one, now) => [
    one.metadata.name,
    ...quotaCells(one),
    age(one, now),
  ]),
  '/LimitRange': printer('Name, Created At', createdAt),
  '/PodTemplate': printer<PodTemplate>('Name, Containers, Images, Pod Labels', (one) => [
    one.metadata.name,
    ...containerCells(one.template?.spec?.containers),
    labelsCell(one.template?.metadata?.labels),
  ]),
  'scheduling.k8s.io/PriorityClass': printer<PriorityClass>(
    'Name, Value:integer, Global-Default:boolean, Age, PreemptionPolicy',
    (one, now) => [
      one.metadata.name,
      one.value ?? 0,
      one.globalDefault ?? false,
      age(one, now),
      one.preemptionPolicy ?? '',
    ],
  ),
};

/** A kind that shows when it was made as a moment. */
export function createdAt({ metadata }: KubeObject): readonly string[] {
  return [metadata.name, metadata.creationTimestamp ?? ''];
}

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (spec?.unschedulable === true) words.push('SchedulingDisabled');
  return words.join(',');
}

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function rolesOf({ metadata }: Node): readonly string[] {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX)) return key.length > ROLE_PREFIX.length ? [key.slice(ROLE_PREFIX.length)] : [];
    return key === 'kubernetes.io/role' && value !== '' ? [value] : [];
  });
  return [...new Set(roles)].sort();
}

function addressOf({ status }: Node, wanted: string): string {
  return status?.addresses?.find(({ type }) => type === wanted)?.address ?? NONE;
}

function eventCells(event: Event, now: number): readonly (string | number)[] {
  const { metadata, involvedObject, series, source, reportingComponent = '', reportingInstance = '' } = event;
  const first = since(event.firstTimestamp ?? event.eventTime, now);
  const last =
    event.lastTimestamp === undefined || event.lastTimestamp === null ? first : since(event.lastTimestamp, now);
  const kind = (involvedObject?.kind ?? '').toLowerCase();
  const name = involvedObject?.name ?? '';
  const [component, host] =
    (source?.component ?? '') === '' ? [reportingComponent, reportingInstance] : [source?.component, source?.host];
  return [
    series === undefined || series === null ? last : since(series.lastObservedTime, now),
    event.type ?? '',
    event.reason ?? '',
    name === '' ? kind : `${kind}/${name}`,
    involvedObject?.fieldPath ?? '',
    [component ?? '', host ?? ''].filter((part) => part !== '').join(', '),
    (event.message ?? '').trim(),
    first,
    series?.count ?? (event.count || 1),
    metadata.name,
  ];
}

/** What is used of what is allowed, in one cell for requests and counts and one for limits. */
function quotaCells({ status }: ResourceQuota): readonly [string, string] {
  const texts = Object.keys(status?.hard ?? {})
    .sort()
    .map((resource) => {
      const text = `${resource}: ${String(status?.used?.[resource] ?? '0')}/${String(status?.hard?.[resource])}`;
      return { isLimit: resource.startsWith('limits.'), text };
    });
  const cell = (limits: boolean) => texts.filter(({ isLimit }) => isLimit === limits).map(({ text }) => text);
  return [cell(false).join(', '), cell(true).join(', ')];
}
