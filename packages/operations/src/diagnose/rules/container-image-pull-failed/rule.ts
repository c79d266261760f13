/** A container's image cannot be pulled. */
import { timeOf, type Event } from '@aia/cluster';
import { containersWith, eventsOfContainer, type ContainerCase } from '../../pods/container-state.ts';
import { eventEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { eventText } from '../../messages/event-text.ts';
import { parseImage } from '../../messages/image.ts';
import type { ImageMessage } from '../../messages/message.ts';
import { containerDraft, containerName, waitingEvidence } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { forText } from '../../wording.ts';

/** Facts: container, workload, image, cause. */
export const rule: Rule = {
  code: 'container-image-pull-failed',
  title: 'Image cannot be pulled',
  severity: 'high',
  explanation:
    'The kubelet cannot get the image of the container, so it does not start. The usual causes are a tag that does not exist, a ' +
    'missing or wrong pull secret, a registry that cannot be reached from the node or that limits the rate, and an image built ' +
    "for another architecture. The registry's own words stand in the waiting message or in Failed events, which live for one " +
    'hour; without them the cause is given as other. The rule stays silent during the grace period after the pod was created, unless the ' +
    'kubelet has backed off from an image that does not exist, is refused or has no valid name.',
  remediation: {
    class: 'fix-image',
    text: 'Name an image that exists and that the node may pull (tag, registry access, pull secret).',
  },
  aliases: { k8sgpt: ['Pod/6'], popeye: ['202', '203'], mixin: ['KubeContainerWaiting'] },
  needs: [],
  *check(examination) {
    for (const found of containersWith(examination, 'image')) yield notPulled(examination, found);
  },
};

type ImageCause = ImageMessage['cause'];

const WORDS: Readonly<Record<ImageCause, string>> = {
  'not-found': 'the registry has no such image or tag',
  unauthorized: 'the registry refuses access',
  'rate-limited': 'the registry limits the rate of pulls',
  network: 'the registry cannot be reached',
  'invalid-name': 'the name is not a valid image reference',
  'never-pull': 'it is not on the node and the pull policy is Never',
  architecture: "there is no build for the node's architecture",
  signature: 'its signature was not accepted',
  'no-space': "the node's disk is full",
  other: 'the reason is not recorded',
};
/** What the waiting reason alone says. */
const CAUSES: Readonly<Record<string, ImageCause>> = {
  InvalidImageName: 'invalid-name',
  ErrImageNeverPull: 'never-pull',
  SignatureValidationFailed: 'signature',
  RegistryUnavailable: 'network',
};

function notPulled(examination: Examination, found: ContainerCase): FindingDraft {
  const failures = eventsOfContainer(examination, found, 'Failed', 'InspectFailed', 'ErrImageNeverPull');
  const said = causeOf(found, failures);
  const image = found.container.image ?? '';
  const secrets = examination.warnings(found.pod, 'FailedToRetrieveImagePullSecret').slice(0, 1);
  const since = timeOf(found.pod.metadata.creationTimestamp);
  const waiting = found.restarts === 0 ? forText(examination, since) : '';
  return containerDraft(examination, found, {
    message: `${containerName(found)} has been waiting${waiting} for image ${image}: ${WORDS[said.cause]}`,
    evidence: [
      ...waitingEvidence(found),
      ...[...(said.event === undefined ? [] : [said.event]), ...secrets].map(eventEvidence),
    ],
    facts: { image, cause: said.cause },
    since: found.restarts === 0 ? since : undefined,
  });
}

/** The most telling of the waiting message and the Failed events: the back-off text names no cause before 1.33. */
function causeOf(found: ContainerCase, failures: readonly Event[]): { cause: ImageCause; event?: Event } {
  const waiting = parseImage(found.waitingReason, found.waitingMessage)?.cause;
  const byReason = CAUSES[found.waitingReason];
  if (byReason !== undefined) return { cause: byReason };
  if (waiting !== undefined && waiting !== 'other') return { cause: waiting };
  for (const event of failures) {
    const cause = parseImage(event.reason ?? '', eventText(event))?.cause;
    if (cause !== undefined && cause !== 'other') return { cause, event };
  }
  return { cause: 'other', ...(failures[0] === undefined ? {} : { event: failures[0] }) };
}
