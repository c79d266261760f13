/** PodDisruptionBudgets and evictions. */
import type { ConformanceCase } from '../conformance-case.ts';
import { budget, deployment, LABELS, NAMESPACE, pod } from './objects.ts';

const BUDGETS = 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/';
const EVICTION = 'https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/';
const pdb = { verb: 'get', resource: 'policy/v1/poddisruptionbudgets', namespace: NAMESPACE, name: 'web' } as const;
const pods = { verb: 'list', resource: 'v1/pods', namespace: NAMESPACE } as const;
const events = { verb: 'list', resource: 'v1/events', namespace: NAMESPACE } as const;
const NODES = [{ name: 'node-1' }];
const SOON = { eventuallyMs: 60_000 };

function evict(name: string) {
  return {
    verb: 'create',
    resource: 'v1/pods',
    namespace: NAMESPACE,
    name,
    subresource: 'eviction',
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: NAMESPACE } },
  } as const;
}

const FIRST = evict('${pods.items.0.metadata.name}');
const SECOND = evict('${pods.items.1.metadata.name}');

export const DISRUPTION_CASES: readonly ConformanceCase[] = [
  {
    name: 'a budget counts the pods that may go',
    source: `${BUDGETS}#rounding-logic-when-specifying-percentages`,
    nodes: NODES,
    given: [deployment(3), budget({ minAvailable: '50%' })],
    steps: [
      {
        ...pdb,
        ...SOON,
        expect: {
          body: {
            status: {
              currentHealthy: 3,
              desiredHealthy: 2,
              disruptionsAllowed: 1,
              expectedPods: 3,
              observedGeneration: 1,
              conditions: [
                {
                  type: 'DisruptionAllowed',
                  status: 'True',
                  reason: 'SufficientPods',
                  message: '',
                  observedGeneration: 1,
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    name: 'a budget of unavailable pods is rounded up',
    source: `${BUDGETS}#rounding-logic-when-specifying-percentages`,
    nodes: NODES,
    given: [deployment(3), budget({ maxUnavailable: '30%' })],
    steps: [
      {
        ...pdb,
        ...SOON,
        expect: { body: { status: { currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1, expectedPods: 3 } } },
      },
    ],
  },
  {
    name: 'pods are evicted as long as the budget allows it',
    source: `${EVICTION}#how-api-initiated-eviction-works`,
    nodes: NODES,
    given: [deployment(2), budget({ minAvailable: 2 })],
    steps: [
      { ...pdb, ...SOON, expect: { body: { status: { currentHealthy: 2, disruptionsAllowed: 0 } } } },
      { ...pods, keep: 'pods' },
      {
        ...FIRST,
        expect: {
          code: 429,
          reason: 'TooManyRequests',
          message: "Cannot evict pod as it would violate the pod's disruption budget.",
          body: {
            details: {
              causes: [
                {
                  reason: 'DisruptionBudget',
                  message: 'The disruption budget web needs 2 healthy pods and has 2 currently',
                },
              ],
            },
          },
        },
      },
      { ...pdb, verb: 'patch', body: { spec: { minAvailable: 1 } } },
      { ...pdb, ...SOON, expect: { body: { status: { disruptionsAllowed: 1, observedGeneration: 2 } } } },
      { ...FIRST, expect: { code: 201, body: { kind: 'Status', status: 'Success' } } },
      { ...SECOND, expect: { code: 429 } },
    ],
  },
  {
    name: 'a pod that is evicted goes as if deleted, also where a finalizer holds it',
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions',
    nodes: NODES,
    given: [pod('one', { terminationGracePeriodSeconds: 60 }, { finalizers: ['example.com/hold'] })],
    steps: [
      { ...pods, ...SOON, expect: { some: [{ status: { phase: 'Running' } }] } },
      { ...evict('one'), expect: { code: 201 } },
      {
        ...pods,
        expect: {
          some: [
            {
              metadata: { deletionTimestamp: /Z$/ },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'an eviction without a budget deletes the pod',
    source: EVICTION,
    nodes: NODES,
    given: [pod('one')],
    steps: [
      { ...pods, ...SOON, expect: { some: [{ status: { phase: 'Running' } }] } },
      { ...evict('one'), expect: { code: 201 } },
      { ...pods, eventuallyMs: 120_000, expect: { count: 0 } },
    ],
  },
  {
    name: 'a dry run of an eviction is judged and leaves everything as it is',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run',
    nodes: NODES,
    given: [deployment(2), budget({ minAvailable: 1 })],
    steps: [
      { ...pdb, ...SOON, expect: { body: { status: { disruptionsAllowed: 1 } } } },
      { ...pods, keep: 'pods' },
      { ...FIRST, query: { dryRun: 'All' }, expect: { code: 201 } },
      { ...FIRST, query: { dryRun: 'All' }, expect: { code: 201 } },
      { ...pdb, staysMs: 1000, expect: { body: { status: { disruptionsAllowed: 1 } } } },
      { ...pods, expect: { count: 2 } },
    ],
  },
  {
    name: 'a pod of two budgets cannot be evicted',
    source: `${EVICTION}#how-api-initiated-eviction-works`,
    nodes: NODES,
    given: [pod('one'), budget({ minAvailable: 0 }), budget({ minAvailable: 0 }, 'other')],
    steps: [
      { ...pods, ...SOON, expect: { some: [{ status: { phase: 'Running' } }] } },
      {
        ...evict('one'),
        expect: {
          code: 500,
          message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
        },
      },
    ],
  },
  {
    name: 'a pod that does not run yet is evicted whatever its budget says',
    source: 'pkg/registry/core/pod/storage/eviction.go',
    given: [pod('one'), budget({ minAvailable: 1 })],
    steps: [
      { ...evict('one'), expect: { code: 201 } },
      { ...pods, ...SOON, expect: { count: 0 } },
    ],
  },
  {
    name: 'an eviction must name the pod of its URL',
    source: 'pkg/registry/core/pod/storage/eviction.go',
    given: [pod('one')],
    steps: [
      {
        ...evict('one'),
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'other' } },
        expect: { code: 400, message: 'name in URL does not match name in Eviction object' },
      },
      { ...evict('absent'), expect: { code: 404, message: 'pods "absent" not found' } },
    ],
  },
  {
    name: 'a budget without pods says so and allows nothing',
    source: 'pkg/controller/disruption/disruption.go',
    given: [budget({ minAvailable: 1 })],
    steps: [
      {
        ...events,
        ...SOON,
        expect: {
          some: [
            {
              type: 'Normal',
              reason: 'NoPods',
              message: 'No matching pods found',
              source: { component: 'controllermanager' },
            },
          ],
        },
      },
      {
        ...pdb,
        expect: {
          body: {
            status: {
              disruptionsAllowed: 0,
              expectedPods: 0,
              conditions: [{ status: 'False', reason: 'InsufficientPods' }],
            },
          },
        },
      },
    ],
  },
  {
    name: 'a share of pods whose owner has no size cannot be told',
    source: `${BUDGETS}#arbitrary-controllers-and-selectors`,
    given: [
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'once', namespace: NAMESPACE },
        spec: {
          template: {
            metadata: { labels: LABELS },
            spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox' }] },
          },
        },
      },
      budget({ maxUnavailable: 1 }),
    ],
    steps: [
      {
        ...pdb,
        ...SOON,
        expect: {
          body: {
            status: {
              disruptionsAllowed: 0,
              conditions: [
                {
                  type: 'DisruptionAllowed',
                  status: 'False',
                  reason: 'SyncFailed',
                  message: 'jobs.batch does not implement the scale subresource',
                },
              ],
            },
          },
        },
      },
      {
        ...events,
        ...SOON,
        expect: {
          some: [
            {
              type: 'Warning',
              reason: 'CalculateExpectedPodCountFailed',
              message:
                'Failed to calculate the number of expected pods: jobs.batch does not implement the scale subresource',
            },
          ],
        },
      },
    ],
  },
];
