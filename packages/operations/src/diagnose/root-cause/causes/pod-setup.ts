/** Causes for pods that a node cannot set up although they have a place: Pod addresses used up, a volume that another pod holds. */
import { refKey, refOf, refText, type ResourceRef } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { Finding } from '../../finding.ts';
import { podName } from '../../pods/pod-wording.ts';
import { exclusiveHolder, holdersOf, type VolumeHolder } from '../../storage/volume-holders.ts';
import { text } from '../finding-index.ts';
import { effectsOn, partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { reasonsOf } from '../scheduling-words.ts';
import { workloadRef } from './workload-ref.ts';

/** Only findings that no other finding brings about. */
export function explainByPodSetup(roots: ReadonlySet<string>) {
  return ({ findings, examination }: CauseContext): readonly Hypothesis[] => {
    const own = (code: string, cause: string) =>
      findings.ofCode(code).filter((finding) => roots.has(finding.id) && text(finding, 'cause') === cause);
    const byNode = Map.groupBy(own('pod-sandbox-failed', 'ip-exhausted'), (finding) => text(finding, 'node'));
    const unwired = Map.groupBy(own('pod-sandbox-failed', 'network'), (finding) => text(finding, 'node'));
    const held = own('pod-volume-mount-failed', 'attach-conflict').flatMap((finding) => {
      const [holder] = holdersOf(examination.snapshot, finding.resource);
      if (holder === undefined) return [];
      const { namespace, name } = finding.resource;
      const seen = findings.listing('volume-attach-failed', 'pods', `${namespace}/${name}`);
      return [volumeHeld(finding, holder, refOf(examination.workloadOf(holder.pod)), seen)];
    });
    return [
      ...emptyRanges(byNode, examination.snapshot.list('Node').length),
      ...unwiredNodes(unwired, examination.snapshot.list('Node').length),
      ...held,
      ...findings.ofCode('pod-unschedulable').flatMap((finding) => {
        const holder = roots.has(finding.id) ? exclusiveHolder(examination.snapshot, finding.resource) : undefined;
        return holder === undefined || reasonsOf(finding, 'volume').length === 0
          ? []
          : [claimTaken(finding, holder, refOf(examination.workloadOf(holder.pod)))];
      }),
    ];
  };
}

/** Nodes that draw on one range, the subnet, run out of it together. */
function emptyRanges(byNode: ReadonlyMap<string, readonly Finding[]>, nodes: number): readonly Hypothesis[] {
  if (byNode.size < 2 || byNode.size < nodes) return [...byNode].map(([node, failed]) => addressesUsedUp(node, failed));
  const failed = [...byNode.values()].flat();
  return [
    {
      ...addressesUsedUp('(all)', failed),
      title: 'No Pod address is left on any node',
      statement: `${failed.length} pods have no sandbox, on each of the ${byNode.size} nodes: the network plugin has no address left to give, so what they share, such as the subnet, is used up.`,
    },
  ];
}

function addressesUsedUp(node: string, failed: readonly Finding[]): Hypothesis {
  const resource: ResourceRef = { group: '', kind: 'Node', namespace: '', name: node };
  const pods = failed.length === 1 ? 'One pod has' : `${failed.length} pods have`;
  return {
    class: 'pod-addresses-exhausted',
    resource,
    title: `No Pod address is left on ${refText(resource)}`,
    statement: `${pods} no sandbox on node ${node}: the network plugin has no address left to give there.`,
    effects: effectsOn(failed, 'without an address the network plugin sets up no sandbox'),
    evidence: failed.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, 4),
    weighings: [{ observation: 'the network plugin says so', ratio: STRENGTH.stated }],
    remediation: {
      class: 'repair-network',
      text:
        'Give the node or its subnet more Pod addresses (a larger or further range; on AWS free addresses in the subnet or prefix ' +
        'delegation), or run fewer pods on it; look for addresses of ended pods that were not given back.',
    },
  };
}

