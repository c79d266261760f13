/** The scheduler: each text with who writes it since when, and what must be read from it. */
import type { SchedulingClass, SchedulingMessage } from '../message.ts';
import type { Row } from './corpus-row.ts';

/** Wordings per node, with what the parser must make of each. */
export const REASONS: readonly (readonly [versions: string, text: string, of: SchedulingClass, more?: object])[] = [
  ['1.14–1.36', 'Insufficient cpu', 'capacity', { resource: 'cpu' }],
  ['1.14–1.36', 'Insufficient memory', 'capacity', { resource: 'memory' }],
  ['1.14–1.36', 'Insufficient ephemeral-storage', 'capacity', { resource: 'ephemeral-storage' }],
  ['1.14–1.36', 'Insufficient nvidia.com/gpu', 'capacity', { resource: 'nvidia.com/gpu' }],
  ['1.14–1.36', 'Insufficient hugepages-2Mi', 'capacity', { resource: 'hugepages-2Mi' }],
  ['1.14–1.36', 'Too many pods', 'capacity', { resource: 'pods' }],
  ['1.36', 'node(s) had untolerated taint(s)', 'taint'],
  [
    '1.24–1.35',
    'node(s) had untolerated taint {dedicated: gpu}',
    'taint',
    { taint: { key: 'dedicated', value: 'gpu' } },
  ],
  [
    '1.24–1.35',
    'node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }',
    'taint',
    { taint: { key: 'node.kubernetes.io/disk-pressure', value: '' } },
  ],
  [
    '1.18–1.23',
    "node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate",
    'taint',
    { taint: { key: 'node-role.kubernetes.io/master', value: '' } },
  ],
  [
    '1.18–1.23',
    "node(s) had taint {cloud.google.com/gke-spot: true}, that the pod didn't tolerate",
    'taint',
    { taint: { key: 'cloud.google.com/gke-spot', value: 'true' } },
  ],
  ['1.14–1.17', "node(s) had taints that the pod didn't tolerate", 'taint'],
  ['1.21–1.36', "node(s) didn't match Pod's node affinity/selector", 'affinity'],
  ['1.20', "node(s) didn't match Pod's node affinity", 'affinity'],
  ['1.14–1.19', "node(s) didn't match node selector", 'affinity'],
  ['1.20–1.36', "node(s) didn't match scheduler-enforced node affinity", 'affinity'],
  ['1.14–1.36', "node(s) didn't match pod affinity rules", 'inter-pod'],
  ['1.14–1.36', "node(s) didn't match pod anti-affinity rules", 'inter-pod'],
  ['1.14–1.36', "node(s) didn't satisfy existing pods anti-affinity rules", 'inter-pod'],
  ['1.14–1.20', "node(s) didn't match pod affinity/anti-affinity", 'inter-pod'],
  ['1.16–1.36', "node(s) didn't match pod topology spread constraints", 'spread'],
  ['1.20–1.36', "node(s) didn't match pod topology spread constraints (missing required label)", 'spread'],
  ['1.16–1.36', "node(s) didn't match the requested node name", 'node-name'],
  ['1.14–1.17', "node(s) didn't match the requested hostname", 'node-name'],
  ['1.14–1.36', "node(s) didn't have free ports for the requested pod ports", 'host-port'],
  ['1.14–1.36', 'node(s) were unschedulable', 'unschedulable'],
  ['1.14–1.36', 'node(s) had unknown conditions', 'node'],
  ['1.14–1.17', 'node(s) were not ready', 'node'],
  ['1.14–1.36', 'node(s) exceed max volume count', 'volume-limit'],
  ['1.14–1.36', 'node(s) had no available volume zone', 'volume-zone'],
  ['1.14–1.33', 'node(s) had volume node affinity conflict', 'volume-zone'],
  ['1.34–1.36', "node(s) didn't match PersistentVolume's node affinity", 'volume-zone'],
  ['1.14–1.36', "node(s) didn't find available persistent volumes to bind", 'volume'],
  ['1.19–1.36', 'node(s) did not have enough free storage', 'volume'],
  ['1.14–1.36', 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)', 'volume'],
  ['1.14–1.36', 'node(s) had no available disk', 'volume'],
  [
    '1.22–1.36',
    'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
    'volume',
  ],
  ['future', 'node(s) had a reason of the future, with {a: b, 3 c}', 'other'],
];

const single = REASONS.map(([versions, text, of, more]): Row<SchedulingMessage> => [
  versions,
  `0/6 nodes are available: 6 ${text}.`,
  { total: 6, available: 0, reasons: [{ count: 6, text, class: of, ...more }], prefilter: undefined, preemption: [] },
]);

const capacity = (count: number, resource: string) => ({
  count,
  text: `Insufficient ${resource}`,
  class: 'capacity' as const,
  resource,
});
const useless = { text: 'Preemption is not helpful for scheduling', class: 'preemption' as const };
const noVictims = { text: 'No preemption victims found for incoming pod', class: 'preemption' as const };

