/** The cluster cannot stand in for a lost node: its requests need every node there is. */
import { readableBytes, type NodeState } from '@aia/cluster';
import { isReady } from '../../conditions.ts';
import type { Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { mayGrow } from '../../nodes/growth.ts';
import { isNodePod, unschedulablePods } from '../../nodes/node-pods.ts';
import type { Rule } from '../../rule.ts';

type Field = 'cpuMillis' | 'memoryBytes';

const FIELDS: readonly (readonly [name: 'CPU' | 'memory', field: Field, text: (amount: number) => string])[] = [
  ['CPU', 'cpuMillis', (millis) => `${Number((millis / 1000).toFixed(1))} CPU`],
  ['memory', 'memoryBytes', readableBytes],
];

const CONTROL_PLANE = ['control-plane', 'master'].map((role) => `node-role.kubernetes.io/${role}`);

/** Facts: resource (`CPU` or `memory`), requested, remaining (millicores or bytes), node (the largest), nodes. */
export const rule: Rule = {
  code: 'cluster-overcommitted',
  title: 'Requests need every node there is',
  severity: 'low',
  explanation:
    'If the largest node were lost, the requests of the pods that run would exceed what the other nodes offer, so some of them would have no ' +
    'place. All works until then. Pods of DaemonSets count on their own node only, since they go with it. The rule looks at ready nodes that ' +
    'carry workloads and stays silent for clusters of a single such node, for clusters that can still grow by themselves (an autoscaler with a ' +
    'group below its maximum, Karpenter, GKE Autopilot), and while pods wait for a node, which pod-unschedulable reports.',
  remediation: { class: 'add-capacity', text: 'Add a node, let the pools grow, or lower requests to measured use.' },
  aliases: { mixin: ['KubeCPUOvercommit', 'KubeMemoryOvercommit'] },
  needs: ['pods', 'nodes'],
  *check(examination) {
    const nodes = examination.world.nodes.filter(carriesWork);
    if (nodes.length < 2 || mayGrow(examination.snapshot) || unschedulablePods(examination).length > 0) return;
    for (const one of FIELDS) {
      const draft = overcommitted(examination, nodes, one);
      if (draft !== undefined) yield draft;
    }
  },
};

function carriesWork({ node }: NodeState): boolean {
  return isReady(node) && !CONTROL_PLANE.some((role) => node.metadata.labels?.[role] !== undefined);
}

function overcommitted(
  { world }: Examination,
  nodes: readonly NodeState[],
  [name, field, text]: (typeof FIELDS)[number],
): FindingDraft | undefined {
  const largest = nodes.reduce((a, b) => (b.allocatable[field] > a.allocatable[field] ? b : a));
  const offered = nodes.reduce((sum, { allocatable }) => sum + allocatable[field], 0);
  const bound = largest.pods.filter(({ pod }) => isNodePod(pod));
  const goes = bound.reduce((sum, { pod }) => sum + world.requestsOf(pod)[field], 0);
  const requested = nodes.reduce((sum, node) => sum + node.requested[field], 0) - goes;
  const remaining = offered - largest.allocatable[field];
  if (remaining <= 0 || requested <= remaining) return undefined;
  return {
    resource: { group: '', kind: 'Cluster', namespace: '', name: 'nodes and pods' },
    part: name,
    message: `Without its largest node (${largest.name}) the cluster has ${text(remaining)}${name === 'CPU' ? '' : ' of memory'}, and its pods request ${text(requested)}; not all of them would find a place.`,
    evidence: [
      {
        kind: 'calculation',
        text: `${name} requests of pods on ${nodes.length} nodes: ${text(requested)}; allocatable of ${nodes.length - 1} nodes without ${largest.name}: ${text(remaining)}`,
      },
    ],
    facts: { resource: name, requested, remaining, node: largest.name, nodes: nodes.length },
  };
}