/** What every node of a cluster lacks is one thing, and none of theirs. */
function unwiredNodes(unwired: ReadonlyMap<string, readonly Finding[]>, nodes: number): readonly Hypothesis[] {
  if (unwired.size < 2 || unwired.size < nodes)
    return [...unwired].map(([node, failed]) => networkUnavailable(node, failed));
  const failed = [...unwired.values()].flat();
  const one = networkUnavailable('(all)', failed);
  return [
    {
      ...one,
      title: 'The network plugin sets up no pods on any node',
      statement: `${failed.length} pods get no network, on each of the ${unwired.size} nodes: the network plugin refuses or does not answer.`,
      remediation: {
        class: 'repair-network',
        text: "Look at the network plugin's pods and their logs, at what was changed about it last, and at /etc/cni/net.d of a node.",
      },
    },
  ];
}

function networkUnavailable(node: string, failed: readonly Finding[]): Hypothesis {
  const resource: ResourceRef = { group: '', kind: 'Node', namespace: '', name: node };
  const pods = failed.length === 1 ? 'One pod gets' : `${failed.length} pods get`;
  return {
    class: 'pod-network-unavailable',
    resource,
    title: `The network plugin of ${refText(resource)} sets up no pods`,
    statement: `${pods} no network on node ${node}: the network plugin there refuses or does not answer.`,
    effects: effectsOn(failed, 'without a network a pod has no sandbox'),
    evidence: failed.flatMap(({ evidence }) => evidence.slice(0, 1)).slice(0, 4),
    weighings: [
      { observation: 'the kubelet says that the network of the pods cannot be set up', ratio: STRENGTH.measured },
    ],
    remediation: {
      class: 'repair-network',
      text: "Look at the network plugin's pod on this node and its log, and at its configuration in /etc/cni/net.d.",
    },
  };
}

const LET_GO =
  'Update the Deployment with strategy Recreate, so that the old pod lets go of the volume first, or make it a StatefulSet; until then ' +
  'delete the old pod.';
const SHARE =
  'Run both pods on one node, give each a volume of its own, or use storage that several nodes can write to (ReadWriteMany).';

/** A claim that one pod alone may use, and another pod does. */
function claimTaken(finding: Finding, { pod, claim }: VolumeHolder, holder: ResourceRef): Hypothesis {
  const workload = workloadRef(finding);
  const { namespace } = finding.resource;
  return {
    class: 'volume-held',
    resource: { group: '', kind: 'PersistentVolumeClaim', namespace, name: claim },
    title: `Claim ${namespace}/${claim} is for one pod at a time, and pod ${podName(pod)} has it`,
    statement: `A pod of ${refText(workload)} waits for claim ${namespace}/${claim}, whose access mode ReadWriteOncePod lets one pod use it; pod ${podName(pod)} does.`,
    effects: effectsOn([finding], 'a ReadWriteOncePod claim is for one pod at a time'),
    evidence: [...finding.evidence.slice(0, 2), fieldEvidence(pod, 'status.phase', pod.status?.phase ?? '')],
    weighings: [{ observation: 'the scheduler says so, and the other pod is there', ratio: STRENGTH.stated }],
    remediation: {
      class: 'repair-storage',
      text: workload.kind === 'Deployment' && refKey(holder) === refKey(workload) ? LET_GO : SHARE,
    },
  };
}

/** `seen`: findings that say the same of the disk. */
function volumeHeld(
  finding: Finding,
  { pod, claim }: VolumeHolder,
  holder: ResourceRef,
  seen: readonly Finding[],
): Hypothesis {
  const workload = workloadRef(finding);
  const { namespace } = finding.resource;
  const node = pod.spec?.nodeName ?? '';
  return {
    class: 'volume-held',
    resource: { group: '', kind: 'PersistentVolumeClaim', namespace, name: claim },
    title: `Claim ${namespace}/${claim} is in use on another node, by pod ${podName(pod)}`,
    statement: `A pod of ${refText(workload)} waits for claim ${namespace}/${claim}, whose disk one node at a time can have; pod ${podName(pod)} has it on node ${node}.`,
    effects: [
      ...partsOf(seen, 'it is the same disk, as its driver sees it'),
      ...effectsOn([finding], 'a disk that one node has cannot be attached to another'),
    ],
    evidence: [...finding.evidence.slice(0, 2), fieldEvidence(pod, 'spec.nodeName', node)],
    weighings: [{ observation: 'a pod on another node uses the claim', ratio: STRENGTH.stated }],
    remediation: {
      class: 'repair-storage',
      text: workload.kind === 'Deployment' && refKey(holder) === refKey(workload) ? LET_GO : SHARE,
    },
  };
}
