/** What keeps the kubelet from setting up a pod that was assigned to its node: volumes, the sandbox, or something unsaid. */
import {
  configReferences,
  eventTime,
  type ClusterSnapshot,
  type ConfigReference,
  type ContainerStatus,
  type Event,
  type Pod,
  type PodSpec,
} from '@aia/cluster';
import { brokenAmong, namePath } from '../configuration/configuration-reference.ts';
import { isSettled, troubledContainersOf } from './container-state.ts';
import { absenceEvidence, eventEvidence, fieldEvidence, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import { eventText } from '../messages/event-text.ts';
import type { ConfigurationCause, ConfigurationMessage } from '../messages/message.ts';
import { parseMount } from '../messages/configuration.ts';
import { hasNode } from '../nodes/node-pods.ts';

/** A volume that cannot be set up. */
export interface VolumeFault {
  readonly cause: ConfigurationCause;
  /** Name in the pod's spec, or the PersistentVolume's where the pod's cannot be told. */
  readonly volume: string | undefined;
  readonly objectKind: ConfigReference['kind'] | 'PersistentVolumeClaim' | undefined;
  readonly objectName: string | undefined;
  readonly key: string | undefined;
  /** The kubelet's words, `''` when the fault was found by comparing with the snapshot. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Why a pod is not set up; `nothing` said means that no event and no comparison tells. */
export type SetupFailure =
  | { readonly kind: 'volumes'; readonly faults: readonly VolumeFault[] }
  | { readonly kind: 'sandbox'; readonly event: Event }
  | { readonly kind: 'nothing' };

const VOLUME_EVENTS = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'];
const SANDBOX_EVENTS = ['FailedCreatePodSandBox', 'NetworkNotReady', 'FailedPodSandBoxStatus'];

const failures = new WeakMap<Examination, ReadonlyMap<Pod, SetupFailure>>();

/** Settled pods on a node of which no container runs or is in trouble of its own, each with what holds it back. */
export function setupFailures(examination: Examination): ReadonlyMap<Pod, SetupFailure> {
  let known = failures.get(examination);
  if (known === undefined) {
    const pods = examination.troubledPods.filter((pod) => isBeingSetUp(examination, pod));
    failures.set(examination, (known = new Map(pods.map((pod) => [pod, failureOf(examination, pod)]))));
  }
  return known;
}

function isBeingSetUp(examination: Examination, pod: Pod): boolean {
  const phase = pod.status?.phase;
  if (!hasNode(pod) || phase === 'Failed' || !isSettled(examination, pod)) return false;
  const { initContainerStatuses: init = [], containerStatuses: main = [] } = pod.status ?? {};
  const isSetUpAgain = init.some(isBeingCreated);
  return (
    (isSetUpAgain ? main : [...init, ...main]).every(isIdle) && troubledContainersOf(examination, pod).length === 0
  );
}

/** Init containers wait for each other as `PodInitializing`; this one waits for the pod itself. */
function isBeingCreated({ state }: ContainerStatus): boolean {
  return state?.waiting?.reason === 'ContainerCreating';
}

/** The sandbox is made after the volumes, so of the two the one that failed last is what holds the pod back. */
function failureOf(examination: Examination, pod: Pod): SetupFailure {
  const [sandbox] = examination.warnings(pod, ...SANDBOX_EVENTS);
  const volumeEvents = examination.warnings(pod, ...VOLUME_EVENTS);
  const isFirstStart =
    !(pod.status?.initContainerStatuses ?? []).some(hasStarted) &&
    !(pod.status?.containerStatuses ?? []).some(hasStarted);
  const faults = isFirstStart ? volumeFaults(examination.snapshot, pod, volumeEvents) : [];
  const [newest] = volumeEvents;
  const sandboxIsNewer = sandbox !== undefined && (newest === undefined || eventTime(sandbox) > eventTime(newest));
  if (faults.length > 0 && !sandboxIsNewer) return { kind: 'volumes', faults };
  return sandbox === undefined ? { kind: 'nothing' } : { kind: 'sandbox', event: sandbox };
}

/** Neither running nor between two runs: it waits to be created, or has ended. */
function isIdle({ state }: ContainerStatus): boolean {
  return state?.running === undefined && state?.waiting?.reason !== 'CrashLoopBackOff';
}

function hasStarted({ restartCount, state, lastState }: ContainerStatus): boolean {
  return (restartCount ?? 0) > 0 || state?.terminated !== undefined || lastState?.terminated !== undefined;
}

/** One fault per volume: what the snapshot shows to be absent, then what the kubelet says about other volumes. */
function volumeFaults(snapshot: ClusterSnapshot, pod: Pod, events: readonly Event[]): readonly VolumeFault[] {
  const said = events.map((event) => ({ event, message: parseMount(eventText(event)) }));
  const faults = new Map<string, VolumeFault>();
  const about = new Map(said.toReversed().map(({ event, message }) => [message?.volume, event]));
  const references = referencesByVolume(pod);
  for (const { name } of pod.spec?.volumes ?? []) {
    const fault = absentObject(snapshot, pod, references.get(name) ?? [], about.get(name));
    if (fault !== undefined) faults.set(name, fault);
  }
  for (const { event, message } of said) {
    if (message === undefined || message.volume === undefined) continue;
    const fault = statedFault(snapshot, pod, references, { event, message });
    const name = fault.volume ?? '';
    if (!faults.has(name)) faults.set(name, fault);
  }
  return faults.size > 0 ? [...faults.values()] : summaryFault(events, said[0]?.message);
}

/** A fault that needs no event: events are gone after an hour, the absent object is not back. */
function absentObject(
  snapshot: ClusterSnapshot,
  pod: Pod,
  references: readonly ConfigReference[],
  event: Event | undefined,
): VolumeFault | undefined {
  const broken = pod.spec === undefined ? undefined : brokenAmong(snapshot, pod.spec, references);
  if (broken === undefined) return undefined;
  const { reference, key, cause } = broken;
  const { kind, name, namespace } = reference;
  const text = key === undefined ? 'not in the snapshot' : `has no key ${key}`;
  const evidence = [
    ...(event === undefined ? [] : [eventEvidence(event)]),
    fieldEvidence(pod, namePath(reference), name),
    absenceEvidence(kind, namespace, name, text),
  ];
  return { cause, volume: reference.volume, objectKind: kind, objectName: name, key, text: '', evidence };
}

type Volume = NonNullable<PodSpec['volumes']>[number];

type References = ReadonlyMap<string | undefined, readonly ConfigReference[]>;

/** ConfigMaps and Secrets that each volume of the pod needs. */
function referencesByVolume({ spec, metadata }: Pod): References {
  const all = spec === undefined ? [] : configReferences(spec, metadata.namespace ?? 'default');
  return Map.groupBy(all, ({ volume }) => volume);
}

function statedFault(
  snapshot: ClusterSnapshot,
  pod: Pod,
  references: References,
  { event, message }: { readonly event: Event; readonly message: ConfigurationMessage },
): VolumeFault {
  const volumes = pod.spec?.volumes ?? [];
  const index = volumes.findIndex(
    (one) => one.name === message.volume || isVolumeOf(snapshot, pod, one, message.volume),
  );
  const volume = volumes[index];
  const { cause } = message;
  const wanted = kindOf(cause);
  const named = volume === undefined ? [] : namedBy(references, volume, index);
  const object = named.find(({ kind, name }) => kind === (wanted ?? kind) && name === (message.name ?? name));
  return {
    cause,
    volume: volume?.name ?? message.volume,
    objectKind: wanted ?? object?.kind,
    objectName: (wanted === undefined ? undefined : message.name) ?? object?.name,
    key: message.key,
    text: message.text,
    evidence: [eventEvidence(event), ...(object === undefined ? [] : [fieldEvidence(pod, object.path, object.name)])],
  };
}

/** What a volume names: ConfigMaps and Secrets, or a claim. */
function namedBy(references: References, volume: Volume, index: number) {
  const claim = volume.persistentVolumeClaim?.claimName;
  const path = `spec.volumes[${index}].persistentVolumeClaim.claimName`;
  return [
    ...(references.get(volume.name) ?? []).map((one) => ({ kind: one.kind, name: one.name, path: namePath(one) })),
    ...(claim === undefined ? [] : [{ kind: 'PersistentVolumeClaim' as const, name: claim, path }]),
  ];
}

/** Attach errors name the PersistentVolume; the pod's claim leads to it. */
function isVolumeOf(snapshot: ClusterSnapshot, pod: Pod, volume: Volume, name: string | undefined): boolean {
  const claim =
    volume.persistentVolumeClaim?.claimName ??
    (volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`);
  if (claim === undefined || name === undefined) return false;
  return snapshot.get('PersistentVolumeClaim', pod.metadata.namespace ?? 'default', claim)?.spec?.volumeName === name;
}

function kindOf(cause: ConfigurationCause): 'ConfigMap' | 'Secret' | undefined {
  if (cause.startsWith('config-map')) return 'ConfigMap';
  return cause.startsWith('secret') ? 'Secret' : undefined;
}

/** The summary that the kubelet gives after two minutes names volumes but no reason. */
function summaryFault(events: readonly Event[], message: ConfigurationMessage | undefined): readonly VolumeFault[] {
  const [event] = events;
  if (event === undefined) return [];
  const volume = message?.volume ?? message?.volumes?.[0];
  const cause = message?.cause ?? 'other';
  const text = message?.text ?? eventText(event);
  return [
    {
      cause,
      volume,
      objectKind: undefined,
      objectName: undefined,
      key: undefined,
      text,
      evidence: [eventEvidence(event)],
    },
  ];
}
