import { describe, expect, it } from 'vitest';
import type { Deployment, KindMap, Pod, PodMetrics } from '../../../model/kinds.ts';
import { DEPLOYMENTS, HORIZONTAL_POD_AUTOSCALERS, PODS } from '../../api/built-in-types.ts';
import { timestamp } from '../../clock/virtual-clock.ts';
import type { NodeAgents } from '../../kubelet/node-agents.ts';
import type { MakeController } from '../controller.ts';
import { workloadCluster } from '../workload-cluster.suite.ts';
import { horizontalPodAutoscalerController } from './horizontal-pod-autoscaler-controller.ts';

type Autoscaler = KindMap['HorizontalPodAutoscaler'];
type Spec = NonNullable<Autoscaler['spec']>;

const NAMESPACE = 'shop';
const LABELS = { app: 'web' };
const CPU: NonNullable<Spec['metrics']>[number] = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};

/** A Deployment whose pods are put there by hand, each with its CPU in millicores of a request of 1000. */
function cluster(spec: Partial<Spec> = {}, replicas = 2) {
  const measured = new Map<string, PodMetrics>();
  const withMetrics: MakeController = (context) => {
    const podMetrics = (_: string, name: string) => measured.get(name);
    const kubelets = { podMetrics } as unknown as NodeAgents;
    return horizontalPodAutoscalerController({ ...context, kubelets });
  };
  const made = workloadCluster([withMetrics], {
    kubelet: { readyAfterMs: () => undefined },
  });
  const { api, clock, store } = made;
  const metadata = { name: 'web', namespace: NAMESPACE };
  api.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { replicas, selector: { matchLabels: LABELS }, template: { metadata: { labels: LABELS } } },
  } as Deployment);
  const create = (name: string) =>
    api.create(HORIZONTAL_POD_AUTOSCALERS, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [CPU],
        ...spec,
      },
    });
  create('web');
  const usage: (number | undefined)[] = [];
  const refresh = () => {
    for (const [index, millis] of usage.entries()) {
      if (millis === undefined) measured.delete(`web-${index}`);
      else measured.set(`web-${index}`, metricsOf(index, millis, clock.now));
    }
  };
  const use = (...millis: readonly (number | undefined)[]) => {
    for (let index = 0; index < Math.max(millis.length, usage.length); index++) {
      if (index >= millis.length) store.remove(PODS, NAMESPACE, `web-${index}`);
      else if (index >= usage.length) store.put(PODS, pod(index));
    }
    usage.splice(0, usage.length, ...millis);
  };
  const pass = (periods = 1) => {
    for (let i = 0; i < periods; i++) {
      refresh();
      clock.advance(15_000);
    }
  };
  const status = () => api.get(HORIZONTAL_POD_AUTOSCALERS, NAMESPACE, 'web').status;
  const condition = (type: string) => status()?.conditions?.find((one) => one.type === type);
  const replicasNow = () => api.get(DEPLOYMENTS, NAMESPACE, 'web').spec?.replicas;
  return { ...made, create, use, pass, status, condition, replicas: replicasNow };
}

function pod(index: number): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `web-${index}`, namespace: NAMESPACE, labels: LABELS, uid: `u${index}` },
    spec: { containers: [{ name: 'app', resources: { requests: { cpu: '1', memory: '1Gi' } } }] },
    status: {
      phase: 'Running',
      startTime: '2024-12-31T00:00:00Z',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2024-12-31T00:00:10Z' }],
    },
  };
}

function metricsOf(index: number, millis: number, now: number): PodMetrics {
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name: `web-${index}`, namespace: NAMESPACE },
    timestamp: timestamp(now),
    window: '15s',
    containers: [{ name: 'app', usage: { cpu: `${millis}m`, memory: '512Mi' } }],
  };
}

