/** Pods that were never made: the API server or a webhook refused them, so that there is no pod to look at. */
import { eventTime, refKey, refOf, timeOf, type Event, type Job, type KubeObject } from '@aia/cluster';
import { conditionEvidence, conditionOf, type Condition } from '../conditions.ts';
import { eventEvidence, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import { parseCreation } from '../messages/creation.ts';
import { eventText, plainText } from '../messages/event-text.ts';
import type { CreationMessage } from '../messages/message.ts';
import { livingOf, wantedReplicas } from './workload-templates.ts';

/** A workload whose pods are refused. */
export interface CreationRefusal {
  /** The topmost owner. */
  readonly workload: KubeObject;
  /** What makes the pods and was refused: a ReplicaSet for a Deployment. */
  readonly maker: KubeObject;
  readonly message: CreationMessage;
  readonly evidence: readonly Evidence[];
  /** Epoch ms since when, where it can be told. */
  readonly since: number | undefined;
}

/** Refusals that have lasted longer than the grace, one per workload, in the order of the workloads. */
export function creationRefusals(examination: Examination): readonly CreationRefusal[] {
  const refusals = new Map<string, CreationRefusal>();
  const isLasting = ({ since }: CreationRefusal): boolean =>
    since === undefined || examination.now - since >= examination.thresholds.graceMs;
  for (const refusal of [...statedByConditions(examination), ...toldByEvents(examination)]) {
    const key = refKey(refOf(refusal.workload));
    if (isLasting(refusal) && !refusals.has(key)) refusals.set(key, refusal);
  }
  return [...refusals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, refusal]) => refusal);
}

type WithConditions = KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } };

/** ReplicaSets first: they hold the API server's words; the Deployment copies them, also where ReplicaSets were not read. */
function statedByConditions(examination: Examination): readonly CreationRefusal[] {
  const short = livingOf(examination, 'ReplicaSet').filter(
    (set) => set.status?.conditions !== undefined && (set.status.replicas ?? 0) < wantedReplicas(set),
  );
  const deployments = livingOf(examination, 'Deployment').filter((deployment) => wantedReplicas(deployment) > 0);
  return [...short, ...deployments].flatMap((maker) => statedBy(examination, maker));
}

function statedBy(examination: Examination, maker: WithConditions): readonly CreationRefusal[] {
  const { conditions } = maker.status ?? {};
  const failure = conditionOf(conditions, 'ReplicaFailure');
  const progress = conditionOf(conditions, 'Progressing');
  // Controllers take the condition away instead of setting it to False.
  const isRefused = failure !== undefined && failure.status !== 'False' && failure.reason === 'FailedCreate';
  // The ReplicaSet itself can be refused, by a quota on their count or by a webhook.
  const found = isRefused ? failure : progress?.reason === 'ReplicaSetCreateError' ? progress : undefined;
  if (found === undefined) return [];
  const event = examination.warnings(maker, 'FailedCreate', 'ReplicaSetCreateError')[0];
  return [
    {
      workload: examination.snapshot.rootOwnerOf(maker),
      maker,
      message: read(plainText(found.message ?? '')),
      evidence: [...conditionEvidence(maker, found), ...(event === undefined ? [] : [eventEvidence(event)])],
      since: timeOf(found.lastTransitionTime),
    },
  ];
}

/** StatefulSets, DaemonSets and Jobs have no condition for it; ReplicaSets may have been read without their status. */
function toldByEvents(examination: Examination): readonly CreationRefusal[] {
  const makers: readonly KubeObject[] = [
    ...livingOf(examination, 'StatefulSet').filter((set) => (set.status?.replicas ?? 0) < wantedReplicas(set)),
    ...livingOf(examination, 'DaemonSet').filter(
      ({ status }) => (status?.currentNumberScheduled ?? 0) < (status?.desiredNumberScheduled ?? 0),
    ),
    ...livingOf(examination, 'Job').filter(lacksPods),
    ...(['ReplicaSet', 'ReplicationController'] as const).flatMap((kind) =>
      livingOf(examination, kind).filter((set) => (set.status?.replicas ?? 0) < wantedReplicas(set)),
    ),
  ];
  return makers.flatMap((maker) => {
    const event = lastRefusal(examination, maker);
    if (event === undefined) return [];
    return [
      {
        workload: examination.snapshot.rootOwnerOf(maker),
        maker,
        message: read(eventText(event)),
        evidence: [eventEvidence(event)],
        since: timeOf(event.firstTimestamp) ?? eventTime(event),
      },
    ];
  });
}

function lacksPods({ spec, status }: Job): boolean {
  const isOver =
    status?.conditions?.some(({ type, status: state }) => state === 'True' && type !== 'Suspended') ?? false;
  const { parallelism = 1, completions } = spec ?? {};
  const open = completions === undefined ? parallelism : completions - (status?.succeeded ?? 0);
  return !isOver && spec?.suspend !== true && (status?.active ?? 0) < Math.min(parallelism, open);
}

/** Events are kept for an hour; the refusal stands unless a pod was made after it. */
function lastRefusal(examination: Examination, maker: KubeObject): Event | undefined {
  const newest = examination.snapshot
    .eventsOf(maker)
    .find(({ reason }) => reason === 'FailedCreate' || reason === 'SuccessfulCreate');
  return newest?.reason === 'FailedCreate' ? newest : undefined;
}

function read(text: string): CreationMessage {
  return parseCreation(text) ?? { cause: 'other', text };
}
