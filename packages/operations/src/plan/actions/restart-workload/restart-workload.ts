/** Programs that still run with configuration that was corrected since: the one trouble that a restart mends. */
import {
  configReferences,
  refOf,
  refText,
  timeOf,
  type ClusterSnapshot,
  type KubeObject,
  type Pod,
} from '@aia/cluster';
import type { AssessedEvidence, AssessedRootCause } from '@aia/contract';
import { isReady, unreadySince } from '../../../diagnose/conditions.ts';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { lastWrite } from '../../../diagnose/root-cause/changes.ts';
import { named } from '../../effects/named.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';
import { concernedWorkloads } from '../../revisions/concerned-workloads.ts';

const MINUTE = 60_000;
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** Proposes a restart where pods are not ready and read, when they began, what was changed later. */
export const restartWorkload: ActionKind = {
  kind: 'restart-workload',
  title: 'Restart a workload',
  explanation:
    'Starts the pods of a workload anew, one after the other (kubectl rollout restart), where containers that run without being ready took variables from a ConfigMap or Secret that was written after they had begun and after they had become unready. Not proposed otherwise: a program that fails by itself fails again, and the kubelet tries again by itself what it could not start.',
  capability: 'rollout',
  prior: { alpha: 5, beta: 4, basis: 'the new values have not been tried yet' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.08,
  propose: (planning) =>
    planning
      .causesOf('program-not-ready', 'container-not-ready', 'service-unreachable', 'dependency-unavailable')
      .flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const workloads = concernedWorkloads(cause, planning).filter(({ kind }) => RESTARTS.has(kind));
  const drafts = workloads.flatMap((one) => restarted(one, cause, planning.snapshot) ?? []);
  const [first] = drafts;
  if (first === undefined || drafts.length < workloads.length) return undefined;
  const title = drafts.length === 1 ? first.title : `Restart ${drafts.length} workloads`;
  return { title, resolves: [cause.id], fit: 0.6, drafts };
}

const RESTARTS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

function restarted(workload: KubeObject, cause: AssessedRootCause, snapshot: ClusterSnapshot): ActionDraft | undefined {
  const unready = snapshot
    .ownedBy(workload)
    .flatMap((one) => (one.kind === 'Pod' ? [one] : snapshot.ownedBy(one)))
    .filter((one): one is Pod => one.kind === 'Pod' && !isReady(one as Pod));
  const stale = unready.map((pod) => laterWrite(pod, snapshot));
  const [first] = stale;
  if (first === undefined || stale.includes(undefined)) return undefined;
  const target = refOf(workload);
  const annotations = { [RESTARTED]: new Date(snapshot.observedAt).toISOString() };
  const patch = { spec: { template: { metadata: { annotations } } } };
  return {
    ...{ kind: 'restart-workload', title: `Restart ${refText(target)}`, target, confidence: 0.6 },
    reason: `${cause.statement} ${first.words} after its containers had begun, and they take variables from it only when they begin.`,
    evidence: [first.evidence, ...cause.evidence.slice(0, 2)],
    changes: [{ kind: 'patch', target, patch: { type: 'strategic', patch } }],
    commands: [`kubectl rollout restart ${named(target)}`],
  };
}

/** What a pod took variables from, and that was written after it had begun and had become unready. */
function laterWrite(
  pod: Pod,
  snapshot: ClusterSnapshot,
): { readonly words: string; readonly evidence: AssessedEvidence } | undefined {
  const { namespace = '' } = pod.metadata;
  const begun = (pod.status?.containerStatuses ?? []).map(({ state }) => timeOf(state?.running?.startedAt));
  const since = Math.max(unreadySince(pod) ?? Infinity, ...begun.map((at) => at ?? Infinity));
  for (const { kind, name, use } of configReferences(pod.spec ?? { containers: [] }, namespace)) {
    const object = use === 'env' || use === 'envFrom' ? snapshot.get(kind, namespace, name) : undefined;
    const { at = 0, field = 0 } = object === undefined ? {} : lastWrite(object);
    if (object === undefined || at <= since) continue;
    const time = object.metadata.managedFields?.[field]?.time ?? '';
    return {
      words: `${kind} ${namespace}/${name} was written`,
      evidence: fieldEvidence(object, `metadata.managedFields[${field}].time`, time),
    };
  }
  return undefined;
}
