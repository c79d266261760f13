/** Pods that only stand in the way: whose end nobody confirms, or that an ordered StatefulSet waits for. */
import { refOf, refText, type KubeObject, type Pod } from '@aia/cluster';
import type { AssessedFinding, AssessedRootCause, Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import type { Planning } from '../../planning.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';
import { blockersGone } from '../../revisions/template-change.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;

/** Proposes to delete pods that nothing runs in any more, or that keep their successor from being made. */
export const deletePod: ActionKind = {
  kind: 'delete-pod',
  title: 'Delete a pod that stands in the way',
  explanation:
    'Deletes the pods of an old revision that a StatefulSet waits for, and, without waiting for its kubelet, a pod whose node is gone or, for what keeps no state, one that is long past its grace period. Refuses where a node merely does not report, since its processes may still run, where a finalizer waits for its controller, and, for a pod with an identity or a claim of its own, without somebody who sees that its process has ended.',
  capability: 'rollout',
  prior: { alpha: 9, beta: 1, basis: 'controllers make pods anew' },
  durationMs: { optimistic: MINUTE, likely: 2 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning.assessment.rootCauses.flatMap((cause) => {
      const findings = planning.findingsOf(cause);
      return [blocker, stuck].flatMap((remedy) => remedy(cause, findings, planning) ?? []);
    }),
};

type Way = (cause: AssessedRootCause, findings: readonly AssessedFinding[], planning: Planning) => Remedy | undefined;

interface Ordered {
  readonly spec?: { readonly updateStrategy?: { readonly rollingUpdate?: { readonly partition?: number } } };
  readonly status?: { readonly updateRevision?: string };
}
const REVISION = 'controller-revision-hash';

/** The template was corrected, and the controller waits for pods that it had made before that. */
const blocker: Way = (cause, _, planning) => {
  const sets = concernedWorkloads(cause, planning);
  const drafts = sets.flatMap((set) => (set.kind === 'StatefulSet' ? (unblocked(cause, set, planning) ?? []) : []));
  return drafts.length < sets.length ? undefined : remedyOf(cause, drafts, 0.9);
};

function unblocked(
  cause: AssessedRootCause,
  set: KubeObject & Ordered,
  { snapshot }: Planning,
): ActionDraft | undefined {
  const newest = set.status?.updateRevision;
  const changes = blockersGone(set, snapshot);
  const pods = changes.flatMap((one) => (one.kind === 'delete' ? (snapshot.resolve(one.target) ?? []) : []));
  const isOld = ({ metadata }: KubeObject) => metadata.labels?.[REVISION] !== newest;
  // One of the newest revision that fails as well shows that this has not mended it.
  if (newest === undefined || pods.length === 0 || !pods.every(isOld)) return undefined;
  if ((set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0) > 0) return undefined;
  const target = refOf(set);
  const names = pods.map(({ metadata }) => metadata.name).join(', ');
  return {
    ...{
      kind: deletePod.kind,
      title: `Delete ${names}, which ${refText(target)} waits for`,
      target,
      part: 'blocked',
      changes,
    },
    reason: `${refText(target)} has a newer revision, and goes on only when ${names}, of an older one, ${pods.length === 1 ? 'is' : 'are'} ready or gone. Claims stay.`,
    evidence: [
      fieldEvidence(set, 'status.updateRevision', newest),
      ...pods
        .slice(0, 3)
        .map((pod) => fieldEvidence(pod, `metadata.labels.${REVISION}`, pod.metadata.labels?.[REVISION] ?? '')),
    ],
    confidence: 0.85,
    probe: { conditions: [{ kind: 'available', target }] },
    irreversible: 'pods are made anew from another revision',
  };
}

/** How sure it is that nothing of a pod runs any more, by why it does not go. */
const CERTAIN: Readonly<Record<string, { readonly confidence: number; readonly why: string }>> = {
  'node-missing': { confidence: 0.9, why: 'Its node is gone, and with it whatever ran there.' },
  'kill-failed': { confidence: 0.55, why: 'Its kubelet reports and cannot end it.' },
  unknown: { confidence: 0.6, why: 'Its kubelet reports, and nothing says what it waits for.' },
};

const stuck: Way = (cause, findings, planning) => {
  const found = findings.filter(({ code }) => code === 'pod-stuck-terminating');
  const drafts = found.flatMap(({ resource, facts }): readonly ActionDraft[] => {
    const why = String(facts?.['cause'] ?? '');
    const certain = Object.hasOwn(CERTAIN, why) ? CERTAIN[why] : undefined;
    const pod = planning.object(resource) as Pod | undefined;
    if (certain === undefined || pod === undefined || (pod.metadata.finalizers ?? []).length > 0) return [];
    const target = refOf(pod);
    const changes: readonly Change[] = [{ kind: 'delete', target, gracePeriodSeconds: 0 }];
    const isSafe = why === 'node-missing' || !keepsState(pod, planning);
    return [
      {
        ...{
          kind: deletePod.kind,
          title: `Delete ${refText(target)} without waiting for its kubelet`,
          target,
          changes,
        },
        reason: `${refText(target)} should have gone at ${pod.metadata.deletionTimestamp ?? ''}. ${certain.why}`,
        evidence: [fieldEvidence(pod, 'metadata.deletionTimestamp', pod.metadata.deletionTimestamp ?? '')],
        confidence: certain.confidence,
        ...(!isSafe && {
          preconditions: [
            {
              kind: 'told',
              statement: `Somebody has seen on node ${pod.spec?.nodeName ?? ''} that no process of ${refText(target)} runs.`,
            },
          ],
        }),
        commands: [`kubectl delete pod ${target.name} -n ${target.namespace} --grace-period=0 --force`],
        risks: why === 'node-missing' ? [] : [{ reason: 'its processes may run on without being seen', adds: 0.15 }],
        irreversible: 'it was deleted before',
      },
    ];
  });
  return drafts.length < found.length ? undefined : remedyOf(cause, drafts, 0.8);
};

/** Two pods of one identity, or two that write to one claim, would harm what is stored. */
function keepsState(pod: Pod, { snapshot }: Planning): boolean {
  const holdsClaim = (pod.spec?.volumes ?? []).some(
    (one) => (one as { readonly persistentVolumeClaim?: unknown }).persistentVolumeClaim !== undefined,
  );
  return holdsClaim || snapshot.ownerOf(pod)?.kind !== 'ReplicaSet';
}

function remedyOf(cause: AssessedRootCause, drafts: readonly ActionDraft[], fit: number): Remedy | undefined {
  const [first] = drafts;
  if (first === undefined) return undefined;
  const title = drafts.length === 1 ? first.title : `Delete ${drafts.length} pods that stand in the way`;
  return { title, resolves: [cause.id], fit, drafts };
}
