/** A disk cannot be attached to the node that needs it. */
import { refOf, timeOf, type KindMap, type Node, type Pod, type ResourceRef } from '@aia/cluster';
import { isTrue } from '../../conditions.ts';
import type { Evidence } from '../../evidence.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { isLiving } from '../../nodes/node-pods.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { podKeys, usersByKey } from '../../storage/claim-users.ts';
import { briefly, forText } from '../../wording.ts';

type VolumeAttachment = KindMap['VolumeAttachment'];

/** Facts: cause (refused, held-by-lost-node, held-by-absent-node, detach-failed), volume, claim, node, pods (at most 20 keys). */
export const rule: Rule = {
  code: 'volume-attach-failed',
  title: 'Disk cannot be attached',
  severity: 'high',
  explanation:
    'Before a pod can mount a disk, the disk is attached to its node. The driver refuses to (the attachment says why: the disk is in use, the ' +
    'node has too many, permissions lack), or the disk is still attached to a node that is lost or no longer exists, so that the pod on ' +
    'another node waits. Kubernetes lets go of a disk on a lost node only after six minutes, and only once its pods are deleted. It is ' +
    'medium where no pod waits. The rule stays silent during the grace period.',
  remediation: {
    class: 'repair-storage',
    text: 'Fix what the driver names. For a lost node: bring it back or delete the Node and its pods, or taint it with node.kubernetes.io/out-of-service.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const attachment of inOrder(examination.snapshot.list('VolumeAttachment'))) {
      const draft = refused(examination, attachment) ?? held(examination, attachment);
      if (draft !== undefined) yield draft;
    }
  },
};

interface Parts {
  readonly volume: string;
  readonly node: string;
  readonly resource: ResourceRef;
  /** `shop/data`; `''` where it is not known. */
  readonly claim: string;
  /** Pods that have a node and wait for the disk. */
  readonly waiting: readonly Pod[];
}

function partsOf({ snapshot }: Examination, attachment: VolumeAttachment): Parts {
  const name = attachment.spec?.source?.persistentVolumeName ?? '';
  const volume = snapshot.get('PersistentVolume', '', name);
  const { namespace = '', name: claimName = '' } = volume?.spec?.claimRef ?? {};
  const users = usersByKey(snapshot, namespace, claimName);
  return {
    volume: name,
    node: attachment.spec?.nodeName ?? '',
    resource: refOf(volume ?? attachment),
    claim: claimName === '' ? '' : `${namespace}/${claimName}`,
    waiting: users.filter(
      (pod) => isLiving(pod) && pod.status?.phase === 'Pending' && (pod.spec?.nodeName ?? '') !== '',
    ),
  };
}

/** The driver's own words. */
function refused(examination: Examination, attachment: VolumeAttachment): FindingDraft | undefined {
  const { attachError, detachError, attached } = attachment.status ?? {};
  const isDetaching = attachment.metadata.deletionTimestamp !== undefined;
  const error = isDetaching ? detachError : attached === true ? undefined : attachError;
  const age = examination.ageMs(
    isDetaching ? attachment.metadata.deletionTimestamp : attachment.metadata.creationTimestamp,
  );
  if (error === undefined || (age !== undefined && age < examination.thresholds.graceMs)) return undefined;
  const parts = partsOf(examination, attachment);
  const pods = parts.waiting.filter(({ spec }) => isDetaching === (spec?.nodeName !== parts.node));
  const field = isDetaching ? 'detachError' : 'attachError';
  const text = error.message ?? '';
  return draft(examination, attachment, parts, {
    cause: isDetaching ? 'detach-failed' : 'refused',
    why: `${isDetaching ? `cannot be detached from node ${parts.node}` : `cannot be attached to node ${parts.node}`}${text === '' ? '' : `: ${briefly(text)}`}`,
    pods,
    evidence: [fieldEvidence(attachment, `status.${field}.message`, text)],
  });
}

/** Attached where it is of no use, while a pod on another node waits for it. */
function held(examination: Examination, attachment: VolumeAttachment): FindingDraft | undefined {
  const { snapshot } = examination;
  const nodes = snapshot.list('Node');
  if (attachment.status?.attached !== true || nodes.length === 0) return undefined;
  const parts = partsOf(examination, attachment);
  const node: Node | undefined = snapshot.get('Node', '', parts.node);
  const isLost = node === undefined || !isTrue(node.status?.conditions, 'Ready');
  const pods = parts.waiting.filter(
    ({ spec, metadata }) =>
      spec?.nodeName !== parts.node &&
      (examination.ageMs(metadata.creationTimestamp) ?? Infinity) >= examination.thresholds.graceMs,
  );
  if (!isLost || pods.length === 0) return undefined;
  return draft(examination, attachment, parts, {
    cause: node === undefined ? 'held-by-absent-node' : 'held-by-lost-node',
    why: `is still attached to node ${parts.node}, which ${node === undefined ? 'no longer exists' : 'is not ready'}`,
    pods,
    evidence: [
      fieldEvidence(attachment, 'status.attached', true),
      fieldEvidence(attachment, 'spec.nodeName', parts.node),
    ],
  });
}

function draft(
  examination: Examination,
  attachment: VolumeAttachment,
  { volume, node, resource, claim }: Parts,
  { cause, why, pods, evidence }: { cause: string; why: string; pods: readonly Pod[]; evidence: readonly Evidence[] },
): FindingDraft {
  const since = timeOf(attachment.metadata.creationTimestamp);
  const [pod] = pods;
  return {
    resource,
    part: node,
    severity: pod === undefined ? 'medium' : 'high',
    message: `Volume ${volume}${claim === '' ? '' : ` of claim ${claim}`} ${why}${pod === undefined ? '' : `; pod ${podName(pod)} has been waiting for it${forText(examination, timeOf(pod.metadata.creationTimestamp))}`}.`,
    evidence: [
      ...evidence,
      ...(pod === undefined ? [] : [fieldEvidence(pod, 'spec.nodeName', pod.spec?.nodeName ?? '')]),
    ],
    facts: knownFacts({ cause, volume, claim: claim === '' ? undefined : claim, node, pods: podKeys(pods) }),
    since,
  };
}
