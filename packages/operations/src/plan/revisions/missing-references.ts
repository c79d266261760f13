/** ConfigMaps and Secrets that workloads name and that are not there, or lack a key: who names them, where in the template, and since when. */
import {
  configReferences,
  refKey,
  refOf,
  type ClusterSnapshot,
  type ConfigReference,
  type KubeObject,
  type Pod,
  type ResourceRef,
} from '@aia/cluster';
import type { AssessedRootCause, Condition } from '@aia/contract';
import { templateOf, type Planning } from '../planning.ts';
import { concernedWorkloads } from './concerned-workloads.ts';
import { currentTemplate, earlierRevisions } from './revisions.ts';

/** A reference to what is missing, in the template of a workload. */
export interface MissingUse {
  readonly workload: KubeObject;
  readonly reference: ConfigReference;
  /** An earlier revision says the same, so that it is not the workload that changed. */
  readonly isOld: boolean;
}

/** One cause with its uses. */
export interface MissingReference {
  readonly cause: AssessedRootCause;
  readonly kind: 'ConfigMap' | 'Secret';
  readonly object: ResourceRef;
  /** The key that the object lacks; `undefined` where the object itself is missing. */
  readonly key: string | undefined;
  /** Keys that any of the uses needs. */
  readonly keys: readonly string[];
  readonly uses: readonly MissingUse[];
}

/** Of causes of these classes that are still so; those that nothing in a template shows any more are left out. */
export function missingReferences(planning: Planning, ...classes: readonly string[]): readonly MissingReference[] {
  return planning.causesOf(...classes).flatMap((cause) => {
    const { kind } = cause.resource;
    if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
    const key = cause.class.endsWith('-key-missing') ? keyOf(cause, planning) : undefined;
    const uses = concernedWorkloads(cause, planning).flatMap((one) => usesIn(one, cause, key, planning.snapshot));
    const keys = [...new Set(uses.flatMap(({ reference }) => reference.keys))].sort();
    const object = planning.object(cause.resource);
    const isGone = key === undefined ? object !== undefined : hasKey(object, key);
    return uses.length === 0 || isGone ? [] : [{ cause, kind, object: withoutUid(cause.resource), key, keys, uses }];
  });
}

function keyOf(cause: AssessedRootCause, planning: Planning): string {
  const keys = planning.findingsOf(cause).map(({ facts }) => facts?.['key']);
  return keys.find((one): one is string => typeof one === 'string' && one !== '') ?? '';
}

function usesIn(
  workload: KubeObject,
  { resource }: AssessedRootCause,
  key: string | undefined,
  snapshot: ClusterSnapshot,
): readonly MissingUse[] {
  const matches = ({ kind, name, optional, keys }: ConfigReference) =>
    kind === resource.kind && name === resource.name && !optional && (key === undefined || keys.includes(key));
  const template = templateOf(workload);
  const found = referencesIn(currentTemplate(workload)?.spec, resource.namespace, template?.path ?? []).filter(matches);
  if (found.length === 0) return [];
  const earlier = earlierRevisions(workload, snapshot);
  const isOld =
    earlier.length === 0 ||
    earlier.some((one) => referencesIn(one.template.spec, resource.namespace, []).some(matches));
  return found.map((reference) => ({ workload, reference, isOld }));
}

/** References of a pod's spec with the path to where they stand in the workload. */
export function referencesIn(
  spec: Pod['spec'],
  namespace: string,
  path: readonly string[],
): readonly ConfigReference[] {
  return spec === undefined ? [] : configReferences(spec, namespace, [...path, 'spec'].join('.'));
}

/** Names of its keys; values of Secrets are not known. */
export function keysOf(object: KubeObject | undefined): readonly string[] {
  const { data, binaryData } = (object ?? {}) as { readonly data?: object; readonly binaryData?: object };
  return Object.keys({ ...data, ...binaryData });
}

function hasKey(object: KubeObject | undefined, key: string): boolean {
  return keysOf(object).includes(key);
}

function withoutUid({ group, kind, namespace, name }: ResourceRef): ResourceRef {
  return { group, kind, namespace, name };
}

/** Workloads of uses, each once. */
export function workloadsOf(uses: readonly MissingUse[]): readonly KubeObject[] {
  return [...new Map(uses.map(({ workload }) => [refKey(refOf(workload)), workload])).values()];
}

/** That all of these workloads have their pods. */
export function allAvailable(workloads: readonly KubeObject[]): readonly Condition[] {
  return workloads
    .filter(({ kind }) => kind !== 'CronJob')
    .map((workload) => ({ kind: 'available', target: refOf(workload) }));
}
