/** Node groups that have reached their own maximum. */
import type { NodeGroupStatus, Pod } from '@aia/cluster';
import { conditionOf } from '../../conditions.ts';
import type { Evidence } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { parseScheduling } from '../../messages/scheduling.ts';
import { freshNode, nodeKinds } from '../../nodes/node-kinds.ts';
import { unschedulablePods } from '../../nodes/node-pods.ts';
import { unique } from '../../order.ts';
import { podName } from '../../pods/pod-wording.ts';
import { refusedScaleUps, shortGroup, type RefusedScaleUp } from '../../nodes/refused-scale-up.ts';
import type { Rule } from '../../rule.ts';

/** Facts: groups (those at their maximum), pods (`namespace/name` of those that wait for them; empty when none does). */
export const rule: Rule = {
  code: 'node-pool-at-maximum',
  title: 'Node group is at its maximum size',
  severity: 'high',
  explanation:
    'Node groups have reached the maximum that their autoscaling is set to. It is high while pods wait for a node that these groups could ' +
    'give, and that would take them: the autoscaler says so of a pod, or every group that may grow is at its maximum and the scheduler lacks capacity. Without ' +
    'such pods it is information: the next pod that does not fit will wait. The limit is a choice of the owner of the cluster, not of ' +
    'the cloud. Groups of a fixed size are not meant to grow and are left out.',
  remediation: {
    class: 'add-capacity',
    text: 'Raise the maximum of the node pool if quota allows it, or lower requests.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const refused = refusedScaleUps(examination).filter(({ refusal }) => refusal.cause === 'max-size');
    const growing = (examination.snapshot.cloud.autoscaler?.nodeGroups ?? []).filter(
      ({ minSize, maxSize }) => maxSize > minSize,
    );
    const full = growing.filter(({ maxSize, target }) => target >= maxSize);
    const isAllFull = full.length > 0 && full.length === growing.length;
    const pods = waitingPods(examination, new Set(refused.flatMap((one) => one.pods)), isAllFull);
    if (pods.length === 0 && full.length === 0) return;
    yield draftOf(examination, full, pods, refused);
  },
};

/** Pods that the autoscaler speaks of, and where all groups are full those that lack capacity; as long as they wait. */
function waitingPods(examination: Examination, named: ReadonlySet<string>, isAllFull: boolean): readonly string[] {
  const waiting = unschedulablePods(examination).filter(
    (pod) => named.has(podName(pod)) || (isAllFull && lacksCapacity(pod)),
  );
  return unique(helpedByNode(examination, waiting).map(podName));
}

/**
 * The autoscaler names the maximum before it asks what would fit: of pods that no further node would take (for want of a GPU, a label, a volume) it
 * says the same. Where no nodes were read, its word counts.
 */
function helpedByNode({ world }: Examination, pods: readonly Pod[]): readonly Pod[] {
  if (pods.length === 0) return [];
  const fresh = nodeKinds(world).map((kind) => freshNode(kind, 1));
  if (fresh.length === 0) return pods;
  const wider = world.withNodes(fresh);
  return pods.filter((pod) => fresh.some(({ node }) => wider.refusal(pod, node.metadata.name ?? '') === undefined));
}

function lacksCapacity({ status }: Pod): boolean {
  const message = conditionOf(status?.conditions, 'PodScheduled')?.message ?? '';
  return parseScheduling(message)?.reasons.some((reason) => reason.class === 'capacity') ?? false;
}

function draftOf(
  { snapshot }: Examination,
  full: readonly NodeGroupStatus[],
  pods: readonly string[],
  refused: readonly RefusedScaleUp[],
): FindingDraft {
  const groups = unique(full.map(({ name }) => shortGroup(name)));
  const subject = groups.length === 0 ? 'A node group' : groups.join(', ');
  const sizes = full.map((group): Evidence => ({
    kind: 'cloud',
    source: `autoscaler status of ${shortGroup(group.name)}`,
    text: `target ${group.target}, maximum ${group.maxSize}`,
    at: snapshot.cloud.autoscaler?.updatedAt,
  }));
  const told = refused.filter((one) => one.pods.some((pod) => pods.includes(pod)));
  return {
    resource: {
      group: 'autoscaling.k8s.io',
      kind: 'ClusterAutoscaler',
      namespace: 'kube-system',
      name: 'cluster-autoscaler',
    },
    severity: pods.length === 0 ? 'info' : 'high',
    message:
      pods.length === 0
        ? `${subject} cannot grow beyond ${groups.length === 1 ? 'its' : 'their'} maximum; no pod waits for that now.`
        : `${subject} cannot grow beyond ${groups.length > 1 ? 'their' : 'its'} maximum, while ${pods.length} ${pods.length === 1 ? 'pod waits' : 'pods wait'} for a node.`,
    evidence: [...sizes, ...told.slice(0, 2).map(({ evidence }) => evidence)],
    facts: { groups, pods },
  };
}
