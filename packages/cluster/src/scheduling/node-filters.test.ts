import { describe } from 'vitest';
import { check, node, pod, running, spec, type Json } from './sample.suite.ts';

const taints = (...list: readonly Json[]) => ({ spec: { taints: list } });
const affinity = (terms: readonly Json[]) =>
  spec({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  });

describe('selection of nodes', () => {
  check([
    { name: 'an empty node takes a plain pod', objects: [node('n1'), pod('new')], reasons: [] },
    {
      name: 'cordoned',
      objects: [node('n1', spec({ unschedulable: true })), pod('new')],
      reasons: ['node(s) were unschedulable'],
    },
    {
      name: 'cordoned but tolerated, as by DaemonSets',
      objects: [
        node('n1', spec({ unschedulable: true })),
        pod(
          'new',
          spec({
            tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }],
          }),
        ),
      ],
      reasons: [],
    },
    {
      name: 'another node is named',
      objects: [node('n1'), pod('new', spec({ nodeName: 'n2' }))],
      reasons: ["node(s) didn't match the requested node name"],
    },
    {
      name: 'taint with value',
      objects: [node('n1', taints({ key: 'team', value: 'ml', effect: 'NoSchedule' })), pod('new')],
      reasons: ['node(s) had untolerated taint {team: ml}'],
    },
    {
      name: 'taint without value; the first that is not tolerated counts',
      objects: [
        node(
          'n1',
          taints(
            { key: 'team', value: 'ml', effect: 'NoSchedule' },
            { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
          ),
        ),
        pod('new', spec({ tolerations: [{ key: 'team', operator: 'Equal', value: 'ml' }] })),
      ],
      reasons: ['node(s) had untolerated taint {node.kubernetes.io/unreachable: }'],
    },
    {
      name: 'soft taints keep nobody out',
      objects: [node('n1', taints({ key: 'a', effect: 'PreferNoSchedule' })), pod('new')],
      reasons: [],
    },
    {
      name: 'toleration of everything',
      objects: [
        node('n1', taints({ key: 'a', value: 'b', effect: 'NoExecute' })),
        pod('new', spec({ tolerations: [{ operator: 'Exists' }] })),
      ],
      reasons: [],
    },
    ...(
      [
        ['Gt', '750', '950', true],
        ['Gt', '950', '950', false],
        ['Lt', '800', '950', false],
        ['Lt', '950', '-1', true],
        ['Lt', '950', 'fast', false],
        ['', 'a', 'a', true],
        ['Like', 'a', 'a', false],
      ] as const
    ).map(([operator, value, taint, tolerated]) => ({
      name: `toleration ${operator} ${value} of ${taint}`,
      objects: [
        node('n1', taints({ key: 'sla', value: taint, effect: 'NoSchedule' })),
        pod('new', spec({ tolerations: [{ key: 'sla', operator, value, effect: 'NoSchedule' }] })),
      ],
      reasons: tolerated ? [] : [`node(s) had untolerated taint {sla: ${taint}}`],
    })),
    {
      name: 'a toleration of one effect leaves the other',
      objects: [
        node(
          'n1',
          taints({ key: 'a', value: 'b', effect: 'NoSchedule' }, { key: 'a', value: 'b', effect: 'NoExecute' }),
        ),
        pod('new', spec({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }] })),
      ],
      reasons: ['node(s) had untolerated taint {a: b}'],
    },
    {
      name: 'expressions of one term all hold, or the term does not',
      objects: [
        node('n1', { labels: { cores: '8', disk: 'hdd' } }),
        pod(
          'new',
          affinity([
            {
              matchExpressions: [
                { key: 'cores', operator: 'Gt', values: ['4'] },
                { key: 'disk', operator: 'NotIn', values: ['hdd'] },
              ],
            },
          ]),
        ),
      ],
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    },
    {
      name: 'no terms at all match no node',
      objects: [node('n1'), pod('new', affinity([]))],
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    },
    {
      name: 'fields and selector count together',
      objects: [
        node('n1'),
        pod('new', {
          spec: {
            nodeSelector: { disk: 'ssd' },
            ...affinity([{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }]).spec,
          },
        }),
      ],
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    },
    {
      name: 'terms that name no node in common',
      objects: [
        node('n1'),
        pod(
          'new',
          affinity([
            {
              matchFields: [
                { key: 'metadata.name', operator: 'In', values: ['n1'] },
                { key: 'metadata.name', operator: 'In', values: ['n2'] },
              ],
            },
          ]),
        ),
      ],
      reasons: ['pod affinity terms conflict'],
    },
    {
      name: 'nodeSelector',
      objects: [node('n1'), pod('new', spec({ nodeSelector: { disk: 'ssd' } }))],
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    },
    {
      name: 'one of several affinity terms is enough',
      objects: [
        node('n1', { labels: { cores: '8' } }),
        pod(
          'new',
          affinity([
            { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] },
            { matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['4'] }] },
          ]),
        ),
      ],
      reasons: [],
    },
    {
      name: 'an empty affinity term matches no node',
      objects: [node('n1'), pod('new', affinity([{}]))],
      reasons: ["node(s) didn't match Pod's node affinity/selector"],
    },
    {
      name: 'node named by a field, as for DaemonSet pods',
      objects: [
        node('n1'),
        node('n2'),
        pod('new', affinity([{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] }])),
      ],
      reasons: ["node(s) didn't satisfy plugin(s) [NodeAffinity]"],
    },
  ]);
});

