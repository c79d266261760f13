/** A volume lies where the cluster has no node. */
import { refOf, type Node, type PersistentVolume, type Pod } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { isTrue } from '../../conditions.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { isLiving } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';
import { podKeys, usersByKey } from '../../storage/claim-users.ts';
import { isLabelled, nodesFor, placeText } from '../../storage/volume-topology.ts';
import { claimText } from '../../storage/volume-wording.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

/** Facts: claim, cause (no-node or nodes-out), place, nodes (names of those that are out), pods (that wait, at most 20 keys). */
export const rule: Rule = {
  code: 'volume-zone-conflict',
  title: 'Volume cannot be used on any node',
  severity: 'high',
  explanation:
    'A disk can be used in its own zone only, and a local one on its own node only. The node affinity of this bound volume names a zone or node ' +
    'where the cluster has no node (left), or where every node is cordoned or not ready while a pod waits for it. The pod stays Pending, and a ' +
    'rollout with it: `node(s) had volume node affinity conflict`. Without a pod that waits it is low: nothing needs the volume now. The rule ' +
    'stays silent where no Node was read, for volumes without node affinity, and for those that a pod on a node uses.',
  remediation: {
    class: 'add-capacity',
    text: 'Add a node where the volume lies or bring one back; or move the data: restore a snapshot to a new claim in a zone that has nodes.',
  },
  aliases: {},
  needs: ['nodes'],
  *check(examination) {
    const { snapshot } = examination;
    if (snapshot.list('Node').length === 0 || absenceOf(snapshot, '', 'Node', '') !== 'certain') return;
    for (const volume of livingOf(examination, 'PersistentVolume')) {
      const { claimRef, nodeAffinity } = volume.spec ?? {};
      if (volume.status?.phase !== 'Bound' || nodeAffinity?.required === undefined) continue;
      const users = usersByKey(snapshot, claimRef?.namespace ?? '', claimRef?.name ?? '');
      // Where a pod runs with it, it can be used, whatever labels were read.
      if (users.some(({ spec }) => (spec?.nodeName ?? '') !== '')) continue;
      const draft = conflict(examination, volume, users.filter(isWaiting));
      if (draft !== undefined) yield draft;
    }
  },
};

function isWaiting(pod: Pod): boolean {
  return isLiving(pod) && (pod.spec?.nodeName ?? '') === '';
}

function isAway({ spec, status }: Node): boolean {
  return spec?.unschedulable === true || !isTrue(status?.conditions, 'Ready');
}

function conflict(examination: Examination, volume: PersistentVolume, pods: readonly Pod[]): FindingDraft | undefined {
  const nodes = nodesFor(examination.snapshot, volume);
  const out = inOrder(nodes.filter(isAway));
  const isOut = nodes.length > 0 && out.length === nodes.length;
  if (pods.length === 0 ? nodes.length > 0 || !isLabelled(examination.snapshot, volume) : nodes.length > 0 && !isOut)
    return undefined;
  const place = placeText(volume);
  const claim = claimText(volume);
  const names = out.map(({ metadata }) => metadata.name).sort();
  const why =
    nodes.length === 0
      ? 'where the cluster has no node'
      : `where every node is cordoned or not ready (${names.slice(0, 5).join(', ')})`;
  const waits = pods.length === 0 ? '' : `; ${pods.length === 1 ? '1 pod waits' : `${pods.length} pods wait`} for it`;
  return {
    resource: refOf(volume),
    severity: pods.length > 0 ? 'high' : 'low',
    message: `Volume ${volume.metadata.name} of claim ${claim} lies in ${place}, ${why}${waits}.`,
    evidence: [
      fieldEvidence(volume, 'spec.nodeAffinity.required', place),
      ...out
        .slice(0, 3)
        .map((node) =>
          node.spec?.unschedulable === true
            ? fieldEvidence(node, 'spec.unschedulable', true)
            : fieldEvidence(node, 'status.conditions[Ready]', 'not True'),
        ),
      ...(nodes.length > 0
        ? []
        : [
            {
              kind: 'calculation' as const,
              text: `none of ${examination.snapshot.list('Node').length} nodes has the labels that the volume asks for`,
            },
          ]),
    ],
    facts: { claim, cause: nodes.length === 0 ? 'no-node' : 'nodes-out', place, nodes: names, pods: podKeys(pods) },
  };
}
