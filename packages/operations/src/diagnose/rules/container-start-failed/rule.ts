/** The container runtime cannot start a container. */
import { timeOf, type Event } from '@aia/cluster';
import { containersWith, eventsOfContainer, type ContainerCase } from '../../pods/container-state.ts';
import { eventEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { eventText } from '../../messages/event-text.ts';
import type { StartMessage } from '../../messages/message.ts';
import { parseStart } from '../../messages/start.ts';
import {
  containerDraft,
  containerName,
  endEvidence,
  restartEvidence,
  waitingEvidence,
} from '../../pods/pod-wording.ts';
import { previousImageOf } from '../../workloads/rollout.ts';
import type { Rule } from '../../rule.ts';
import { briefly, forText } from '../../wording.ts';

/** Facts: container, workload, image, cause, executable, previousImage, restarts. */
export const rule: Rule = {
  code: 'container-start-failed',
  title: 'Container cannot be started',
  severity: 'high',
  explanation:
    'The image is there and the configuration complete, but the container runtime refuses to start the process ' +
    '(RunContainerError, CreateContainerError, StartError and the like). The usual causes are a command that the image does not ' +
    'contain or that is not executable, a file mounted over a directory, a memory limit too low for the runtime itself, and a ' +
    'failing lifecycle hook. Between attempts the same container waits in CrashLoopBackOff; then container-crash-loop is ' +
    'reported as well: this finding names the cause, that one the state. Where the pod belongs to a Deployment, the image of ' +
    'the revision before is given for comparison. The rule stays silent during the grace period after the pod was created.',
  remediation: {
    class: 'fix-command',
    text: "Correct what the runtime's message names: command, image, permissions, mounts or limits; or roll back.",
  },
  aliases: { k8sgpt: ['Pod/6', 'Pod/7'], popeye: ['202', '203'], mixin: ['KubeContainerWaiting'] },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'start')) yield notStarted(examination, found);
  },
};

function notStarted(examination: Examination, found: ContainerCase): FindingDraft {
  const { said, event, text } = reasonOf(examination, found);
  const image = found.container.image ?? '';
  const previousImage = previousImageOf(examination, found.pod, found.container.name);
  const since = timeOf(found.pod.metadata.creationTimestamp);
  const before =
    previousImage === undefined || previousImage === image ? '' : `; the revision before ran ${previousImage}`;
  return containerDraft(examination, found, {
    message: `${containerName(found)} cannot be started${forText(examination, since)}: ${startWords(said, image, text)}${before}`,
    evidence: [
      ...waitingEvidence(found),
      ...endEvidence(found),
      ...(found.restarts === 0 ? [] : [restartEvidence(found)]),
      ...(event === undefined ? [] : [eventEvidence(event)]),
    ],
    facts: {
      image,
      cause: said?.cause ?? 'other',
      executable: said?.executable,
      previousImage,
      restarts: found.restarts,
    },
    since,
  });
}

interface StartReason {
  readonly said: StartMessage | undefined;
  readonly event?: Event;
  readonly text: string;
}

/** The runtime's words: in the waiting message, in the last termination, or in a Failed event. */
function reasonOf(examination: Examination, found: ContainerCase): StartReason {
  const { waitingReason, waitingMessage, last } = found;
  const [event] = eventsOfContainer(examination, found, 'Failed', 'FailedPostStartHook');
  const sources: readonly StartReason[] = [
    ...(waitingReason === 'CrashLoopBackOff'
      ? []
      : [{ said: parseStart(waitingReason, waitingMessage), text: waitingMessage }]),
    { said: parseStart(last?.reason ?? '', last?.message ?? ''), text: last?.message ?? '' },
    ...(event === undefined
      ? []
      : [{ said: parseStart(event.reason ?? '', eventText(event)), text: eventText(event), event }]),
  ].filter(({ text }) => text !== '');
  const telling = sources.find(({ said }) => said !== undefined && said.cause !== 'other') ?? sources[0];
  if (waitingReason.includes('Hook'))
    return { ...telling, said: { cause: 'hook', text: telling?.text ?? '' }, text: telling?.text ?? '' };
  return telling ?? { said: undefined, text: '' };
}

function startWords(said: StartMessage | undefined, image: string, text: string): string {
  const executable = said?.executable ?? 'its command';
  switch (said?.cause) {
    case 'executable-not-found':
      return `image ${image} has no executable ${said.executable ?? 'of the given name'}`;
    case 'permission-denied':
      return `${executable} may not be executed`;
    case 'exec-format':
      return `${executable} is built for another architecture or is no program`;
    case 'not-a-directory':
      return 'a file is mounted over a directory, or a directory over a file';
    case 'memory-limit-too-low':
      return 'its memory limit is too low for the runtime itself';
    default:
      return text === '' ? 'the runtime gives no reason' : briefly(text);
  }
}