describe('room on nodes', () => {
  check([
    {
      name: 'cpu is short',
      objects: [node('n1'), running('a', { requests: { cpu: '1500m' } }), pod('new', { requests: { cpu: '501m' } })],
      reasons: ['Insufficient cpu'],
    },
    {
      name: 'cpu fits to the millicore',
      objects: [node('n1'), running('a', { requests: { cpu: '1500m' } }), pod('new', { requests: { cpu: '500m' } })],
      reasons: [],
    },
    {
      name: 'several are short',
      objects: [
        node('n1', { allocatable: { pods: '1' } }),
        running('a'),
        pod('new', { requests: { cpu: '3', memory: '5Gi', 'ephemeral-storage': '1Gi', 'nvidia.com/gpu': 1 } }),
      ],
      reasons: [
        'Too many pods',
        'Insufficient cpu',
        'Insufficient memory',
        'Insufficient ephemeral-storage',
        'Insufficient nvidia.com/gpu',
      ],
    },
    {
      name: 'terminating pods still hold theirs',
      objects: [
        node('n1'),
        running('a', { requests: { cpu: '2' }, metadata: { deletionTimestamp: '2025-09-27T12:00:00Z' } }),
        pod('new', { requests: { cpu: '1' } }),
      ],
      reasons: ['Insufficient cpu'],
    },
    {
      name: 'a node that publishes no pod limit takes none',
      objects: [node('n1', { allocatable: { pods: '0' } }), pod('new')],
      reasons: ['Too many pods'],
    },
    {
      name: 'huge pages and extended resources are counted by name',
      objects: [
        node('n1', { allocatable: { 'hugepages-2Mi': '4Mi', 'nvidia.com/gpu': '1' } }),
        running('a', { requests: { 'hugepages-2Mi': '2Mi', 'nvidia.com/gpu': '1' } }),
        pod('new', { requests: { 'hugepages-2Mi': '2Mi', 'nvidia.com/gpu': '0', 'hugepages-1Gi': '1Gi' } }),
      ],
      reasons: ['Insufficient hugepages-1Gi'],
    },
    {
      name: 'a sub-millicore request counts as one millicore',
      objects: [
        node('n1', { allocatable: { cpu: '100m' } }),
        running('a', { requests: { cpu: '100m' } }),
        pod('new', { requests: { cpu: '1n' } }),
      ],
      reasons: ['Insufficient cpu'],
    },
    {
      name: 'finished pods hold nothing',
      objects: [
        node('n1'),
        pod('a', { requests: { cpu: '2' }, spec: { nodeName: 'n1' }, status: { phase: 'Succeeded' } }),
        pod('new', { requests: { cpu: '2' } }),
      ],
      reasons: [],
    },
    {
      name: 'a pod that asks for nothing fits an over-committed node',
      objects: [node('n1'), running('a', { requests: { cpu: '3' } }), pod('new')],
      reasons: [],
    },
    {
      name: 'host port taken',
      objects: [
        node('n1'),
        running('a', { container: { ports: [{ containerPort: 80, hostPort: 80 }] } }),
        pod('new', { container: { ports: [{ containerPort: 8080, hostPort: 80, hostIP: '10.0.0.1' }] } }),
      ],
      reasons: ["node(s) didn't have free ports for the requested pod ports"],
    },
    {
      name: 'same port on other addresses or protocols is free',
      objects: [
        node('n1'),
        running('a', {
          container: {
            ports: [
              { containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' },
              { containerPort: 53, hostPort: 53, protocol: 'UDP' },
            ],
          },
        }),
        pod('new', {
          container: {
            ports: [
              { containerPort: 80, hostPort: 80, hostIP: '10.0.0.2' },
              { containerPort: 53, hostPort: 53 },
            ],
          },
        }),
      ],
      reasons: [],
    },
    {
      name: '0.0.0.0 is every address, :: is one of its own',
      objects: [
        node('n1'),
        running('a', {
          container: {
            ports: [
              { containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' },
              { containerPort: 81, hostPort: 81, hostIP: '::' },
            ],
          },
        }),
        pod('new', {
          container: {
            ports: [
              { containerPort: 81, hostPort: 81, hostIP: '10.0.0.1' },
              { containerPort: 80, hostPort: 80, hostIP: '0.0.0.0', protocol: '' },
            ],
          },
        }),
      ],
      reasons: ["node(s) didn't have free ports for the requested pod ports"],
    },
    {
      name: 'on the host network container ports are host ports',
      objects: [
        node('n1'),
        running('a', { spec: { hostNetwork: true }, container: { ports: [{ containerPort: 9100 }] } }),
        pod('new', { spec: { hostNetwork: true }, container: { ports: [{ containerPort: 9100 }] } }),
      ],
      reasons: ["node(s) didn't have free ports for the requested pod ports"],
    },
  ]);
});
