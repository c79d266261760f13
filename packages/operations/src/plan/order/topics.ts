/** What actions are about, and which topics make a phase together. */
import type { Action, Change } from '@aia/contract';
import { targetOf } from '../effects/changed-objects.ts';

/** Phases in the order that is wise where nothing forces another. */
export type Stage = 'admission' | 'room' | 'repair' | 'network' | 'improvement';

/** By stage, why it stands where it stands. */
export const STAGES: Readonly<Record<Stage, string>> = {
  admission: 'First of all, because nothing can be made while an admission webhook refuses it or does not answer.',
  room: 'Makes the room that what follows needs: nodes, quota, requests that fit.',
  repair: 'Removes the causes that lie in workloads and in what they are given.',
  network: 'Opens the ways in once something answers behind them.',
  improvement: 'Last, because nothing critical or high waits for it.',
};

/** In that order. */
export const STAGE_ORDER = Object.keys(STAGES) as readonly Stage[];

/** One topic. */
export interface Topic {
  /** As in `capacity`; phases are named by their topics. */
  readonly name: string;
  readonly stage: Stage;
}

const BY_KIND: Readonly<Record<string, Topic>> = {
  ...all({ name: 'admission', stage: 'admission' }, 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'),
  ...all(
    { name: 'capacity', stage: 'room' },
    'Node',
    'PodDisruptionBudget',
    'PriorityClass',
    'HorizontalPodAutoscaler',
  ),
  ...all({ name: 'namespace limits', stage: 'room' }, 'ResourceQuota', 'LimitRange', 'Namespace'),
  ...all(
    { name: 'storage', stage: 'repair' },
    ...['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass', 'VolumeAttachment', 'CSIDriver'],
  ),
  ...all({ name: 'configuration', stage: 'repair' }, 'ConfigMap', 'Secret'),
  ...all(
    { name: 'access', stage: 'repair' },
    ...['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  ),
  ...all({ name: 'certificates', stage: 'repair' }, 'Certificate', 'Issuer', 'ClusterIssuer', 'CertificateRequest'),
  ...all(
    { name: 'network', stage: 'network' },
    ...['Service', 'Ingress', 'NetworkPolicy', 'Gateway', 'HTTPRoute', 'EndpointSlice', 'IngressClass'],
  ),
};
const WORKLOADS: Topic = { name: 'workloads', stage: 'repair' };

function all(topic: Topic, ...kinds: readonly string[]): Readonly<Record<string, Topic>> {
  return Object.fromEntries(kinds.map((kind) => [kind, topic]));
}

const QUOTA: Topic = { name: 'quota', stage: 'room' };
const CAPACITY: Topic = { name: 'capacity', stage: 'room' };
const ADDRESSES: Topic = { name: 'network', stage: 'network' };
const ACCESS: Topic = { name: 'access', stage: 'repair' };

/** By what it changes first; by its target where only a person changes something. */
export function topicOf({ steps, target, kind }: Pick<Action, 'steps' | 'target' | 'kind'>): Topic {
  if (kind === 'right-size-requests') return CAPACITY;
  const topics = steps.map(({ change }) => topicOfChange(change)).filter((topic) => topic !== undefined);
  const earliest = topics.toSorted((a, b) => STAGE_ORDER.indexOf(a.stage) - STAGE_ORDER.indexOf(b.stage))[0];
  return earliest ?? BY_KIND[target.kind] ?? (target.kind === 'Quota' ? QUOTA : WORKLOADS);
}

function topicOfChange(change: Change): Topic | undefined {
  if (change.kind === 'cloud') return topicOfCall(change.call.operation);
  const ref = targetOf(change);
  return ref === undefined ? undefined : (BY_KIND[ref.kind] ?? WORKLOADS);
}

function topicOfCall(operation: string): Topic {
  if (operation === 'request-quota') return QUOTA;
  if (operation === 'grant-role') return ACCESS;
  return operation.endsWith('-address') ? ADDRESSES : CAPACITY;
}

/** `Capacity, quota and workloads`, the most frequent first. */
export function nameOf(topics: readonly Topic[]): string {
  const counts = [...Map.groupBy(topics, ({ name }) => name)].map(([name, same]) => ({ name, count: same.length }));
  const names = counts.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)).map(({ name }) => name);
  const [last = '', ...rest] = names.toReversed();
  const text = rest.length === 0 ? last : `${rest.toReversed().join(', ')} and ${last}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
