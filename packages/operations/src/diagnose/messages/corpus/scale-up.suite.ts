/** Autoscalers: each text with who writes it since when, and what must be read from it. */
import type { CloudRefusal, ScaleUpMessage, SchedulingReason } from '../message.ts';
import type { Row } from './corpus-row.ts';

export const GROUP =
  'https://www.googleapis.com/compute/v1/projects/demo/zones/us-central1-b/instanceGroups/gke-main-pool-1-grp';
const cpu = (count: number): SchedulingReason => ({
  count,
  text: 'Insufficient cpu',
  class: 'capacity',
  resource: 'cpu',
});
const notTriggered = (
  refusals: readonly Partial<CloudRefusal>[],
  reasons: readonly SchedulingReason[] = [],
  truncated = false,
): Partial<ScaleUpMessage> => ({
  outcome: 'not-triggered',
  refusals: refusals as readonly CloudRefusal[],
  reasons,
  truncated,
});

export const triggered: readonly Row<ScaleUpMessage>[] = [
  [
    '1.14–1.36',
    'pod triggered scale-up: [{pool-1 1->2 (max: 3)}]',
    { outcome: 'triggered', groups: ['pool-1'], zones: [], truncated: false },
  ],
  ['GKE', `pod triggered scale-up: [{${GROUP} 1->3 (max: 5)}]`, { groups: [GROUP], zones: ['us-central1-b'] }],
  ['1.14–1.36', 'pod triggered scale-up: [{a 1->2 (max: 3)} {b 0->1 (max: 9)}]', { groups: ['a', 'b'] }],
  ['cut', 'pod triggered scale-up: [{a 1->2 (max: 3)} {b 0->', { groups: ['a'], truncated: true }],
  ['all', 'Scale-up: setting group a size to 2', undefined],
];

export const refused: readonly Row<ScaleUpMessage>[] = [
  [
    '1.14–1.19',
    "pod didn't trigger scale-up (it wouldn't fit if a new node is added): 2 Insufficient cpu",
    notTriggered([], [cpu(2)]),
  ],
  [
    '1.20–1.36',
    "pod didn't trigger scale-up: 2 Insufficient cpu, 1 max node group size reached",
    notTriggered([{ cause: 'max-size', text: '1 max node group size reached' }], [cpu(2)]),
  ],
  [
    '1.20–1.36',
    "pod didn't trigger scale-up: 1 in backoff after failed scale-up, 3 Insufficient cpu",
    notTriggered([{ cause: 'backoff', text: '1 in backoff after failed scale-up' }], [cpu(3)]),
  ],
  ['1.20–1.36', "pod didn't trigger scale-up: 1 not ready for scale-up", notTriggered([{ cause: 'not-ready' }])],
  [
    '1.18–1.34',
    "pod didn't trigger scale-up: 2 max cluster cpu, memory limit reached",
    notTriggered([{ cause: 'cluster-limit', text: '2 max cluster cpu, memory limit reached' }]),
  ],
  [
    '1.18–1.34',
    "pod didn't trigger scale-up: 2 max cluster cpu, memory limit reached, 1 Insufficient cpu",
    notTriggered([{ cause: 'cluster-limit' }], [cpu(1)]),
  ],
  [
    '1.35–1.36',
    'pod didn\'t trigger scale-up: 1 exceeded quota: "team, 3 a", resources: cpu, memory, 4 Insufficient cpu',
    notTriggered([{ cause: 'cluster-limit', text: '1 exceeded quota: "team, 3 a", resources: cpu, memory' }], [cpu(4)]),
  ],
  [
    '1.20–1.36',
    "pod didn't trigger scale-up: max total nodes in cluster reached",
    notTriggered([{ cause: 'cluster-limit' }]),
  ],
  [
    '1.30–1.36',
    "pod didn't trigger scale-up: 1 not all pods would fit and scale-up is using all-or-nothing strategy",
    notTriggered([{ cause: 'placement' }]),
  ],
  [
    '1.30–1.36',
    "pod didn't trigger scale-up: 1 expansion options filtered out and no longer considered",
    notTriggered([{ cause: 'other' }]),
  ],
  ['1.30–1.36', "pod didn't trigger scale-up: 1 scale-up execution failed", notTriggered([{ cause: 'other' }])],
  [
    '1.18–1.23',
    "pod didn't trigger scale-up: 1 node(s) had taint {a: b}, that the pod didn't tolerate, 2 Insufficient cpu",
    notTriggered(
      [],
      [
        {
          count: 1,
          text: "node(s) had taint {a: b}, that the pod didn't tolerate",
          class: 'taint',
          taint: { key: 'a', value: 'b' },
        },
        cpu(2),
      ],
    ),
  ],
  [
    '1.20–1.36',
    "pod didn't trigger scale-up: 2 node(s) didn't match Pod's node affinity/selector",
    notTriggered([], [{ count: 2, text: "node(s) didn't match Pod's node affinity/selector", class: 'affinity' }]),
  ],
  ['1.20–1.36', "pod didn't trigger scale-up:", notTriggered([])],
  ['cut', "pod didn't trigger scale-up: 3 Insufficient cpu, 1 max node group si", notTriggered([], [cpu(3)], true)],
  [
    'cut',
    "pod didn't trigger scale-up: 3 Insufficient cpu, 1 node(s) had taint {a: b",
    notTriggered([], [cpu(3)], true),
  ],
  ['all', 'pod triggered scale-up: []', undefined],
];

