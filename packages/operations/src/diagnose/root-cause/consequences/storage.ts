/** What follows from findings about volumes, claims and classes, and what they follow from. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { Finding } from '../../finding.ts';
import { provisionersOf } from '../../storage/provisioner-pods.ts';
import { holdersOf } from '../../storage/volume-holders.ts';
import { text, texts, type FindingIndex } from '../finding-index.ts';
import { POD_FAILURES, WORKLOAD_SYMPTOMS, type ConsequenceRule } from './consequence-rule.ts';

/** What the scheduler calls storage. */
const STORAGE_CLASSES = ['claim', 'volume', 'volume-zone', 'volume-limit'];

export const STORAGE_CONSEQUENCES: readonly ConsequenceRule[] = [
  {
    from: ['claim-pending', 'claim-lost', 'claim-deletion-blocked', 'volume-zone-conflict'],
    relation: 'a pod is not placed before its volumes can be used',
    effects: (finding, findings) => (waitsForPod(finding) ? [] : unplaced(finding, findings)),
  },
  {
    from: ['pod-unschedulable', 'pod-scheduling-gated'],
    relation: 'the class of the claim waits until the pod has a node',
    effects: ({ resource: { namespace, name } }, findings) =>
      findings.listing('claim-pending', 'pods', `${namespace}/${name}`).filter(waitsForPod),
  },
  {
    from: ['storage-class-provisioner-missing'],
    relation: 'nothing makes volumes of the class',
    effects: (finding, findings) =>
      findings
        .ofCode('claim-pending')
        .filter(
          (claim) =>
            text(claim, 'cause') === 'provisioner-missing' && text(claim, 'storageClass') === finding.resource.name,
        ),
  },
  {
    from: [...WORKLOAD_SYMPTOMS, ...POD_FAILURES],
    relation: 'the provisioner that should make the volume does not run',
    effects: (finding, findings, snapshot) => {
      const silent = findings.ofCode('claim-pending').filter((claim) => text(claim, 'cause') === 'provisioner-silent');
      const made = silent.length === 0 ? [] : provisionersOf(snapshot, finding.resource);
      return silent.filter((claim) => made.includes(text(claim, 'provisioner')));
    },
  },
  {
    from: ['claim-size-unsupported'],
    relation: 'the provider makes no disk of that size',
    effects: ({ resource, severity }, findings) =>
      severity === 'info' ? [] : findings.about(resource, 'claim-pending', 'claim-expansion-stuck'),
  },
  {
    from: ['claim-lost'],
    relation: 'without its volume the claim cannot be mounted',
    effects: (finding, findings) => mounting(finding, findings),
  },
  {
    from: ['pod-stuck-terminating'],
    relation: 'a claim is kept as long as a pod uses it',
    effects: ({ resource: { namespace, name } }, findings) =>
      findings.listing('claim-deletion-blocked', 'pods', `${namespace}/${name}`),
  },
  {
    from: ['node-not-ready'],
    relation: 'the only nodes that can use the volume are not ready',
    effects: ({ resource }, findings) => findings.listing('volume-zone-conflict', 'nodes', resource.name),
  },
  {
    from: ['node-not-ready'],
    relation: 'a lost node does not let go of its disks',
    effects: ({ resource }, findings) =>
      findings
        .ofCode('volume-attach-failed')
        .filter((volume) => text(volume, 'node') === resource.name && text(volume, 'cause') !== 'refused'),
  },
  {
    from: ['node-not-ready'],
    relation: 'a disk that is still attached to a lost node cannot be attached to another',
    effects: ({ resource }, findings, snapshot) =>
      findings
        .ofCode('pod-volume-mount-failed')
        .filter((pod) => text(pod, 'cause') === 'attach-conflict' && isAttachedTo(resource.name, pod, snapshot)),
  },
  {
    from: ['volume-attach-failed'],
    relation: 'a disk is attached to the node before it is mounted',
    effects: (finding, findings, snapshot) =>
      mounting(finding, findings).filter((other) => holdersOf(snapshot, other.resource).length === 0),
  },
  {
    from: ['node-volume-limit'],
    relation: 'the node takes no further disk',
    effects: (finding, findings, snapshot) => (isFull(finding) ? withoutSlot(finding, findings, snapshot) : []),
  },
];

/** Whether a volume of a pod is attached to a node. */
function isAttachedTo(node: string, { resource: { namespace, name } }: Finding, snapshot: ClusterSnapshot): boolean {
  const volumes = (snapshot.get('Pod', namespace, name)?.spec?.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) =>
      snapshot.get('PersistentVolumeClaim', namespace, persistentVolumeClaim?.claimName ?? '')?.spec?.volumeName ?? [],
  );
  return snapshot
    .list('VolumeAttachment')
    .some(
      ({ spec, status }) =>
        spec?.nodeName === node &&
        status?.attached === true &&
        volumes.includes(spec.source.persistentVolumeName ?? ''),
    );
}

function waitsForPod(finding: Finding): boolean {
  return text(finding, 'cause') === 'waits-for-pod';
}

function unplaced(finding: Finding, findings: FindingIndex): readonly Finding[] {
  return aboutPods(finding, findings, 'pod-unschedulable').filter((pod) =>
    texts(pod, 'classes').some((one) => STORAGE_CLASSES.includes(one)),
  );
}

/** Pods that have a node and wait for the volume there. */
function mounting(finding: Finding, findings: FindingIndex): readonly Finding[] {
  return aboutPods(finding, findings, 'pod-volume-mount-failed', 'pod-start-stalled');
}

function aboutPods(finding: Finding, findings: FindingIndex, ...codes: readonly string[]): readonly Finding[] {
  return texts(finding, 'pods').flatMap((pod) => findings.aboutKey(`/Pod/${pod}`, ...codes));
}

function isFull({ severity }: Finding): boolean {
  return severity !== 'low';
}

function withoutSlot(finding: Finding, findings: FindingIndex, snapshot: ClusterSnapshot): readonly Finding[] {
  return findings
    .onNode(finding.resource.name, snapshot, 'pod-volume-mount-failed')
    .filter((other) => text(other, 'cause') === 'attach-limit');
}
