/** HorizontalPodAutoscalers. */
import type { ConformanceCase, Json } from '../conformance-case.ts';
import { deployment, NAMESPACE } from './objects.ts';

const HPA = 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/';
const SOURCE = 'pkg/controller/podautoscaler/horizontal.go';
const autoscaler = {
  verb: 'get',
  resource: 'autoscaling/v2/horizontalpodautoscalers',
  namespace: NAMESPACE,
  name: 'web',
} as const;
const events = { verb: 'list', resource: 'v1/events', namespace: NAMESPACE } as const;
const target = { verb: 'get', resource: 'apps/v1/deployments', namespace: NAMESPACE, name: 'web' } as const;
const NODES = [{ name: 'node-1' }];
const BUSY = 'example.com/busy:1';
const IDLE = 'example.com/idle:1';
const behaviours = {
  [BUSY]: { usage: () => ({ cpuMillis: 100, memoryBytes: 10_000_000 }) },
  [IDLE]: { usage: () => ({ cpuMillis: 1, memoryBytes: 10_000_000 }) },
};
const REQUESTS = { resources: { requests: { cpu: '100m', memory: '32Mi' } } };
const SOON = { eventuallyMs: 120_000 };

function scaled(spec: Json = {}): Json {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 4,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
      ...spec,
    },
  };
}

export const AUTOSCALING_CASES: readonly ConformanceCase[] = [
  {
    name: 'a workload is scaled up when its pods use more than the target',
    source: `${HPA}#algorithm-details`,
    nodes: NODES,
    behaviours,
    given: [deployment(1, { image: BUSY, ...REQUESTS }), scaled()],
    steps: [
      { ...target, eventuallyMs: 300_000, expect: { body: { spec: { replicas: 2 } } } },
      {
        ...events,
        ...SOON,
        expect: {
          some: [
            {
              type: 'Normal',
              reason: 'SuccessfulRescale',
              message: 'New size: 2; reason: cpu resource utilization (percentage of request) above target',
              source: { component: 'horizontal-pod-autoscaler' },
              involvedObject: { kind: 'HorizontalPodAutoscaler', name: 'web' },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'the size stops at the maximum',
    source: `${HPA}#algorithm-details`,
    nodes: NODES,
    behaviours,
    given: [deployment(1, { image: BUSY, ...REQUESTS }), scaled({ maxReplicas: 3 })],
    steps: [
      {
        ...autoscaler,
        eventuallyMs: 900_000,
        expect: {
          body: {
            status: { currentReplicas: 3, desiredReplicas: 3 },
          },
        },
      },
      { ...target, staysMs: 60_000, expect: { body: { spec: { replicas: 3 } } } },
    ],
  },
  {
    name: 'a workload is scaled down only after five minutes',
    source: `${HPA}#flapping`,
    nodes: NODES,
    behaviours,
    given: [deployment(3, { image: IDLE, ...REQUESTS }), scaled()],
    steps: [
      {
        ...autoscaler,
        eventuallyMs: 300_000,
        expect: { body: { status: { currentMetrics: [{ type: 'Resource', resource: { name: 'cpu' } }] } } },
      },
      { ...target, staysMs: 120_000, expect: { body: { spec: { replicas: 3 } } } },
      { ...target, eventuallyMs: 600_000, expect: { body: { spec: { replicas: 1 } } } },
      {
        ...events,
        ...SOON,
        expect: { some: [{ reason: 'SuccessfulRescale', message: 'New size: 1; reason: All metrics below target' }] },
      },
    ],
  },
  {
    name: 'a workload below the minimum is scaled up without a look at the metrics',
    source: SOURCE,
    given: [deployment(1), scaled({ minReplicas: 3 })],
    steps: [
      { ...target, ...SOON, expect: { body: { spec: { replicas: 3 } } } },
      {
        ...events,
        ...SOON,
        expect: {
          some: [
            {
              reason: 'SuccessfulRescale',
              message: 'New size: 3; reason: Current number of replicas below Spec.MinReplicas',
            },
          ],
        },
      },
      {
        ...autoscaler,
        eventuallyMs: 10_000,
        expect: {
          body: {
            status: {
              conditions: [
                {
                  type: 'AbleToScale',
                  status: 'True',
                  reason: 'SucceededRescale',
                  message: 'the HPA controller was able to update the target scale to 3',
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    name: 'a workload above the maximum is scaled down at once',
    source: SOURCE,
    given: [deployment(6), scaled()],
    steps: [
      { ...target, ...SOON, expect: { body: { spec: { replicas: 4 } } } },
      {
        ...events,
        ...SOON,
        expect: {
          some: [
            {
              reason: 'SuccessfulRescale',
              message: 'New size: 4; reason: Current number of replicas above Spec.MaxReplicas',
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a workload that was scaled to zero is left alone',
    source: `${HPA}#implicit-maintenance-mode-deactivation`,
    given: [deployment(0), scaled()],
    steps: [
      {
        ...autoscaler,
        ...SOON,
        expect: {
          body: {
            status: {
              conditions: [
                { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale' },
                {
                  type: 'ScalingActive',
                  status: 'False',
                  reason: 'ScalingDisabled',
                  message: 'scaling is disabled since the replica count of the target is zero',
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    name: 'a target that is not there is told of',
    source: SOURCE,
    given: [scaled()],
    steps: [
      {
        ...autoscaler,
        ...SOON,
        expect: {
          body: {
            status: {
              conditions: [
                {
                  type: 'AbleToScale',
                  status: 'False',
                  reason: 'FailedGetScale',
                  message:
                    'the HPA controller was unable to get the target\'s current scale: deployments.apps "web" not found',
                },
              ],
            },
          },
        },
      },
      {
        ...events,
        ...SOON,
        expect: { some: [{ type: 'Warning', reason: 'FailedGetScale', message: 'deployments.apps "web" not found' }] },
      },
    ],
  },
  {
    name: 'a utilization cannot be told without requests',
    source: `${HPA}#how-does-a-horizontalpodautoscaler-work`,
    nodes: NODES,
    behaviours,
    given: [deployment(1, { image: BUSY }), scaled()],
    steps: [
      {
        ...autoscaler,
        eventuallyMs: 600_000,
        expect: {
          body: {
            status: {
              conditions: [
                { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale' },
                {
                  type: 'ScalingActive',
                  status: 'False',
                  reason: 'FailedGetResourceMetric',
                  message:
                    /^the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container app of Pod web-/,
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    name: 'pods that were never measured make an autoscaler wait',
    source: SOURCE,
    given: [deployment(2), scaled()],
    steps: [
      {
        ...events,
        ...SOON,
        expect: {
          some: [
            {
              type: 'Warning',
              reason: 'FailedGetResourceMetric',
              message:
                /^failed to get cpu utilization: unable to get metrics for resource cpu: (no metrics returned|unable to fetch metrics) from resource metrics API/,
            },
            {
              type: 'Warning',
              reason: 'FailedComputeMetricsReplicas',
              message:
                /^invalid metrics \(1 invalid out of 1\), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: (no metrics returned|unable to fetch metrics) from resource metrics API/,
            },
          ],
        },
      },
    ],
  },
];
