/** A container ends again and again and is being held back before the next start. */
import { timeOf, type Event } from '@aia/cluster';
import { containersWith, eventsOfContainer, isRecent, type ContainerCase } from '../../pods/container-state.ts';
import { eventEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { eventText } from '../../messages/event-text.ts';
import { parseProbe } from '../../messages/probe.ts';
import {
  containerDraft,
  containerName,
  endEvidence,
  restartEvidence,
  restartsText,
  waitingEvidence,
} from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { durationText } from '../../wording.ts';

/** Facts: container, workload, cause (oom, exit, signal, start-error, liveness, completed), exitCode, signal, lastReason, restarts. */
export const rule: Rule = {
  code: 'container-crash-loop',
  title: 'Container is crash-looping',
  severity: 'high',
  explanation:
    'The container has ended several times and is down; the kubelet waits up to five minutes before each next start ' +
    '(CrashLoopBackOff). The cause says how it ends: oom (killed for memory), exit (its own exit code), signal (killed from ' +
    'outside), start-error (the runtime could not start it), liveness (the kubelet kills it because a liveness or startup probe ' +
    'fails), completed (it ends with success although the pod is meant to run forever). For oom and start-error, ' +
    'container-oom-killed or container-start-failed is reported too and names the cause; this finding names the state. The rule ' +
    'stays silent for a first exit, for pods of a Job that still retries, and once the container runs.',
  remediation: {
    class: 'investigate',
    text: "Read the previous instance's log (kubectl logs --previous); roll back if it began with a rollout.",
  },
  aliases: {
    k8sgpt: ['Pod/5', 'Pod/6'],
    popeye: ['202', '203', '205'],
    mixin: ['KubePodCrashLooping'],
    gcpdiag: ['gke/ERR/2023_008'],
  },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'crash-loop')) yield looping(examination, found);
  },
};

interface LoopCause {
  readonly cause: 'oom' | 'exit' | 'signal' | 'start-error' | 'liveness' | 'completed';
  readonly words: string;
  readonly event?: Event;
}

function looping(examination: Examination, found: ContainerCase): FindingDraft {
  const { last, restarts } = found;
  const { cause, words, event } = causeOf(examination, found);
  const signal = signalOf(found);
  const endedAt = timeOf(last?.finishedAt);
  const ago = endedAt === undefined ? '' : `, the last end ${durationText(Math.max(0, examination.now - endedAt))} ago`;
  return containerDraft(examination, found, {
    message: `${containerName(found)} is crash-looping (${restartsText(restarts)}${ago}); ${words}`,
    evidence: [
      ...waitingEvidence(found),
      ...endEvidence(found),
      restartEvidence(found),
      ...(event === undefined ? [] : [eventEvidence(event)]),
    ],
    facts: { cause, exitCode: last?.exitCode, signal, lastReason: last?.reason, restarts },
    since: endedAt,
  });
}

function causeOf(examination: Examination, found: ContainerCase): LoopCause {
  const { last } = found;
  if (last?.reason === 'OOMKilled') return { cause: 'oom', words: 'each time it is killed for lack of memory' };
  if (found.troubles.includes('start')) return { cause: 'start-error', words: 'the container runtime cannot start it' };
  const event = probeKill(examination, found);
  if (event !== undefined)
    return { cause: 'liveness', words: `the kubelet kills it because its ${probeOf(event)} probe fails`, event };
  if (last === undefined) return { cause: 'exit', words: 'how it ended is not recorded' };
  if ((last.exitCode ?? 0) === 0)
    return { cause: 'completed', words: 'it ends with exit code 0 although it is meant to keep running' };
  const signal = signalOf(found);
  if (signal !== undefined)
    return { cause: 'signal', words: `it was last ended by signal ${signal}${SIGNALS[signal] ?? ''}` };
  return {
    cause: 'exit',
    words: `it last ended with exit code ${last.exitCode ?? 0}${EXIT_CODES[last.exitCode ?? 0] ?? ''}`,
  };
}

const SIGNALS: Readonly<Record<number, string>> = {
  4: ' (illegal instruction)',
  6: ' (abort)',
  9: ' (kill)',
  11: ' (segmentation fault)',
  15: ' (termination)',
};
/** Conventions of shells. */
const EXIT_CODES: Readonly<Record<number, string>> = { 126: ' (not executable)', 127: ' (command not found)' };

/** Exit codes above 128 are 128 + signal by convention; 255 is a program's own -1. */
function signalOf({ last }: ContainerCase): number | undefined {
  if (last?.signal !== undefined && last.signal > 0) return last.signal;
  const code = last?.exitCode ?? 0;
  return code > 128 && code <= 128 + 64 ? code - 128 : undefined;
}

/**
 * The event by which the kubelet says that it ended the container for a failed probe. A failing liveness probe alone is
 * enough only where the exit code fits: a program that crashed by itself fails its probes as well.
 */
function probeKill(examination: Examination, found: ContainerCase): Event | undefined {
  const events = eventsOfContainer(examination, found, 'Killing', 'Unhealthy').filter((event) =>
    isRecent(examination, event),
  );
  const killing = events.find(
    ({ reason, message = '' }) => reason === 'Killing' && /failed (?:liveness|startup) probe/.test(message),
  );
  if (killing !== undefined) return killing;
  if (![137, 143].includes(found.last?.exitCode ?? 0)) return undefined;
  return events.find((event) => {
    const probe = event.reason === 'Unhealthy' ? parseProbe(eventText(event))?.probe : undefined;
    return probe === 'liveness' || probe === 'startup';
  });
}

function probeOf({ message = '' }: Event): string {
  return /startup probe/i.test(message) ? 'startup' : 'liveness';
}