export const atRisk = 'Pod is at risk of not being scheduled.';
export const zones = 'Node scale up in zones us-central1-a associated with this pod failed:';
const failedIn = (cause: CloudRefusal['cause']): Partial<ScaleUpMessage> => ({
  outcome: 'failed',
  zones: ['us-central1-a'],
  truncated: false,
  refusals: [{ cause, zone: 'us-central1-a' }] as readonly Partial<CloudRefusal>[] as readonly CloudRefusal[],
});

export const failedZones: readonly Row<ScaleUpMessage>[] = [
  ['GKE 1.21+', `${zones} GCE quota exceeded. ${atRisk}`, failedIn('quota')],
  ['GKE 1.21+', `${zones} GCE out of resources. ${atRisk}`, failedIn('stock-out')],
  ['GKE 1.21+', `${zones} IP space exhausted. ${atRisk}`, failedIn('ip-space')],
  ['GKE 1.21+', `${zones} Service Account was deleted. ${atRisk}`, failedIn('service-account')],
  ['GKE 1.21+', `${zones} Unsupported Compact Placement Config. ${atRisk}`, failedIn('placement')],
  ['GKE 1.21+', `${zones} Node group "a, b" already exists. ${atRisk}`, failedIn('placement')],
  ['GKE 1.27+', `${zones} Invalid TPU topology. ${atRisk}`, failedIn('placement')],
  ['GKE 1.27+', `${zones} Invalid TPU configuration. ${atRisk}`, failedIn('placement')],
  ['GKE 1.27+', `${zones} Invalid Reservation. ${atRisk}`, failedIn('reservation')],
  ...['not ready', 'capacity exceeded', 'not found or incorrectly shared', 'incompatible with node group'].map(
    (state): Row<ScaleUpMessage> => ['GKE 1.27+', `${zones} Reservation ${state}. ${atRisk}`, failedIn('reservation')],
  ),
  ['GKE 1.21+', `${zones} Some nodes in node group ["ng, 1"] failed to appear in time. ${atRisk}`, failedIn('timeout')],
  ['GKE 1.21+', `${zones} Internal error. ${atRisk}`, failedIn('other')],
  ['GKE future', `${zones} Moon in the wrong phase. ${atRisk}`, failedIn('other')],
  [
    'GKE 1.21+',
    `Node scale up in zones us-central1-a, us-central1-b associated with this pod failed: GCE quota exceeded, GCE out of resources. ${atRisk}`,
    {
      zones: ['us-central1-a', 'us-central1-b'],
      refusals: [
        { cause: 'quota', text: 'GCE quota exceeded' },
        { cause: 'stock-out', text: 'GCE out of resources' },
      ],
      truncated: false,
    },
  ],
  [
    'GKE, cut at 250',
    `${zones} GCE quota exceeded, GCE out of res`,
    { refusals: [{ cause: 'quota', zone: 'us-central1-a', text: 'GCE quota exceeded' }], truncated: true },
  ],
  [
    'GKE, cut at 250',
    'Node scale up in zones us-central1-a, us-cen',
    { zones: ['us-central1-a'], refusals: [], truncated: true },
  ],
  ['all', 'Scale-up failed', undefined],
];

export const failedAdding: readonly Row<ScaleUpMessage>[] = [
  [
    '1.24–1.36',
    "Failed adding 2 nodes to group pool-1 due to OutOfResource.QUOTA_EXCEEDED; source errors: Instance 'gke-x' creation failed: Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1.",
    {
      outcome: 'failed',
      groups: ['pool-1'],
      refusals: [
        {
          cause: 'quota',
          metric: 'CPUS',
          limit: 24,
          region: 'us-central1',
          text: "Quota 'CPUS' exceeded. Limit: 24.0 in region us-central1",
        },
      ],
    },
  ],
  [
    '1.24–1.36',
    "Failed adding 1 nodes to group pool-1 due to OutOfResource.QUOTA_EXCEEDED; source errors: Quota 'CPUS' exceeded. Limit: 24.0 in region us-east1., Quota 'SSD_TOTAL_GB' exceeded. Limit: 500.0 in region us-east1.",
    {
      refusals: [
        {
          cause: 'quota',
          metric: 'CPUS',
          limit: 24,
          region: 'us-east1',
        },
        {
          cause: 'quota',
          metric: 'SSD_TOTAL_GB',
          limit: 500,
          region: 'us-east1',
        },
      ] as readonly Partial<CloudRefusal>[] as readonly CloudRefusal[],
    },
  ],
  [
    'GKE',
    `Failed adding 1 nodes to group ${GROUP} due to OutOfResource.RESOURCE_POOL_EXHAUSTED; source errors: ZONE_RESOURCE_POOL_EXHAUSTED`,
    {
      zones: ['us-central1-b'],
      refusals: [{ cause: 'stock-out', zone: 'us-central1-b', text: 'ZONE_RESOURCE_POOL_EXHAUSTED' }],
    },
  ],
  [
    '1.24–1.36',
    'Failed adding 1 nodes to group g due to OutOfResource.IP_SPACE_EXHAUSTED; source errors: something new',
    { refusals: [{ cause: 'ip-space', text: 'OutOfResource.IP_SPACE_EXHAUSTED' }] },
  ],
  [
    '1.24–1.36',
    'Failed adding 1 nodes to group g due to Other.PERMISSIONS_ERROR; source errors: something new',
    { refusals: [{ cause: 'permission', text: 'Other.PERMISSIONS_ERROR' }] },
  ],
  [
    'cut',
    'Failed adding 1 nodes to group g due to OutOfResource.QUOTA_EXC',
    { refusals: [], truncated: true, groups: ['g'] },
  ],
  ['all', 'Failed adding nodes', undefined],
];