describe('horizontalPodAutoscalerController', () => {
  it('looks for the first time after a period, and scales up by the mean utilization', () => {
    const { use, pass, status, replicas, told, clock, condition } = cluster();
    use(900, 1100);
    clock.advance(14_000);
    expect(status()?.conditions).toBeUndefined();
    pass();
    expect(replicas()).toBe(4);
    expect(status()).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 4,
      lastScaleTime: expect.any(String),
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 100, averageValue: '1' } } },
      ],
    });
    expect(told()).toEqual([
      'Normal SuccessfulRescale New size: 4; reason: cpu resource utilization (percentage of request) above target',
    ]);
    expect(condition('AbleToScale')).toMatchObject({
      status: 'True',
      reason: 'SucceededRescale',
      message: 'the HPA controller was able to update the target scale to 4',
    });
    expect(condition('ScalingActive')).toMatchObject({
      status: 'True',
      reason: 'ValidMetricFound',
      message:
        'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    });
    expect(condition('ScalingLimited')).toMatchObject({ status: 'False', reason: 'DesiredWithinRange' });
  });

  it.each([
    [[455, 455], 2],
    [[550, 550], 2],
    [[560, 560], 3],
  ])('leaves the size alone within a tenth of the target: %j', (millis, expected) => {
    const { use, pass, replicas, condition } = cluster();
    use(...millis);
    pass(2);
    expect(replicas()).toBe(expected);
    if (expected === 2)
      expect(condition('AbleToScale')).toMatchObject({
        reason: 'ReadyForNewScale',
        message: 'recommended size matches current size',
      });
  });

  it('at most doubles, and stops at the maximum', () => {
    const { use, pass, replicas, condition } = cluster({ maxReplicas: 6 });
    use(3000, 3000);
    pass(2);
    expect(replicas()).toBe(4);
    expect(condition('ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'ScaleUpLimit',
      message: 'the desired replica count is increasing faster than the maximum scale rate',
    });
    use(3000, 3000, 3000, 3000);
    pass();
    expect(replicas()).toBe(6);
    expect(condition('ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'TooManyReplicas',
      message: 'the desired replica count is more than the maximum replica count',
    });
  });

  it('shrinks only after five minutes, and not below the minimum', () => {
    const { use, pass, replicas, condition, told } = cluster({ minReplicas: 2 }, 4);
    use(0, 0, 0, 0);
    pass(2);
    expect(replicas()).toBe(4);
    expect(condition('AbleToScale')).toMatchObject({
      reason: 'ScaleDownStabilized',
      message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
    });
    pass(21);
    expect(replicas()).toBe(2);
    expect(told()).toEqual(['Normal SuccessfulRescale New size: 2; reason: All metrics below target']);
    expect(condition('ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'TooFewReplicas',
      message: 'the desired replica count is less than the minimum replica count',
    });
  });

  it('brings the size within its bounds without asking the metrics', () => {
    const above = cluster({ maxReplicas: 3 }, 5);
    above.pass(2);
    expect(above.replicas()).toBe(3);
    expect(above.told()[0]).toBe(
      'Normal SuccessfulRescale New size: 3; reason: Current number of replicas above Spec.MaxReplicas',
    );
    const below = cluster({ minReplicas: 3 }, 1);
    below.pass(2);
    expect(below.told()[0]).toBe(
      'Normal SuccessfulRescale New size: 3; reason: Current number of replicas below Spec.MinReplicas',
    );
  });

  it('does nothing for a target that is scaled to zero', () => {
    const { pass, replicas, condition } = cluster({}, 0);
    pass(2);
    expect(replicas()).toBe(0);
    expect(condition('ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'ScalingDisabled',
      message: 'scaling is disabled since the replica count of the target is zero',
    });
  });

  it('says when there are no metrics', () => {
    const { use, pass, condition, told } = cluster();
    use(undefined, undefined);
    pass(2);
    const error =
      'failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API';
    expect(condition('ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: `the HPA was unable to compute the replica count: ${error}`,
    });
    expect(told()).toEqual([
      `Warning FailedGetResourceMetric ${error}`,
      `Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${error}`,
    ]);
  });

  it('needs requests to tell a utilization', () => {
    const { use, pass, condition, store } = cluster();
    use(100, 100);
    const bare = pod(1);
    store.put(PODS, { ...bare, spec: { containers: [{ name: 'app' }] } });
    pass(2);
    expect(condition('ScalingActive')?.message).toBe(
      'the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container app of Pod web-1',
    );
  });

  it('says when the target is not there or cannot be scaled', () => {
    const missing = cluster({ scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'other' } });
    missing.pass(2);
    expect(missing.condition('AbleToScale')).toMatchObject({
      status: 'False',
      reason: 'FailedGetScale',
      message: 'the HPA controller was unable to get the target\'s current scale: deployments.apps "other" not found',
    });
    expect(missing.told()).toEqual(['Warning FailedGetScale deployments.apps "other" not found']);
    const unknown = cluster({ scaleTargetRef: { apiVersion: 'example.com/v1', kind: 'Thing', name: 'x' } });
    unknown.pass(2);
    expect(unknown.told()).toEqual(['Warning FailedGetScale no matches for kind "Thing" in group "example.com"']);
  });

  it('takes pods without metrics for idle when growing, and for fully used when shrinking', () => {
    const growing = cluster();
    growing.use(1500, undefined);
    growing.pass(2);
    // (1500 + 0) of 2000 is 75 %: one and a half times the target.
    expect(growing.replicas()).toBe(3);
    const shrinking = cluster(
      {
        behavior: {
          scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
          scaleUp: {},
        },
      },
      4,
    );
    shrinking.use(0, 0, 0, undefined);
    shrinking.pass(2);
    // 1000 of 4000 is half of the target.
    expect(shrinking.replicas()).toBe(2);
  });

  it('does not count the CPU of pods that have just begun', () => {
    const { use, pass, replicas, store } = cluster();
    use(900, 5000);
    const young = pod(1);
    store.put(PODS, {
      ...young,
      status: {
        ...young.status,
        startTime: '2025-01-01T00:00:00Z',
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2025-01-01T00:00:00Z' }],
      },
    });
    pass(2);
    // 900 of 2000 is 45 %: the direction would turn round.
    expect(replicas()).toBe(2);
  });

  it('takes the highest of several metrics, and shrinks only when all can be read', () => {
    const memory: NonNullable<Spec['metrics']>[number] = {
      type: 'Resource',
      resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '256Mi' } },
    };
    const both = cluster({ metrics: [CPU, memory] });
    both.use(500, 500);
    both.pass(2);
    expect(both.replicas()).toBe(4);
    expect(both.told()).toContain('Normal SuccessfulRescale New size: 4; reason: memory resource above target');
    const queue: NonNullable<Spec['metrics']>[number] = {
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'Value', value: '10' } },
    };
    const partial = cluster({ metrics: [CPU, queue] }, 4);
    partial.use(0, 0, 0, 0);
    partial.pass(25);
    expect(partial.replicas()).toBe(4);
    expect(partial.condition('ScalingActive')).toMatchObject({ status: 'False', reason: 'FailedGetExternalMetric' });
  });

  it('follows policies of a behavior', () => {
    const behavior = {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
      },
      scaleDown: { selectPolicy: 'Disabled' },
    };
    const { use, pass, replicas, condition } = cluster({ behavior });
    use(3000, 3000);
    pass(2);
    expect(replicas()).toBe(3);
    expect(condition('ScalingLimited')).toMatchObject({ status: 'True', reason: 'ScaleUpLimit' });
    pass(2);
    expect(replicas()).toBe(3);
    pass(3);
    expect(replicas()).toBe(4);
    use(0, 0);
    pass(30);
    expect(replicas()).toBe(4);
    expect(condition('ScalingLimited')).toMatchObject({ status: 'True', reason: 'ScaleDownLimit' });
  });

  it('refuses pods that several autoscalers claim', () => {
    const { create, use, pass, condition } = cluster();
    create('other');
    use(500, 500);
    pass(3);
    expect(condition('ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'AmbiguousSelector',
      message: 'pods by selector app=web are controlled by multiple HPAs: [shop/other shop/web]',
    });
  });
});
