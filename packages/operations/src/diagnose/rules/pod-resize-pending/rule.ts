/** Pods whose resources were changed in place and that have not got them. */
import { eventTime, refOf, timeOf, type Event, type Pod } from '@aia/cluster';
import { isWithinGrace } from '../../age.ts';
import { conditionEvidence, conditionOf } from '../../conditions.ts';
import type { Evidence } from '../../evidence.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { eventText } from '../../messages/event-text.ts';
import { isLiving } from '../../nodes/node-pods.ts';
import { podName, workloadKey } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: state (`infeasible`, `deferred` or `failed`), node, workload. */
export const rule: Rule = {
  code: 'pod-resize-pending',
  title: 'Resize of pod in place is not done',
  severity: 'medium',
  explanation:
    'The requests or limits of the running pod were changed, and the kubelet has not applied them: Infeasible means that the node can never give ' +
    'them, a failed resize that the runtime refused. It is low while the resize is Deferred, which waits for room on the node. The ' +
    'pod keeps running with what it had. The rule stays silent for a deferred resize within the grace period, for pods that have ended or are being ' +
    'deleted, and once the resize is done.',
  remediation: {
    class: 'resize-requests',
    text: 'Ask for what the node can give, or let the pod be made anew on a node with room.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const pod of examination.snapshot.list('Pod')) {
      if (!examination.judges(pod.metadata.namespace ?? '') || !isLiving(pod)) continue;
      const resize = resizeOf(examination, pod);
      if (resize === undefined) continue;
      const { state, words, since, evidence } = resize;
      const isWaiting = state === 'deferred';
      if (isWaiting && isWithinGrace(examination, since)) continue;
      yield {
        resource: refOf(pod),
        severity: isWaiting ? 'low' : 'medium',
        message: `Pod ${podName(pod)} ${WORDS[state]}${forText(examination, since)}${words === '' ? '' : `: ${briefly(words)}`}.`,
        evidence,
        facts: { state, node: pod.spec?.nodeName ?? '', workload: workloadKey(examination, pod) },
        since,
      };
    }
  },
};

type State = 'infeasible' | 'deferred' | 'failed';

const WORDS: Readonly<Record<State, string>> = {
  infeasible: 'cannot be resized on its node',
  deferred: 'has been waiting to be resized',
  failed: 'could not be resized',
};

interface Resize {
  readonly state: State;
  readonly words: string;
  readonly since: number | undefined;
  readonly evidence: readonly Evidence[];
}

/** Conditions since 1.33, a field of the status before, events where neither was read. */
function resizeOf(examination: Examination, pod: Pod): Resize | undefined {
  const { conditions, resize } = (pod.status ?? {}) as Resizable;
  const isTold =
    conditions === undefined || resize !== undefined || conditions.some(({ type }) => type.startsWith('PodResize'));
  if (!isTold) return undefined;
  for (const type of ['PodResizePending', 'PodResizeInProgress'] as const) {
    const found = conditionOf(conditions, type);
    const state = found?.status === 'True' ? BY_REASON[found.reason ?? ''] : undefined;
    if (found === undefined || state === undefined) continue;
    const { message: words = '', lastTransitionTime } = found;
    return { state, words, since: timeOf(lastTransitionTime), evidence: conditionEvidence(pod, found) };
  }
  const old = BY_REASON[resize ?? ''];
  if (resize !== undefined && old !== undefined)
    return { state: old, words: '', since: undefined, evidence: [fieldEvidence(pod, 'status.resize', resize)] };
  return conditions === undefined ? toldByEvent(examination, pod) : undefined;
}

/** `status.resize` is of the alpha and not in the types; admission has checked its shape. */
type Resizable = NonNullable<Pod['status']> & { readonly resize?: string };

const BY_REASON: Readonly<Partial<Record<string, State>>> = {
  Infeasible: 'infeasible',
  Deferred: 'deferred',
  Error: 'failed',
};

const BY_EVENT: Readonly<Partial<Record<string, State>>> = {
  ResizeInfeasible: 'infeasible',
  ResizeDeferred: 'deferred',
  ResizeError: 'failed',
};

/** The newest word on a resize. */
function toldByEvent({ snapshot }: Examination, pod: Pod): Resize | undefined {
  const event: Event | undefined = snapshot.eventsOf(pod).find(({ reason = '' }) => reason.startsWith('Resize'));
  const state = BY_EVENT[event?.reason ?? ''];
  if (event === undefined || state === undefined) return undefined;
  return { state, words: eventText(event), since: eventTime(event), evidence: [eventEvidence(event)] };
}
