/**
 * Annotations by which a Deployment and its ReplicaSets tell their versions.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
 */
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { maxSurge, replicasOf } from './limits.ts';

const PREFIX = 'deployment.kubernetes.io/';
export const REVISION = `${PREFIX}revision`;
const HISTORY = `${PREFIX}revision-history`;
const DESIRED = `${PREFIX}desired-replicas`;
const MAX = `${PREFIX}max-replicas`;

/** Annotations of a Deployment that its ReplicaSets do not get. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  REVISION,
  HISTORY,
  DESIRED,
  MAX,
]);

/** The longest list of former revisions. Source: `maxRevHistoryLengthInChars` */
const HISTORY_LENGTH = 2000;

type Annotations = Readonly<Record<string, string>>;

/** 0 where it has none. */
export function revisionOf({ metadata }: KubeObject): number {
  return integerOf(metadata.annotations?.[REVISION]) ?? 0;
}

/** What comes after the newest of the old ones. */
export function nextRevision(oldSets: readonly ReplicaSet[]): number {
  return Math.max(0, ...oldSets.map(revisionOf)) + 1;
}

/** The wanted pods of the Deployment when the set was scaled last. */
export function desiredReplicas({ metadata }: ReplicaSet): number | undefined {
  return integerOf(metadata.annotations?.[DESIRED]);
}

/** The most pods of the Deployment when the set was scaled last. */
export function maxReplicas({ metadata }: ReplicaSet): number | undefined {
  return integerOf(metadata.annotations?.[MAX]);
}

/** The Deployment's own annotations, and a revision that only grows; a set that had one keeps it in its history. */
export function versionAnnotations(deployment: Deployment, before: Annotations, revision: number): Annotations {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key));
  const annotations = { ...before, ...Object.fromEntries(copied) };
  const known = before[REVISION];
  const knownRevision = integerOf(known) ?? 0;
  if (known !== undefined && known !== '' && integerOf(known) === undefined) return annotations;
  if (knownRevision >= revision) return annotations;
  annotations[REVISION] = String(revision);
  if (known !== undefined) annotations[HISTORY] = historyWith(before[HISTORY] ?? '', known);
  return annotations;
}

/** How the size of a set was meant, for telling later whether the Deployment was scaled meanwhile. */
export function sizeAnnotations(deployment: Deployment, before: Annotations): Annotations {
  const desired = replicasOf(deployment);
  return { ...before, [DESIRED]: String(desired), [MAX]: String(desired + maxSurge(deployment)) };
}

/** Oldest ones go where the list gets too long. */
function historyWith(history: string, revision: string): string {
  const revisions = history === '' ? [revision] : [...history.split(','), revision];
  while (revisions.length > 1 && revisions.join(',').length > HISTORY_LENGTH) revisions.shift();
  return revisions.join(',');
}

function integerOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