const prefilter = (versions: string, text: string, of: SchedulingClass): Row<SchedulingMessage> => [
  versions,
  `0/4 nodes are available: ${text}. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.`,
  { total: 4, reasons: [], prefilter: { count: 0, text, class: of }, preemption: [{ count: 4, ...useless }] },
];

const sentence = (versions: string, text: string, of: SchedulingClass, read = text): Row<SchedulingMessage> => [
  versions,
  text,
  { total: 0, available: 0, reasons: [], prefilter: { count: 0, text: read, class: of } },
];

export const rows: readonly Row<SchedulingMessage>[] = [
  ...single,
  [
    '1.14',
    "0/3 nodes are available: 1 node(s) had taints that the pod didn't tolerate, 2 Insufficient cpu.",
    {
      total: 3,
      reasons: [
        { count: 1, text: "node(s) had taints that the pod didn't tolerate", class: 'taint' },
        capacity(2, 'cpu'),
      ],
    },
  ],
  [
    '1.20',
    "0/12 nodes are available: 1 node(s) had taint {a: b}, that the pod didn't tolerate, 10 Insufficient cpu, 11 Insufficient memory.",
    {
      total: 12,
      reasons: [
        {
          count: 1,
          text: "node(s) had taint {a: b}, that the pod didn't tolerate",
          class: 'taint',
          taint: { key: 'a', value: 'b' },
        },
        capacity(10, 'cpu'),
        capacity(11, 'memory'),
      ],
    },
  ],
  [
    '1.24',
    '0/6 nodes are available: 2 node(s) had untolerated taint {k: v}, 4 Insufficient cpu. preemption: 0/6 nodes are available: 2 Preemption is not helpful for scheduling, 4 No preemption victims found for incoming pod.',
    {
      total: 6,
      preemption: [
        { count: 2, ...useless },
        { count: 4, ...noVictims },
      ],
    },
  ],
  [
    '1.25',
    '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod..',
    { reasons: [capacity(1, 'cpu')], preemption: [{ count: 1, ...noVictims }] },
  ],
  [
    '1.26',
    '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.',
    {
      reasons: [capacity(1, 'cpu')],
      preemption: [{ count: 0, text: 'not eligible due to preemptionPolicy=Never', class: 'preemption' }],
    },
  ],
  [
    '1.30',
    '0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to a terminating pod on the nominated node.',
    {
      preemption: [
        { count: 0, text: 'not eligible due to a terminating pod on the nominated node', class: 'preemption' },
      ],
    },
  ],
  [
    '1.32',
    '0/2 nodes are available: 2 Insufficient memory. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    { reasons: [capacity(2, 'memory')], preemption: [{ count: 2, ...noVictims }] },
  ],
  [
    '1.34',
    '0/2 nodes are available: 2 Insufficient memory. still not schedulable, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.',
    { reasons: [capacity(2, 'memory')], preemption: [{ count: 2, ...noVictims }] },
  ],
  [
    '1.36',
    '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    { total: 3, reasons: [{ count: 1, text: 'node(s) had untolerated taint(s)', class: 'taint' }, capacity(2, 'cpu')] },
  ],
  prefilter('1.24–1.36', 'pod has unbound immediate PersistentVolumeClaims', 'claim'),
  prefilter('1.24–1.36', 'persistentvolumeclaim "data-web-0" not found', 'claim'),
  prefilter('1.24–1.36', 'persistentvolumeclaim "data-web-0" is being deleted', 'claim'),
  prefilter('1.24–1.36', 'persistentvolumeclaim "data" bound to non-existent persistentvolume "pv-1"', 'claim'),
  prefilter(
    '1.24–1.36',
    'waiting for ephemeral volume controller to create the persistentvolumeclaim "web-scratch"',
    'claim',
  ),
  prefilter('1.26–1.36', 'waiting for scheduling gates: [example.com/a, example.com/b]', 'gated'),
  [
    '1.19',
    '0/4 nodes are available: 4 pod has unbound immediate PersistentVolumeClaims.',
    { reasons: [{ count: 4, text: 'pod has unbound immediate PersistentVolumeClaims', class: 'claim' }] },
  ],
  sentence('1.14–1.17', 'pod has unbound immediate PersistentVolumeClaims (repeated 3 times)', 'claim'),
  sentence('1.14–1.17', 'persistentvolumeclaim "data" not found', 'claim'),
  sentence(
    '1.18',
    'running "VolumeBinding" filter plugin for pod "web-0": pod has unbound immediate PersistentVolumeClaims',
    'claim',
    'pod has unbound immediate PersistentVolumeClaims',
  ),
  sentence('all', 'no nodes available to schedule pods', 'node'),
  sentence('1.27–1.36', 'Scheduling is blocked due to non-empty scheduling gates', 'gated'),
  ['all', '0/6 nodes are available', undefined],
  ['all', 'Successfully assigned default/web to node-1', undefined],
  ['all', 'Insufficient cpu', undefined],
  ['all', '', undefined],
  [
    '1.24, cut',
    '0/6 nodes are available: 2 Insufficient cpu, 4 Insufficient mem ...',
    { reasons: [capacity(2, 'cpu')] },
  ],
];
