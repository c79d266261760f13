/** A pod was deleted but does not go. */
import { refOf, timeOf, type Event, type Pod } from '@aia/cluster';
import { conditionOf } from '../../conditions.ts';
import { absenceEvidence, eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly, durationText, listText } from '../../wording.ts';

/** Facts: workload, cause (finalizer, node-not-ready, node-missing, kill-failed, unknown), node, finalizers, overdueMs. */
export const rule: Rule = {
  code: 'pod-stuck-terminating',
  title: 'Pod is stuck terminating',
  severity: 'medium',
  explanation:
    'The pod was deleted and its grace period, which the deletion timestamp includes, ended long ago, but it is still there. A ' +
    'finalizer waits for its controller, the node has stopped reporting so that nobody can confirm the end, or the kubelet cannot ' +
    'stop the container or unmount its volumes. A StatefulSet makes no replacement until the pod is gone. The rule stays silent ' +
    'during the grace period and for ten minutes after it.',
  remediation: {
    class: 'investigate',
    text: 'Bring the node back or delete its object if the machine is gone; let the controller of the finalizer do its work. Force the deletion only when the process is certainly dead.',
  },
  aliases: { popeye: ['200', '201'] },
  needs: [],
  *check(examination) {
    for (const pod of examination.troubledPods) {
      const dueAt = timeOf(pod.metadata.deletionTimestamp);
      if (dueAt === undefined || examination.now - dueAt <= examination.thresholds.terminatingMs) continue;
      yield stuck(examination, pod, dueAt);
    }
  },
};

function stuck(examination: Examination, pod: Pod, dueAt: number): FindingDraft {
  const { cause, words, evidence } = causeOf(examination, pod);
  const overdueMs = examination.now - dueAt;
  const finalizers = pod.metadata.finalizers ?? [];
  return {
    resource: refOf(pod),
    message: `Pod ${podName(pod)} should have gone ${durationText(overdueMs)} ago; ${words}`,
    evidence: [fieldEvidence(pod, 'metadata.deletionTimestamp', pod.metadata.deletionTimestamp ?? ''), ...evidence],
    facts: knownFacts({
      workload: workloadKey(examination, pod),
      cause,
      node: pod.spec?.nodeName,
      finalizers: finalizers.length === 0 ? undefined : finalizers,
      overdueMs,
    }),
    since: dueAt,
  };
}

interface StuckCause {
  readonly cause: 'finalizer' | 'node-not-ready' | 'node-missing' | 'kill-failed' | 'unknown';
  readonly words: string;
  readonly evidence: readonly Evidence[];
}

/** The node comes first: a finalizer's controller often waits for the same node. */
function causeOf(examination: Examination, pod: Pod): StuckCause {
  const finalizers = pod.metadata.finalizers ?? [];
  const node = nodeCause(examination, pod);
  if (node !== undefined) return node;
  if (finalizers.length > 0) {
    const words = `it waits for ${finalizers.length === 1 ? 'finalizer' : 'finalizers'} ${listText(finalizers)}`;
    return {
      cause: 'finalizer',
      words,
      evidence: finalizers.map((name, i) => fieldEvidence(pod, `metadata.finalizers[${i}]`, name)),
    };
  }
  const [event] = examination.warnings(pod, 'FailedKillPod', 'ExceededGracePeriod', 'FailedPreStopHook') as readonly (
    Event | undefined
  )[];
  if (event === undefined)
    return { cause: 'unknown', words: 'it has no finalizer and nothing says why it stays', evidence: [] };
  return {
    cause: 'kill-failed',
    words: `the kubelet cannot end it: ${briefly(event.message ?? event.reason ?? '')}`,
    evidence: [eventEvidence(event)],
  };
}

function nodeCause({ snapshot }: Examination, pod: Pod): StuckCause | undefined {
  const name = pod.spec?.nodeName;
  if (name === undefined || snapshot.list('Node').length === 0) return undefined;
  const node = snapshot.get('Node', '', name);
  if (node === undefined) {
    return {
      cause: 'node-missing',
      words: `its node ${name} no longer exists`,
      evidence: [absenceEvidence('Node', '', name, 'not among the nodes')],
    };
  }
  const ready = conditionOf(node.status?.conditions, 'Ready');
  if (ready === undefined || ready.status === 'True') return undefined;
  const evidence = [fieldEvidence(node, `${ready.path}.status`, ready.status)];
  return { cause: 'node-not-ready', words: `its node ${name} is not ready and cannot confirm its end`, evidence };
}
