/** How large a workload was before somebody scaled it to zero. */
import { refOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import type { AssessedEvidence } from '@aia/contract';
import { eventEvidence, fieldEvidence } from '../../../diagnose/examination.ts';

/** A number of replicas with what it rests on. */
export interface FormerSize {
  readonly replicas: number;
  readonly confidence: number;
  /** A sentence without its full stop. */
  readonly because: string;
  readonly evidence: readonly AssessedEvidence[];
}

type Witness = (workload: KubeObject, snapshot: ClusterSnapshot) => FormerSize | undefined;

/** The most trustworthy first. */
const WITNESSES: readonly Witness[] = [byEvents, byPodEvents, byAnnotation, byReplicaSets, byAutoscaler, byClaims];

/** Always at least 1. */
export function formerSize(workload: KubeObject, snapshot: ClusterSnapshot): FormerSize {
  for (const witness of WITNESSES) {
    const size = witness(workload, snapshot);
    if (size !== undefined) return size;
  }
  return {
    replicas: 1,
    confidence: 0.6,
    because: 'Nothing tells how large it was; one pod answers, and its owner may want more',
    evidence: [],
  };
}

const SCALED = /^Scaled down replica set \S+ (?:to 0 from|from) (\d+)/;

/** `Scaled down replica set web-5d8 from 3 to 0`; older versions say `to 0`. */
function byEvents(workload: KubeObject, snapshot: ClusterSnapshot): FormerSize | undefined {
  for (const event of snapshot.eventsOf(workload)) {
    const replicas = Number(SCALED.exec(event.message ?? '')?.[1] ?? 0);
    if (replicas > 0)
      return sized(replicas, 0.95, 'Its controller tells from how many pods it was scaled down', [
        eventEvidence(event),
      ]);
  }
  return undefined;
}

const POD = /^(?:delete|create) Pod \S+-(\d+) in StatefulSet \S+ successful$/;

/** The highest ordinal of a StatefulSet that its controller made or deleted. */
function byPodEvents(workload: KubeObject, snapshot: ClusterSnapshot): FormerSize | undefined {
  if (workload.kind !== 'StatefulSet') return undefined;
  const told = snapshot
    .eventsOf(workload)
    .map((event) => ({ event, ordinal: Number(POD.exec(event.message ?? '')?.[1] ?? -1) }))
    .sort((a, b) => b.ordinal - a.ordinal)[0];
  if (told === undefined || told.ordinal < 0) return undefined;
  return sized(told.ordinal + 1, 0.9, 'Its controller tells which pods it had', [eventEvidence(told.event)]);
}

const ANNOTATION = /(?:original|previous|former|last)[-_.]?replicas$/i;

function byAnnotation(workload: KubeObject): FormerSize | undefined {
  for (const [name, value] of Object.entries(workload.metadata.annotations ?? {})) {
    const replicas = ANNOTATION.test(name) ? Number(value) : 0;
    if (Number.isSafeInteger(replicas) && replicas > 0)
      return sized(replicas, 0.9, 'Whoever scaled it down noted its size', [
        fieldEvidence(workload, `metadata.annotations["${name}"]`, value),
      ]);
  }
  return undefined;
}

const DESIRED = 'deployment.kubernetes.io/desired-replicas';

/** ReplicaSets of earlier revisions keep how many pods were wanted when they were current. */
function byReplicaSets(workload: KubeObject, snapshot: ClusterSnapshot): FormerSize | undefined {
  if (workload.kind !== 'Deployment') return undefined;
  const sets = snapshot
    .ownedBy(workload)
    .map((set) => ({ set, replicas: Number(set.metadata.annotations?.[DESIRED] ?? 0) }))
    .filter(({ replicas }) => Number.isSafeInteger(replicas) && replicas > 0)
    .sort((a, b) => createdAt(b.set).localeCompare(createdAt(a.set)));
  const [newest] = sets;
  if (newest === undefined) return undefined;
  return sized(newest.replicas, 0.8, 'One of its ReplicaSets still says how many pods were wanted', [
    fieldEvidence(newest.set, `metadata.annotations["${DESIRED}"]`, newest.replicas),
  ]);
}

function createdAt({ metadata }: KubeObject): string {
  return metadata.creationTimestamp ?? '';
}

function byAutoscaler(workload: KubeObject, snapshot: ClusterSnapshot): FormerSize | undefined {
  const { kind, namespace, name } = refOf(workload);
  const hpa = snapshot
    .listIn('HorizontalPodAutoscaler', namespace)
    .find(({ spec }) => spec?.scaleTargetRef.kind === kind && spec.scaleTargetRef.name === name);
  if (hpa === undefined) return undefined;
  const least = Math.max(1, hpa.spec?.minReplicas ?? 1);
  return sized(least, 0.9, 'Its autoscaler goes on from its least size', [
    fieldEvidence(hpa, 'spec.minReplicas', least),
  ]);
}

interface WithClaims {
  readonly spec?: { readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[] };
}

/** Claims of a StatefulSet stay when its pods go. */
function byClaims(workload: KubeObject, snapshot: ClusterSnapshot): FormerSize | undefined {
  const { namespace = '', name } = workload.metadata;
  const template = (workload as WithClaims).spec?.volumeClaimTemplates?.[0]?.metadata?.name;
  if (workload.kind !== 'StatefulSet' || template === undefined) return undefined;
  const prefix = `${template}-${name}-`;
  const claims = snapshot
    .listIn('PersistentVolumeClaim', namespace)
    .filter(({ metadata }) => metadata.name.startsWith(prefix) && /^\d+$/.test(metadata.name.slice(prefix.length)))
    .sort((a, b) => Number(b.metadata.name.slice(prefix.length)) - Number(a.metadata.name.slice(prefix.length)));
  const [last] = claims;
  if (last === undefined) return undefined;
  const replicas = Number(last.metadata.name.slice(prefix.length)) + 1;
  return sized(replicas, 0.75, 'Its claims tell how many pods it had', [
    fieldEvidence(last, 'metadata.name', last.metadata.name),
  ]);
}

function sized(
  replicas: number,
  confidence: number,
  because: string,
  evidence: readonly AssessedEvidence[],
): FormerSize {
  return { replicas, confidence, because: `${because}: ${replicas}`, evidence };
}
