/** What the control plane does with nodes, and with pods on them. */
import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { NAMESPACE, pod } from './objects.ts';

const TAINTS = 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/';
const NODES_PAGE = 'https://kubernetes.io/docs/concepts/architecture/nodes/';
const node = { verb: 'get', resource: 'v1/nodes', name: 'node-1' } as const;
const one = { verb: 'get', resource: 'v1/pods', namespace: NAMESPACE, name: 'one' } as const;
const events = { verb: 'list', resource: 'v1/events', namespace: NAMESPACE } as const;
const NODES = [{ name: 'node-1' }];
const SOON = { eventuallyMs: 60_000 };
const RUNNING = { eventuallyMs: 120_000, expect: { body: { status: { phase: 'Running' } } } };
const TAINT = { spec: { taints: [{ key: 'example.com/broken', value: 'yes', effect: 'NoExecute' }] } };

export const NODE_CASES: readonly ConformanceCase[] = [
  {
    name: 'a cordoned node is tainted, and free of it when uncordoned',
    source: `${TAINTS}#taint-nodes-by-condition`,
    nodes: NODES,
    steps: [
      { ...node, ...SOON, expect: { body: { spec: { taints: ABSENT } } } },
      { ...node, verb: 'patch', body: { spec: { unschedulable: true } } },
      {
        ...node,
        ...SOON,
        expect: {
          body: {
            spec: {
              unschedulable: true,
              taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: /Z$/ }],
            },
          },
        },
      },
      { ...node, verb: 'patch', body: { spec: { unschedulable: null } } },
      { ...node, ...SOON, expect: { body: { spec: { taints: ABSENT } } } },
    ],
  },
  {
    name: 'a taint drives away pods that do not tolerate it',
    source: `${TAINTS}#concepts`,
    nodes: NODES,
    given: [pod('one'), pod('two', { tolerations: [{ key: 'example.com/broken', operator: 'Exists' }] })],
    steps: [
      { ...one, ...RUNNING },
      { ...one, name: 'two', ...RUNNING },
      { ...node, verb: 'patch', patchType: 'merge', body: TAINT },
      { ...one, eventuallyMs: 120_000, expect: { code: 404 } },
      { ...one, name: 'two', staysMs: 30_000, expect: { body: { metadata: { deletionTimestamp: ABSENT } } } },
      {
        ...events,
        ...SOON,
        expect: {
          some: [
            {
              type: 'Normal',
              reason: 'TaintManagerEviction',
              message: `Marking for deletion Pod ${NAMESPACE}/one`,
              involvedObject: { kind: 'Pod', name: 'one' },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a pod may tolerate a taint for a while',
    source: `${TAINTS}#concepts`,
    nodes: NODES,
    given: [
      pod('one', {
        tolerations: [{ key: 'example.com/broken', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 120 }],
      }),
    ],
    steps: [
      { ...one, ...RUNNING },
      { ...node, verb: 'patch', patchType: 'merge', body: TAINT },
      { ...one, staysMs: 100_000, expect: { body: { metadata: { deletionTimestamp: ABSENT } } } },
      { ...one, eventuallyMs: 120_000, expect: { code: 404 } },
    ],
  },
  {
    name: 'an eviction is called off when the taint goes in time',
    source: `${TAINTS}#concepts`,
    nodes: NODES,
    given: [
      pod('one', {
        tolerations: [{ key: 'example.com/broken', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
      }),
    ],
    steps: [
      { ...one, ...RUNNING },
      { ...node, verb: 'patch', patchType: 'merge', body: TAINT },
      { passMs: 20_000 },
      { ...node, verb: 'patch', patchType: 'merge', body: { spec: { taints: null } } },
      { ...one, staysMs: 120_000, expect: { body: { metadata: { deletionTimestamp: ABSENT } } } },
      {
        ...events,
        ...SOON,
        expect: {
          some: [{ reason: 'TaintManagerEviction', message: `Cancelling deletion of Pod ${NAMESPACE}/one` }],
        },
      },
    ],
  },
  {
    name: 'a node whose kubelet never spoke is unknown and unreachable',
    source: `${NODES_PAGE}#node-status`,
    given: [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } }],
    steps: [
      {
        ...node,
        eventuallyMs: 180_000,
        keep: 'node',
        expect: {
          body: {
            status: {
              conditions: [
                {
                  type: 'Ready',
                  status: 'Unknown',
                  reason: 'NodeStatusNeverUpdated',
                  message: 'Kubelet never posted node status.',
                },
                { type: 'MemoryPressure', status: 'Unknown' },
                { type: 'DiskPressure', status: 'Unknown' },
                { type: 'PIDPressure', status: 'Unknown' },
              ],
            },
          },
        },
      },
      {
        ...node,
        ...SOON,
        expect: {
          body: { spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }] } },
        },
      },
    ],
  },
  {
    name: 'a new node is registered',
    source: 'pkg/controller/nodelifecycle/node_lifecycle_controller.go',
    nodes: NODES,
    steps: [
      {
        ...events,
        ...SOON,
        namespace: 'default',
        expect: {
          some: [
            {
              type: 'Normal',
              reason: 'RegisteredNode',
              message: 'Node node-1 event: Registered Node node-1 in Controller',
              source: { component: 'node-controller' },
              involvedObject: { kind: 'Node', name: 'node-1' },
            },
          ],
        },
      },
    ],
  },
];
