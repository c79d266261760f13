/** A DaemonSet is not ready on every node where it should run. */
import { refOf, type DaemonSet, type Pod } from '@aia/cluster';
import { isReady } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { outageSeverity, shortfallEvidence, shortfallOf, shortfallText } from '../../workloads/shortfall.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** Facts: desired, ready, updated, missing (pods that do not exist), nodes (where a pod is not ready). */
export const rule: Rule = {
  code: 'daemon-set-unavailable',
  title: 'DaemonSet is not ready on every node',
  severity: 'high',
  explanation:
    'Some nodes have been without a ready pod of the DaemonSet for longer than a start takes; what it provides there (networking, logs, ' +
    'metrics, storage) is missing. It is critical when no node has a ready one and a Service selects the pods. The rule stays silent while pods are younger than the grace period, as on new nodes and during ' +
    'a rolling update, and where the pods stand on nodes that are themselves not ready: those are reported by node-not-ready.',
  remediation: {
    class: 'investigate',
    text: 'See the findings about its pods on the nodes named; where pods do not exist, see why their creation is refused or what room the node lacks.',
  },
  aliases: {
    k8sgpt: ['DaemonSet/1'],
    popeye: ['501'],
    mixin: ['KubeDaemonSetRolloutStuck', 'KubeDaemonSetNotScheduled'],
  },
  needs: ['kind:apps/DaemonSet'],
  *check(examination) {
    for (const set of livingOf(examination, 'DaemonSet')) {
      const { desiredNumberScheduled: desired = 0, numberReady = 0 } = set.status ?? {};
      const draft = numberReady < desired ? unready(examination, set, desired, numberReady) : undefined;
      if (draft !== undefined) yield draft;
    }
  },
};

function unready(examination: Examination, set: DaemonSet, desired: number, ready: number): FindingDraft | undefined {
  const { snapshot } = examination;
  const isOnLostNode = (pod: Pod): boolean => {
    const node = snapshot.get('Node', '', nodeOf(pod) ?? '');
    return node !== undefined && !isReady(node);
  };
  // A node that has just joined has no pod yet.
  const joining = snapshot
    .list('Node')
    .filter(
      (node) => (examination.ageMs(node.metadata.creationTimestamp) ?? Infinity) < examination.thresholds.graceMs,
    );
  const short = shortfallOf(examination, set, desired - joining.length, undefined, isOnLostNode);
  if (short === undefined) return undefined;
  const nodes = unique(short.late.map(nodeOf).filter((name) => name !== undefined));
  const { namespace = '', name } = set.metadata;
  return {
    resource: refOf(set),
    severity: outageSeverity(examination, set, ready),
    message: `DaemonSet ${namespace}/${name} is ready on ${ready} of ${desired} nodes${forText(examination, short.since)}${shortfallText(short)}.`,
    evidence: [
      fieldEvidence(set, 'status.numberReady', ready),
      fieldEvidence(set, 'status.desiredNumberScheduled', desired),
      ...shortfallEvidence(short),
    ],
    facts: { desired, ready, updated: set.status?.updatedNumberScheduled ?? 0, missing: short.missing, nodes },
    since: short.since,
  };
}

/** A DaemonSet's pod is meant for one node from its creation, by an affinity to the node's name. */
function nodeOf({ spec }: Pod): string | undefined {
  if (spec?.nodeName !== undefined && spec.nodeName !== '') return spec.nodeName;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchFields }) => matchFields ?? []).find(({ key }) => key === 'metadata.name')?.values?.[0];
}
