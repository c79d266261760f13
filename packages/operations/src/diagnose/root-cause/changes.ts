/** What was changed of a workload, and when: its rollouts, and the configuration that its pods read. */
import {
  configReferences,
  compare,
  timeOf,
  type ClusterSnapshot,
  type Container,
  type KubeObject,
  type Pod,
  type ReplicaSet,
  type ResourceRef,
} from '@aia/cluster';
import type { Evidence } from '../evidence.ts';
import { fieldEvidence } from '../examination.ts';
import { revisionNumber } from '../workloads/rollout.ts';

/** One change. */
export interface Change {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Completes "… after ": `revision 7 was rolled out, which changed the image`. */
  readonly what: string;
  readonly evidence: readonly Evidence[];
}

type PodSpec = NonNullable<Pod['spec']>;

/** The latest change of a workload's template or of a ConfigMap or Secret that it reads, up to a moment. */
export function latestChange(workload: ResourceRef, until: number, snapshot: ClusterSnapshot): Change | undefined {
  const object = snapshot.resolve(workload);
  if (object === undefined) return undefined;
  const changes = [rollout(object, snapshot), ...configurationChanges(object, snapshot)];
  return changes
    .filter((change) => change !== undefined && change.at <= until)
    .reduce<Change | undefined>(
      (latest, one) => (latest === undefined || (one?.at ?? 0) > latest.at ? one : latest),
      undefined,
    );
}

/**
 * A Deployment's current revision as its ReplicaSet shows it. One older than the revision before it was returned to; when,
 * it does not tell.
 */
function rollout(deployment: KubeObject, snapshot: ClusterSnapshot): Change | undefined {
  const sets = snapshot
    .ownedBy(deployment)
    .filter((owned): owned is ReplicaSet => owned.kind === 'ReplicaSet')
    .toSorted((a, b) => (revisionNumber(b) ?? 0) - (revisionNumber(a) ?? 0));
  const [current, before] = sets;
  const [at, earlier] = [createdAt(current), createdAt(before)];
  if (current === undefined || before === undefined || at === undefined || earlier === undefined || at <= earlier)
    return undefined;
  const changed = differences(before.spec?.template?.spec, current.spec?.template?.spec);
  const which = changed.length === 0 ? '' : `, which changed ${list(changed)}`;
  return {
    at,
    what: `revision ${revisionNumber(current) ?? '(unknown)'} was rolled out${which}`,
    evidence: [fieldEvidence(current, 'metadata.creationTimestamp', current.metadata.creationTimestamp ?? '')],
  };
}

function createdAt(object: KubeObject | undefined): number | undefined {
  return timeOf(object?.metadata.creationTimestamp);
}

function configurationChanges(workload: KubeObject, snapshot: ClusterSnapshot): readonly Change[] {
  const { namespace = '' } = workload.metadata;
  const { spec } =
    (workload as { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } }).spec?.template ?? {};
  if (spec === undefined) return [];
  return configReferences(spec, namespace).flatMap(({ kind, name }) => {
    const object = snapshot.get(kind, namespace, name);
    const { at, field = 0 } = object === undefined ? {} : lastWrite(object);
    if (object === undefined || at === undefined || at === createdAt(object)) return [];
    const path = `metadata.managedFields[${field}].time`;
    return [
      {
        at,
        what: `${kind} ${namespace}/${name} was changed`,
        evidence: [fieldEvidence(object, path, object.metadata.managedFields?.[field]?.time ?? '')],
      },
    ];
  });
}

/** The newest write to anything but a subresource, by field ownership. */
export function lastWrite({ metadata }: KubeObject): { readonly at?: number; readonly field?: number } {
  const writes = (metadata.managedFields ?? []).map(({ time, subresource }, field) => ({
    at: (subresource ?? '') === '' ? timeOf(time) : undefined,
    field,
  }));
  return writes.reduce<{ at?: number; field?: number }>(
    (last, { at, field }) => (at !== undefined && at > (last.at ?? 0) ? { at, field } : last),
    {},
  );
}

/** What differs between two templates, in words; at most four. */
function differences(before: PodSpec | undefined, after: PodSpec | undefined): readonly string[] {
  if (before === undefined || after === undefined) return [];
  const old = new Map(containersOf(before).map((one) => [one.name, one]));
  const own = containersOf(after).flatMap((one) => {
    const same = old.get(one.name);
    return same === undefined ? [`container ${one.name} (new)`] : containerDifferences(same, one);
  });
  const rest = POD_FIELDS.flatMap(([name, field]) => (isSame(before[field], after[field]) ? [] : [name]));
  return [...new Set([...own, ...rest])].slice(0, 4);
}

function containersOf(spec: PodSpec): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

const POD_FIELDS: readonly (readonly [string, keyof PodSpec])[] = [
  ['volumes', 'volumes'],
  ['the node selector', 'nodeSelector'],
  ['affinity', 'affinity'],
  ['tolerations', 'tolerations'],
  ['the ServiceAccount', 'serviceAccountName'],
  ['the security context', 'securityContext'],
];

const CONTAINER_FIELDS: readonly (readonly [string, keyof Container])[] = [
  ['the command', 'command'],
  ['the arguments', 'args'],
  ['envFrom', 'envFrom'],
  ['the liveness probe', 'livenessProbe'],
  ['the readiness probe', 'readinessProbe'],
  ['the startup probe', 'startupProbe'],
  ['volume mounts', 'volumeMounts'],
];

function containerDifferences(before: Container, after: Container): readonly string[] {
  const image = before.image === after.image ? [] : [`the image (${before.image ?? ''} → ${after.image ?? ''})`];
  const variables = changedVariables(before, after);
  const env = variables.length === 0 ? [] : [`env ${list(variables.slice(0, 3))}`];
  const others = CONTAINER_FIELDS.flatMap(([name, field]) => (isSame(before[field], after[field]) ? [] : [name]));
  return [...image, ...env, ...changedAmounts(before, after), ...others];
}

/** `the memory limit (512Mi → 128Mi)` */
function changedAmounts(before: Container, after: Container): readonly string[] {
  return (['requests', 'limits'] as const).flatMap((kind) => {
    const [old, now] = [before.resources?.[kind] ?? {}, after.resources?.[kind] ?? {}];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(compare);
    return names.flatMap((name) =>
      String(old[name]) === String(now[name])
        ? []
        : [`the ${name} ${kind.slice(0, -1)} (${old[name] ?? 'none'} → ${now[name] ?? 'none'})`],
    );
  });
}

function changedVariables(before: Container, after: Container): readonly string[] {
  const named = (container: Container) => new Map((container.env ?? []).map((one) => [one.name, JSON.stringify(one)]));
  const [old, now] = [named(before), named(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name)).sort(compare);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
