import type { ConformanceCase } from '../conformance-case.ts';
import { create, crowded, deletePod, hopeless, nodes, placed, pod, unavailable, waits, zone } from './steps.ts';

const SCHEDULING = 'https://kubernetes.io/docs/concepts/scheduling-eviction';
const ASSIGN = `${SCHEDULING}/assign-pod-node/`;
const SPREAD = `${SCHEDULING}/topology-spread-constraints/`;
const ONE = nodes({ n1: {} });
const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

const term = (app: string, topologyKey = HOST) => ({ topologyKey, labelSelector: { matchLabels: { app } } });
const required = (kind: string, app: string, key?: string) => ({
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key)] } },
});
const spread = (topologyKey: string, more = {}) => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
      ...more,
    },
  ],
});
const WEB = { labels: { app: 'web' } };

/** What other pods mean for a pod. */
export const NEIGHBOUR_CASES: readonly ConformanceCase[] = [
  {
    name: 'A pod keeps away from pods that it must not be beside',
    source: `${ASSIGN}#inter-pod-affinity-and-anti-affinity`,
    nodes: ONE,
    steps: [
      create(pod('first', WEB)),
      placed('first', 'n1'),
      create(pod('second', { ...WEB, spec: required('podAntiAffinity', 'web') })),
      waits('second', crowded(1, "1 node(s) didn't match pod anti-affinity rules")),
      deletePod('first'),
      placed('second', 'n1'),
    ],
  },
  {
    name: 'A running pod keeps others away',
    source: `${ASSIGN}#inter-pod-affinity-and-anti-affinity`,
    nodes: ONE,
    steps: [
      create(pod('first', { spec: required('podAntiAffinity', 'web') })),
      placed('first', 'n1'),
      create(pod('second', WEB)),
      waits('second', crowded(1, "1 node(s) didn't satisfy existing pods anti-affinity rules")),
    ],
  },
  {
    name: 'A pod that must be near another waits for it, and goes where it is',
    source: `${ASSIGN}#inter-pod-affinity-and-anti-affinity`,
    nodes: nodes({ n1: {}, n2: {} }),
    steps: [
      create(pod('follower', { spec: required('podAffinity', 'web') })),
      waits('follower', hopeless(2, "2 node(s) didn't match pod affinity rules")),
      create(pod('leader', { ...WEB, spec: { nodeName: 'n2' } })),
      placed('follower', 'n2'),
    ],
  },
  {
    name: 'The first of a group that wants its own kind may go anywhere',
    source: `${ASSIGN}#inter-pod-affinity-and-anti-affinity`,
    nodes: ONE,
    steps: [create(pod('first', { ...WEB, spec: required('podAffinity', 'web') })), placed('first', 'n1')],
  },
  {
    name: 'Anti-affinity within a zone counts the nodes of the zone as one',
    source: `${ASSIGN}#inter-pod-affinity-and-anti-affinity`,
    nodes: nodes({ n1: zone('a'), n2: zone('a'), n3: zone('b') }),
    steps: [
      create(pod('first', { ...WEB, spec: { nodeName: 'n1' } })),
      { passMs: 1000 },
      create(pod('second', { ...WEB, spec: required('podAntiAffinity', 'web', ZONE) })),
      placed('second', 'n3'),
    ],
  },
  {
    name: 'Preferred affinity leads to the node of the other pod',
    source: `${ASSIGN}#inter-pod-affinity-and-anti-affinity`,
    nodes: nodes({ n1: {}, n2: {}, n3: {} }),
    steps: [
      create(pod('first', { ...WEB, spec: { nodeName: 'n3' } })),
      { passMs: 1000 },
      create(
        pod('second', {
          spec: {
            affinity: {
              podAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term('web') }],
              },
            },
          },
        }),
      ),
      placed('second', 'n3'),
    ],
  },
  {
    name: 'Pods are spread evenly over zones',
    source: SPREAD,
    nodes: nodes({ n1: zone('a'), n2: zone('b') }),
    steps: [
      create(pod('first', { ...WEB, spec: { ...spread(ZONE), nodeSelector: { [ZONE]: 'a' } } })),
      placed('first', 'n1'),
      create(pod('second', { ...WEB, spec: spread(ZONE) })),
      placed('second', 'n2'),
    ],
  },
  {
    name: 'A pod that would skew the spread waits',
    source: SPREAD,
    nodes: nodes({ n1: zone('a'), n2: { ...zone('b'), taints: [{ key: 'team', effect: 'NoSchedule' }] } }),
    steps: [
      create(pod('first', { ...WEB, spec: spread(ZONE) })),
      placed('first', 'n1'),
      create(pod('second', { ...WEB, spec: spread(ZONE) })),
      waits(
        'second',
        unavailable(
          2,
          "1 node(s) didn't match pod topology spread constraints, 1 node(s) had untolerated taint(s)",
          '1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling',
        ),
      ),
    ],
  },
  {
    name: 'Nodes without the topology label take no pod that is to be spread by it',
    source: SPREAD,
    nodes: ONE,
    steps: [
      create(pod('web', { ...WEB, spec: spread('rack') })),
      waits('web', hopeless(1, "1 node(s) didn't match pod topology spread constraints (missing required label)")),
    ],
  },
  {
    name: 'With fewer domains than minDomains the emptiest counts as empty',
    source: SPREAD,
    nodes: nodes({ n1: zone('a') }),
    steps: [
      create(pod('first', { ...WEB, spec: spread(ZONE, { minDomains: 2 }) })),
      placed('first', 'n1'),
      create(pod('second', { ...WEB, spec: spread(ZONE, { minDomains: 2 }) })),
      waits('second', crowded(1, "1 node(s) didn't match pod topology spread constraints")),
    ],
  },
  {
    name: 'A zone whose nodes the pod does not tolerate is no domain where the constraint honours taints',
    source: SPREAD,
    nodes: nodes({ n1: zone('a'), n2: { ...zone('b'), taints: [{ key: 'team', effect: 'NoSchedule' }] } }),
    steps: [
      create(pod('first', { ...WEB, spec: spread(ZONE, { nodeTaintsPolicy: 'Honor' }) })),
      placed('first', 'n1'),
      create(pod('second', { ...WEB, spec: spread(ZONE, { nodeTaintsPolicy: 'Honor' }) })),
      placed('second', 'n1'),
    ],
  },
  {
    name: 'A constraint that may be violated only leads',
    source: SPREAD,
    nodes: nodes({ n1: zone('a'), n2: zone('b') }),
    steps: [
      create(pod('first', { ...WEB, spec: { nodeName: 'n1' } })),
      { passMs: 1000 },
      create(pod('second', { ...WEB, spec: spread(ZONE, { whenUnsatisfiable: 'ScheduleAnyway' }) })),
      placed('second', 'n2'),
    ],
  },
];
