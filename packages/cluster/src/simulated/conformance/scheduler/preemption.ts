import type { ConformanceCase, Json, RequestStep } from '../conformance-case.ts';
import { create, nodes, placed, pod, priorityClass, said, waits, zone, type PodShape } from './steps.ts';

const PRIORITY = 'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/';
const DISRUPTIONS = 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions';
const ONE = nodes({ n1: {} });
const TWO = nodes({ n1: {}, n2: {} });
const CLASSES = [
  priorityClass('low', 10),
  priorityClass('middle', 100),
  priorityClass('high', 1000),
  priorityClass('patient', 1000, { preemptionPolicy: 'Never' }),
];

function ranked(name: string, priorityClassName: string, cpu: string, shape: PodShape = {}): Json {
  return pod(name, { ...shape, requests: { cpu }, spec: { priorityClassName, ...shape.spec } });
}

/** The pod goes, marked. */
const goes = (name: string): RequestStep => said(name, { type: 'Normal', reason: 'Preempted', action: 'Preempting' });
const stays = (name: string): RequestStep => ({
  verb: 'get',
  resource: 'v1/pods',
  namespace: 'shop',
  name,
  expect: { body: { status: { phase: 'Running' } } },
  staysMs: 5000,
});
const on = (node: string) => ({ nodeSelector: { 'kubernetes.io/hostname': node } });

/** Room that is made at the cost of others. */
export const PREEMPTION_CASES: readonly ConformanceCase[] = [
  {
    name: 'A more important pod takes the place of a less important one',
    source: PRIORITY,
    nodes: ONE,
    given: CLASSES,
    steps: [
      create(ranked('small', 'low', '3')),
      { ...placed('small', 'n1'), keep: 'small' },
      { passMs: 5000 },
      { ...create(ranked('great', 'high', '2')), keep: 'great' },
      said('small', {
        type: 'Normal',
        reason: 'Preempted',
        message: 'Preempted by pod ${great.metadata.uid} on node n1',
      }),
      said('great', {
        type: 'Warning',
        reason: 'FailedScheduling',
        message: '0/1 nodes are available: 1 Insufficient cpu.',
      }),
      placed('great', 'n1'),
    ],
  },
  {
    name: 'Who must go for another goes as if deleted, also where a finalizer holds it',
    source: DISRUPTIONS,
    nodes: ONE,
    given: CLASSES,
    steps: [
      create(ranked('small', 'low', '3')),
      placed('small', 'n1'),
      { passMs: 5000 },
      {
        verb: 'patch',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'small',
        body: { metadata: { finalizers: ['example.com/hold'] } },
      },
      create(ranked('great', 'high', '2')),
      goes('small'),
      {
        verb: 'get',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'small',
        expect: { body: { metadata: { deletionTimestamp: /Z$/ } } },
        eventuallyMs: 5000,
      },
    ],
  },
  {
    name: 'A pod that preempts nobody waits, and says so',
    source: `${PRIORITY}#non-preempting-priority-class`,
    nodes: ONE,
    given: CLASSES,
    steps: [
      create(ranked('small', 'low', '3')),
      placed('small', 'n1'),
      { passMs: 5000 },
      create(ranked('great', 'patient', '2')),
      waits(
        'great',
        '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.',
      ),
      stays('small'),
    ],
  },
  {
    name: 'No more pods go than must',
    source: PRIORITY,
    nodes: ONE,
    given: CLASSES,
    steps: [
      create(ranked('least', 'low', '2')),
      placed('least', 'n1'),
      create(ranked('better', 'middle', '2')),
      placed('better', 'n1'),
      { passMs: 5000 },
      create(ranked('great', 'high', '2')),
      goes('least'),
      placed('great', 'n1'),
      stays('better'),
    ],
  },
  {
    name: 'Room is made where the least important pods go',
    source: PRIORITY,
    nodes: TWO,
    given: CLASSES,
    steps: [
      create(ranked('better', 'middle', '3', { spec: on('n1') })),
      create(ranked('least', 'low', '3', { spec: on('n2') })),
      placed('better', 'n1'),
      placed('least', 'n2'),
      { passMs: 5000 },
      create(ranked('great', 'high', '2')),
      placed('great', 'n2'),
      stays('better'),
    ],
  },
  {
    name: 'Room is made where fewer pods of one importance go',
    source: 'pkg/scheduler/framework/preemption/preemption.go',
    nodes: TWO,
    given: CLASSES,
    steps: [
      create(ranked('half-1', 'low', '2', { spec: on('n1') })),
      create(ranked('half-2', 'low', '2', { spec: on('n1') })),
      create(ranked('whole', 'low', '4', { spec: on('n2') })),
      placed('half-1', 'n1'),
      placed('half-2', 'n1'),
      placed('whole', 'n2'),
      { passMs: 5000 },
      create(ranked('great', 'high', '4')),
      placed('great', 'n2'),
      stays('half-1'),
    ],
  },
  {
    name: 'Pods that a disruption budget protects go last',
    source: `${PRIORITY}#poddisruptionbudget-is-supported-but-not-guaranteed`,
    nodes: TWO,
    given: [
      ...CLASSES,
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'guard', namespace: 'shop' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'guarded' } } },
      },
    ],
    steps: [
      create(ranked('guarded', 'low', '3', { labels: { app: 'guarded' }, spec: on('n1') })),
      create(ranked('better', 'middle', '3', { spec: on('n2') })),
      placed('guarded', 'n1'),
      placed('better', 'n2'),
      { passMs: 10_000 },
      create(ranked('great', 'high', '2')),
      placed('great', 'n2'),
      stays('guarded'),
    ],
  },
  {
    name: 'Nobody goes where it would not help',
    source: PRIORITY,
    nodes: nodes({ n1: zone('a'), n2: { ...zone('b'), taints: [{ key: 'team', effect: 'NoSchedule' }] } }),
    given: CLASSES,
    steps: [
      create(ranked('small', 'low', '3')),
      placed('small', 'n1'),
      { passMs: 5000 },
      create(ranked('great', 'high', '2', { spec: { nodeSelector: { 'topology.kubernetes.io/zone': 'b' } } })),
      waits(
        'great',
        "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
      ),
      stays('small'),
    ],
  },
  {
    name: 'A pod goes whose anti-affinity keeps a more important one away',
    source: `${PRIORITY}#inter-pod-affinity-on-lower-priority-pods`,
    nodes: ONE,
    given: CLASSES,
    steps: [
      create(
        ranked('jealous', 'low', '1', {
          spec: {
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
                ],
              },
            },
          },
        }),
      ),
      placed('jealous', 'n1'),
      { passMs: 5000 },
      create(ranked('great', 'high', '1', { labels: { app: 'web' } })),
      goes('jealous'),
      placed('great', 'n1'),
    ],
  },
  {
    name: 'Of pods that wait the most important is served first',
    source: PRIORITY,
    nodes: ONE,
    given: CLASSES,
    steps: [
      create(ranked('holder', 'high', '4')),
      placed('holder', 'n1'),
      create(ranked('small', 'low', '3')),
      create(ranked('better', 'middle', '3')),
      { passMs: 20_000 },
      { verb: 'delete', resource: 'v1/pods', namespace: 'shop', name: 'holder' },
      placed('better', 'n1'),
      {
        verb: 'get',
        resource: 'v1/pods',
        namespace: 'shop',
        name: 'small',
        expect: { body: { status: { phase: 'Pending' } } },
        staysMs: 5000,
      },
    ],
  },
];
