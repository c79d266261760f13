/** A PersistentVolumeClaim asks for more than its volume has, and does not get it. */
import { refOf, timeOf, type PersistentVolumeClaim } from '@aia/cluster';
import { conditionEvidence, conditionOf, type FoundCondition } from '../../conditions.ts';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { isExpanding, sizeText } from '../../storage/claim-size.ts';
import { podKeys, usersOf } from '../../storage/claim-users.ts';
import { classOf } from '../../storage/storage-class.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly, forText } from '../../wording.ts';

type Cause = 'controller-failed' | 'node-failed' | 'class-forbids' | 'waits-for-restart' | 'waits-for-pod' | 'waiting';

/** Facts: cause, storageClass, requested, capacity (both as written), pods (at most 20 keys). */
export const rule: Rule = {
  code: 'claim-expansion-stuck',
  title: 'Volume does not grow to the size asked for',
  severity: 'medium',
  explanation:
    'The claim requests more storage than its volume has. Growing takes two steps: the driver enlarges the disk (Resizing), then the kubelet ' +
    'enlarges the file system when a pod mounts it (FileSystemResizePending). The cause says where it stands: the driver or the node ' +
    'failed, the class does not allow expansion, the file system waits for the pod to be started again, or nothing has happened at all. ' +
    'A step that waits because no pod uses the claim is information. The rule stays silent during the grace period after a step began.',
  remediation: {
    class: 'repair-storage',
    text: 'Fix what the message names; where the file system is pending, start the pod again. Kubernetes 1.34 on lets the request be lowered again.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const claim of livingOf(examination, 'PersistentVolumeClaim'))
      if (claim.status?.phase === 'Bound' && isExpanding(claim)) yield* stuck(examination, claim);
  },
};

interface Found {
  readonly cause: Cause;
  readonly text: string;
  readonly since: number | undefined;
  readonly evidence: readonly Evidence[];
}

function* stuck(examination: Examination, claim: PersistentVolumeClaim): Iterable<FindingDraft> {
  const { cause, text, since, evidence } = found(examination, claim);
  const isFailure = cause === 'controller-failed' || cause === 'node-failed' || cause === 'class-forbids';
  const begunAt = since ?? timeOf(claim.metadata.creationTimestamp);
  if (!isFailure && begunAt !== undefined && examination.now - begunAt < examination.thresholds.graceMs) return;
  const { namespace = '', name } = claim.metadata;
  const requested = String(claim.spec?.resources?.requests?.['storage']);
  const capacity = String(claim.status?.capacity?.['storage']);
  yield {
    resource: refOf(claim),
    severity: cause === 'waits-for-pod' ? 'info' : 'medium',
    message: `Claim ${namespace}/${name} asks for ${sizeText(requested)} and has ${sizeText(capacity)}${forText(examination, since)}: ${WORDS[cause]}${text === '' ? '' : ` (${briefly(text)})`}.`,
    evidence: [
      fieldEvidence(claim, 'spec.resources.requests.storage', requested),
      fieldEvidence(claim, 'status.capacity.storage', capacity),
      ...evidence,
    ],
    facts: knownFacts({
      cause,
      storageClass: classOf(examination.snapshot, claim)?.metadata.name,
      requested,
      capacity,
      pods: podKeys(usersOf(examination.snapshot, claim)),
    }),
    since,
  };
}

const WORDS: Readonly<Record<Cause, string>> = {
  'controller-failed': 'the driver cannot enlarge the disk',
  'node-failed': 'the disk is larger already, but the node cannot enlarge its file system',
  'class-forbids': 'its StorageClass does not allow expansion',
  'waits-for-restart': 'the disk is larger already, and its file system grows when the pod is started again',
  'waits-for-pod': 'the disk is larger already, and its file system grows when a pod mounts it',
  waiting: 'the driver has not enlarged the disk yet',
};

/** `status.allocatedResourceStatuses.storage`, also as it was called before 1.31. */
const CONTROLLER_FAILED = new Set(['ControllerResizeInfeasible', 'ControllerResizeFailed']);
const NODE_FAILED = new Set(['NodeResizeInfeasible', 'NodeResizeFailed']);

function found(examination: Examination, claim: PersistentVolumeClaim): Found {
  const { conditions, allocatedResourceStatuses } = claim.status ?? {};
  const step = allocatedResourceStatuses?.['storage'] ?? '';
  const stepEvidence = step === '' ? [] : [fieldEvidence(claim, 'status.allocatedResourceStatuses.storage', step)];
  const of = (type: string) => {
    const condition = conditionOf(conditions, type);
    return condition?.status === 'True' ? condition : undefined;
  };
  const verdict = (cause: Cause, condition: FoundCondition | undefined, more: readonly Evidence[] = []): Found => ({
    cause,
    text: condition?.message ?? '',
    since: timeOf(condition?.lastTransitionTime),
    evidence: [...(condition === undefined ? [] : conditionEvidence(claim, condition)), ...stepEvidence, ...more],
  });
  const [event] = examination.warnings(claim, 'VolumeResizeFailed', 'FileSystemResizeFailed');
  const eventText = event === undefined ? [] : [eventEvidence(event)];
  const controller = of('ControllerResizeError');
  const node = of('NodeResizeError');
  const pending = of('FileSystemResizePending');
  if (node !== undefined || NODE_FAILED.has(step)) return verdict('node-failed', node, eventText);
  if (controller !== undefined || CONTROLLER_FAILED.has(step))
    return verdict('controller-failed', controller, eventText);
  if (event !== undefined && pending === undefined)
    return { ...verdict('controller-failed', of('Resizing'), eventText), text: event.message ?? '' };
  if (pending !== undefined || step === 'NodeResizePending') {
    const isUsed = usersOf(examination.snapshot, claim).length > 0;
    return verdict(isUsed ? 'waits-for-restart' : 'waits-for-pod', pending, eventText);
  }
  const resizing = of('Resizing');
  const storageClass = classOf(examination.snapshot, claim);
  if (resizing === undefined && storageClass !== undefined && storageClass.allowVolumeExpansion !== true)
    return verdict('class-forbids', undefined, [
      fieldEvidence(storageClass, 'allowVolumeExpansion', storageClass.allowVolumeExpansion ?? false),
    ]);
  return verdict('waiting', resizing);
}
