/** Names and numbers of a StatefulSet's pods. Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-identity */
import type { PersistentVolumeClaim, Pod, PodSpec, StatefulSet } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { STATEFUL_SETS } from '../../api/built-in-types.ts';
import { podFromTemplate, type PodOwner, type PodTemplate } from '../pod-control.ts';
import { isReady, isAvailable } from '../pod-state.ts';
import { REVISION_HASH } from '../revision-history.ts';

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

/** As the source of events. */
export const STATEFUL_SET_CONTROLLER = { component: 'statefulset-controller' } as const;

export function replicasOf({ spec }: StatefulSet): number {
  return spec?.replicas ?? 1;
}

export function startOrdinal({ spec }: StatefulSet): number {
  return spec?.ordinals?.start ?? 0;
}

/** The set's name and the number in a pod's name; −1 where there is none. */
export function ordinalOf({ metadata }: KubeObject): readonly [parent: string, ordinal: number] {
  const match = /^(.*)-(\d+)$/.exec(metadata.name);
  return match === null ? ['', -1] : [match[1] as string, Number(match[2])];
}

export function isInRange(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod)[1];
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + replicasOf(set);
}

/** Whether the API server has it; others are what is to be made. */
export function isMade({ metadata }: Pod): boolean {
  return metadata.uid !== undefined;
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isReady(pod);
}

export function isRunningAndAvailable(set: StatefulSet, pod: Pod, now: number): boolean {
  return pod.status?.phase === 'Running' && isAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
}

export function isLeaving({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Not to be counted on. */
export function isUnavailable(set: StatefulSet, pod: Pod, now: number): boolean {
  return !isRunningAndAvailable(set, pod, now) || isLeaving(pod);
}

export function revisionOfPod({ metadata }: Pod): string {
  return metadata.labels?.[REVISION_HASH] ?? '';
}

/** A pod as it is to be made: named, numbered, with its claims mounted. */
export function podOf(set: StatefulSet, template: PodTemplate, revision: string, ordinal: number): Pod {
  const owner: PodOwner = { object: set, type: STATEFUL_SETS, ...STATEFUL_SET_CONTROLLER };
  const plain = podFromTemplate(template, owner);
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = { ...plain.metadata.labels, ...identityLabels(name), [REVISION_HASH]: revision };
  const serviceName = set.spec?.serviceName ?? '';
  const spec: PodSpec = {
    ...(plain.spec as PodSpec),
    hostname: name,
    ...(serviceName === '' ? {} : { subdomain: serviceName }),
  };
  const volumes = volumesOf(set, spec, ordinal);
  return {
    ...plain,
    metadata: { ...plain.metadata, name, labels },
    spec: volumes.length === 0 ? spec : { ...spec, volumes },
  };
}

/** The labels by which one pod can be selected. */
export function identityLabels(name: string): Readonly<Record<string, string>> {
  return { [POD_NAME]: name, [POD_INDEX]: name.slice(name.lastIndexOf('-') + 1) };
}

export function claimTemplates({ spec }: StatefulSet): readonly PersistentVolumeClaim[] {
  return (spec?.volumeClaimTemplates ?? []) as readonly PersistentVolumeClaim[];
}

/** The claims of one pod, as they are to be made. */
export function claimsOf(set: StatefulSet, ordinal: number): readonly PersistentVolumeClaim[] {
  const { name, namespace = '' } = set.metadata;
  return claimTemplates(set).map(({ metadata, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...metadata,
      name: `${metadata.name}-${name}-${ordinal}`,
      namespace,
      labels: { ...metadata.labels, ...set.spec?.selector.matchLabels },
    },
    ...(spec === undefined ? {} : { spec }),
  }));
}

/** The claims' volumes stand in the place of volumes of the same names. */
function volumesOf(set: StatefulSet, { volumes = [] }: PodSpec, ordinal: number): NonNullable<PodSpec['volumes']> {
  const names = claimTemplates(set).map(({ metadata }) => metadata.name);
  const claims = claimsOf(set, ordinal).map(({ metadata }, at) => ({
    name: names[at] as string,
    persistentVolumeClaim: { claimName: metadata.name },
  }));
  return [...claims, ...volumes.filter((volume) => !names.includes(volume.name))];
}

/** Whether the pod has its labels and mounts its claims. */
export function hasIdentity(set: StatefulSet, pod: Pod): boolean {
  const labels = identityLabels(pod.metadata.name);
  const mounted = new Set((pod.spec?.volumes ?? []).map((volume) => volume.persistentVolumeClaim?.claimName));
  return (
    Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value) &&
    claimsOf(set, ordinalOf(pod)[1]).every(({ metadata }) => mounted.has(metadata.name))
  );
}
