/**
 * The pod mixes of Kubernetes' own scheduler benchmark, with what it demands of the real scheduler.
 * Source: `test/integration/scheduler_perf` of kubernetes/kubernetes (`misc`, `affinity`, `topology_spreading` `/performance-config.yaml`,
 * its pod templates, and `threshold` as of 1.36): scheduled pods per second that its CI must reach, with a real API server and etcd.
 */
import type { Json } from '../diagnosis/world.ts';

/** One case of it. */
export interface PodMix {
  readonly name: string;
  /** As `scheduler_perf` names it. */
  readonly peer: string;
  /** Pods per second; `undefined` where it demands none. */
  readonly threshold: number | undefined;
  /** As there. */
  readonly nodes: number;
  /** Pods that are there before, and those that are measured. */
  readonly before: { readonly pod: Json; readonly count: number };
  readonly measured: { readonly pod: Json; readonly count: number };
  readonly zones?: readonly string[];
}

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

export function pod(
  more: { readonly labels?: Json; readonly spec?: Json; readonly cpu?: string; readonly memory?: string } = {},
): Json {
  const amounts = { cpu: more.cpu ?? '100m', memory: more.memory ?? '500Mi' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: 'pod-',
      namespace: 'default',
      ...(more.labels === undefined ? {} : { labels: more.labels }),
    },
    spec: {
      containers: [
        {
          name: 'pause',
          image: 'registry.k8s.io/pause:3.10',
          ports: [{ containerPort: 80 }],
          resources: { limits: amounts, requests: amounts },
        },
      ],
      ...more.spec,
    },
  };
}

const term = (color: string, topologyKey: string): Json => ({ labelSelector: { matchLabels: { color } }, topologyKey });
const required = (kind: string, color: string, key: string): Json => ({
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term(color, key)] } },
});
const preferred = (kind: string, color: string, key: string): Json => ({
  affinity: {
    [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term(color, key) }] },
  },
});
const spread = (whenUnsatisfiable: string): Json => ({
  topologySpreadConstraints: [
    { maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable, labelSelector: { matchLabels: { color: 'blue' } } },
  ],
});
const nodeAffinity: Json = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: ['zone1', 'zone2'] }] }],
      },
    },
  },
};

/** A case in which the pods that are there are of the kind that is measured. */
function uniform(
  name: string,
  peer: string,
  threshold: number,
  [nodes, before, measured]: readonly [number, number, number],
  one: Json,
  zones?: readonly string[],
): PodMix {
  return {
    name,
    peer,
    threshold,
    nodes,
    before: { pod: one, count: before },
    measured: { pod: one, count: measured },
    ...(zones === undefined ? {} : { zones }),
  };
}

const MOON = ['moon-1', 'moon-2', 'moon-3'];
const blue = (spec: Json): Json => pod({ labels: { color: 'blue' }, spec });

/** All that are measured. */
export const POD_MIXES: readonly PodMix[] = [
  uniform('plain', 'SchedulingBasic/5000Nodes_10000Pods', 680, [5000, 1000, 10_000], pod()),
  {
    ...uniform(
      'spread over zones',
      'TopologySpreading/5000Nodes_5000Pods',
      460,
      [5000, 5000, 5000],
      blue(spread('DoNotSchedule')),
      MOON,
    ),
    before: { pod: pod(), count: 5000 },
  },
  {
    ...uniform(
      'preferred spread over zones',
      'PreferredTopologySpreading/5000Nodes_5000Pods',
      340,
      [5000, 5000, 5000],
      blue(spread('ScheduleAnyway')),
      MOON,
    ),
    before: { pod: pod(), count: 5000 },
  },
  uniform(
    'anti-affinity by node',
    'SchedulingPodAntiAffinity/5000Nodes_2000Pods',
    60,
    [5000, 1000, 2000],
    pod({ labels: { color: 'green' }, spec: required('podAntiAffinity', 'green', HOST) }),
  ),
  uniform(
    'affinity by zone',
    'SchedulingPodAffinity/5000Nodes_5000Pods',
    35,
    [5000, 5000, 5000],
    blue(required('podAffinity', 'blue', ZONE)),
    ['zone1'],
  ),
  uniform(
    'preferred affinity by node',
    'SchedulingPreferredPodAffinity/5000Nodes_5000Pods',
    90,
    [5000, 5000, 5000],
    pod({ labels: { color: 'red' }, spec: preferred('podAffinity', 'red', HOST) }),
  ),
  uniform(
    'preferred anti-affinity by node',
    'SchedulingPreferredPodAntiAffinity/5000Nodes_5000Pods',
    90,
    [5000, 5000, 5000],
    pod({ labels: { color: 'yellow' }, spec: preferred('podAntiAffinity', 'yellow', HOST) }),
  ),
  uniform(
    'node affinity',
    'SchedulingNodeAffinity/5000Nodes_10000Pods',
    220,
    [5000, 5000, 10_000],
    pod({ spec: nodeAffinity }),
    ['zone1'],
  ),
  {
    name: 'preemption of 3 pods each',
    peer: 'PreemptionBasic/1000Nodes',
    threshold: undefined,
    nodes: 1000,
    before: { pod: pod({ cpu: '900m', spec: { terminationGracePeriodSeconds: 0 } }), count: 4000 },
    measured: { pod: pod({ cpu: '3', spec: { priorityClassName: 'high' } }), count: 1000 },
  },
];

/** The promise: plain pods on 1 000 nodes, 10 000 of them. */
export const PLAIN: PodMix = {
  ...(POD_MIXES[0] as PodMix),
  name: 'plain, 1 000 nodes and 10 000 pods',
  nodes: 1000,
  before: { pod: pod(), count: 0 },
};
