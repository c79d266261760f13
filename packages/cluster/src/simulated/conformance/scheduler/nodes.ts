import type { ConformanceCase } from '../conformance-case.ts';
import { create, hopeless, nodes, patchNode, placed, pod, unavailable, waits } from './steps.ts';

const SCHEDULING = 'https://kubernetes.io/docs/concepts/scheduling-eviction';
const ASSIGN = `${SCHEDULING}/assign-pod-node/`;
const TAINTS = `${SCHEDULING}/taint-and-toleration/`;
const ONE = nodes({ n1: {} });

/** What nodes are, and what pods say of them. */
export const NODE_CASES: readonly ConformanceCase[] = [
  {
    name: 'A node selector that no node has keeps the pod waiting until a node has it',
    source: `${ASSIGN}#nodeselector`,
    nodes: ONE,
    steps: [
      create(pod('web', { spec: { nodeSelector: { disk: 'ssd' } } })),
      waits('web', hopeless(1, "1 node(s) didn't match Pod's node affinity/selector")),
      patchNode('n1', { metadata: { labels: { disk: 'ssd' } } }),
      placed('web', 'n1'),
    ],
  },
  {
    name: 'Required node affinity compares numbers',
    source: `${ASSIGN}#operators`,
    nodes: nodes({ n1: { labels: { cores: '4' } }, n2: { labels: { cores: '16' } } }),
    steps: [
      create(
        pod('web', {
          spec: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['8'] }] }],
                },
              },
            },
          },
        }),
      ),
      placed('web', 'n2'),
    ],
  },
  {
    name: 'Preferred node affinity decides where else nothing does',
    source: `${ASSIGN}#node-affinity`,
    nodes: nodes({ n1: {}, n2: { labels: { disk: 'ssd' } }, n3: {} }),
    steps: [
      create(
        pod('web', {
          spec: {
            affinity: {
              nodeAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  { weight: 10, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } },
                ],
              },
            },
          },
        }),
      ),
      placed('web', 'n2'),
    ],
  },
  {
    name: 'A taint keeps pods out that do not tolerate it',
    source: TAINTS,
    nodes: nodes({ n1: { taints: [{ key: 'team', value: 'a', effect: 'NoSchedule' }] } }),
    steps: [
      create(pod('web')),
      waits('web', hopeless(1, '1 node(s) had untolerated taint(s)')),
      create(
        pod('own', { spec: { tolerations: [{ key: 'team', operator: 'Equal', value: 'a', effect: 'NoSchedule' }] } }),
      ),
      placed('own', 'n1'),
      patchNode('n1', { spec: { taints: null } }),
      placed('web', 'n1'),
    ],
  },
  {
    name: 'A toleration of everything lets a pod onto any tainted node',
    source: TAINTS,
    nodes: nodes({ n1: { taints: [{ key: 'team', value: 'a', effect: 'NoExecute' }] } }),
    steps: [create(pod('web', { spec: { tolerations: [{ operator: 'Exists' }] } })), placed('web', 'n1')],
  },
  {
    name: 'A node with a taint PreferNoSchedule is taken only where no other is',
    source: TAINTS,
    nodes: nodes({ n1: { taints: [{ key: 'team', effect: 'PreferNoSchedule' }] }, n2: {} }),
    steps: [
      create(pod('first', { requests: { cpu: '3' } })),
      placed('first', 'n2'),
      create(pod('second', { requests: { cpu: '3' } })),
      placed('second', 'n1'),
    ],
  },
  {
    name: 'A cordoned node takes no pod until it is uncordoned',
    source: 'https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration',
    nodes: ONE,
    steps: [
      patchNode('n1', { spec: { unschedulable: true } }),
      { passMs: 2000 },
      create(pod('web')),
      waits('web', hopeless(1, '1 node(s) were unschedulable')),
      patchNode('n1', { spec: { unschedulable: null } }),
      placed('web', 'n1'),
    ],
  },
  {
    name: 'The reasons of all nodes are counted and sorted',
    source: 'pkg/scheduler/framework/types.go',
    nodes: nodes({
      n1: { labels: { disk: 'ssd' } },
      n2: {},
      n3: { labels: { disk: 'ssd' }, taints: [{ key: 'team', value: 'a', effect: 'NoSchedule' }] },
      n4: { labels: { disk: 'ssd' } },
    }),
    steps: [
      create(pod('web', { requests: { cpu: '64' }, spec: { nodeSelector: { disk: 'ssd' } } })),
      waits(
        'web',
        unavailable(
          4,
          "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 2 Insufficient cpu",
          '4 Preemption is not helpful for scheduling',
        ),
      ),
    ],
  },
  {
    name: 'A pod that names nodes in its affinity is tried on no other',
    source: 'pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go',
    nodes: nodes({ n1: {}, n2: {} }),
    steps: [
      create(
        pod('web', {
          requests: { cpu: '64' },
          spec: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }],
                },
              },
            },
          },
        }),
      ),
      waits('web', hopeless(2, "1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]")),
    ],
  },
];
