/** Autoscalers that do not scale, and why. */
import { describe, expect, it } from 'vitest';
import { ago, condition, crashing, DAY, HOUR, pending, running } from './pod-states.suite.ts';
import { causesOf, Scene, type Made } from './scene.suite.ts';

const LACKING = 'the HPA was unable to compute the replica count: failed to get cpu utilization:';
const API =
  `${LACKING} unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: ` +
  'the server could not find the requested resource (get pods.metrics.k8s.io)';
const REQUESTS = { resources: { requests: { cpu: '100m', memory: '64Mi' } } };

const active = (message: string) => ({
  conditions: [
    condition('AbleToScale', 'True', 'SucceededGetScale'),
    condition('ScalingActive', 'False', 'FailedGetResourceMetric', message),
  ],
});

function scene(): { made: Scene; node: string; hpa: (name: string, status: object, metrics?: boolean) => Made } {
  const made = new Scene();
  const node = made.node('gke-shop-default-pool-7f3c2a91-n0');
  return {
    made,
    node,
    hpa: (name, status) =>
      made.add('autoscaling/v2', 'HorizontalPodAutoscaler', name, 'shop', {
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
          minReplicas: 1,
          maxReplicas: 5,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
          ],
        },
        status: { currentReplicas: 2, desiredReplicas: 2, lastScaleTime: ago(DAY), ...status },
      }),
  };
}

describe('autoscalers', () => {
  it('two without metrics, as nothing serves the metrics API: one cause', () => {
    const { made, node, hpa } = scene();
    for (const name of ['api', 'worker']) {
      made.deployment(name, { pods: [running(node), running(node)], container: REQUESTS });
      hpa(name, active(API));
    }
    const { rootCauses, findings } = made.assess();
    expect(rootCauses.map((cause) => cause.class)).toEqual(['metrics-server-absent']);
    expect(
      findings.filter(({ code }) => code === 'hpa-metrics-unavailable').map(({ explainedBy }) => explainedBy),
    ).toEqual([rootCauses[0]?.id, rootCauses[0]?.id]);
  });
  it('a container without the request that is measured by', () => {
    const { made, node, hpa } = scene();
    made.deployment('api', { pods: [running(node), running(node)], container: { resources: {} } });
    hpa('api', active(`${LACKING} missing request for cpu in container api of Pod api-x`));
    expect(causesOf(made.assess())).toEqual(['hpa-requests-missing HorizontalPodAutoscaler shop/api 0']);
  });
  it('pods that crash, which nobody can measure: the crash', () => {
    const { made, node, hpa } = scene();
    made.deployment('api', {
      pods: [crashing(node, { exitCode: 1, reason: 'Error', restarts: 40 })],
      container: REQUESTS,
    });
    hpa('api', active(`${LACKING} did not receive metrics for targeted pods (pods might be unready)`));
    const { rootCauses, findings } = made.assess();
    expect(rootCauses).toHaveLength(1);
    expect(findings.find(({ code }) => code === 'hpa-metrics-unavailable')?.explainedBy).toBe(rootCauses[0]?.id);
  });
  it('at its maximum with pods that find no node: the lack of room', () => {
    const { made, node, hpa } = scene();
    made.deployment('api', {
      pods: [
        running(node),
        running(node),
        ...Array.from({ length: 3 }, () => pending('0/1 nodes are available: 1 Insufficient cpu.')),
      ],
      replicas: 5,
      cpu: '3',
    });
    hpa('api', {
      currentReplicas: 5,
      desiredReplicas: 5,
      conditions: [
        condition(
          'ScalingLimited',
          'True',
          'TooManyReplicas',
          'the desired replica count is more than the maximum replica count',
          3 * HOUR,
        ),
      ],
    });
    const { rootCauses, findings } = made.assess();
    expect(rootCauses).toHaveLength(1);
    expect(findings.find(({ code }) => code === 'hpa-at-maximum')?.explainedBy).toBe(rootCauses[0]?.id);
  });
  it('more replicas asked for than a quota allows: the quota', () => {
    const { made, node, hpa } = scene();
    made.deployment('api', {
      pods: [running(node), running(node)],
      replicas: 4,
      container: REQUESTS,
      conditions: [
        condition(
          'ReplicaFailure',
          'True',
          'FailedCreate',
          'pods "api-6d5f8c7b94-x" is forbidden: exceeded quota: compute, requested: cpu=100m, used: cpu=200m, limited: cpu=200m',
        ),
      ],
    });
    hpa('api', {
      currentReplicas: 2,
      desiredReplicas: 4,
      conditions: [condition('AbleToScale', 'True', 'SucceededRescale')],
    });
    const { rootCauses, findings } = made.assess();
    expect(rootCauses.map((cause) => cause.class)).toEqual(['namespace-quota-exhausted']);
    expect(findings.find(({ code }) => code === 'hpa-replicas-mismatch')?.explainedBy).toBe(rootCauses[0]?.id);
  });
  it('a target that does not exist', () => {
    const { made, node, hpa } = scene();
    made.deployment('api', { pods: [running(node)], container: REQUESTS });
    hpa('apis', {
      conditions: [
        condition(
          'AbleToScale',
          'False',
          'FailedGetScale',
          'the HPA controller was unable to get the target\'s current scale: deployments/scale.apps "apis" not found',
        ),
      ],
    });
    expect(causesOf(made.assess())).toEqual(['hpa-target-missing HorizontalPodAutoscaler shop/apis 0']);
  });
});
