import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../model/kinds.ts';
import { DEPLOYMENTS, HORIZONTAL_POD_AUTOSCALERS, NODES } from '../api/built-in-types.ts';
import { newScene } from './fault-scene.suite.ts';
import { NoTargetError } from './no-target-error.ts';
import { Symptoms } from './symptoms.suite.ts';

const NAME = 'HorizontalPodAutoscaler search/query';

const conditionOf = ({ cluster }: Symptoms, type: string, name = 'query', namespace = 'search') => {
  const { status, reason, message } =
    cluster.api.store
      .get(HORIZONTAL_POD_AUTOSCALERS, namespace, name)
      ?.status?.conditions?.find((one) => one.type === type) ?? {};
  return { status, reason, message };
};

describe('faults of autoscaling', () => {
  it('autoscaler-without-requests: there is nothing to measure by', () => {
    const symptoms = new Symptoms('autoscaler-without-requests');
    expect(symptoms.fault.truth.entities).toEqual([NAME, 'Deployment search/query']);
    expect(conditionOf(symptoms, 'ScalingActive')).toEqual({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: expect.stringMatching(
        /^the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container query of Pod query-[a-z0-9-]+$/,
      ) as string,
    });
    expect(conditionOf(symptoms.repair(), 'ScalingActive').status).toBe('True');
  });

  it('metrics-api-down: the autoscaler quotes the API server', () => {
    const symptoms = new Symptoms('metrics-api-down');
    const words =
      'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: ' +
      'the server is currently unable to handle the request (get pods.metrics.k8s.io)';
    expect(conditionOf(symptoms, 'ScalingActive')).toEqual({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: `the HPA was unable to compute the replica count: ${words}`,
    });
    expect(symptoms.warnings(NAME).slice(-2)).toEqual([
      `FailedGetResourceMetric: ${words}`,
      `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${words}`,
    ]);
    expect(
      symptoms.cluster.kubelets.podMetrics('search', symptoms.pods('search')[0]?.metadata.name ?? ''),
    ).toBeUndefined();
    expect(conditionOf(symptoms.repair(), 'ScalingActive').status).toBe('True');
  });

  it('autoscaler-at-maximum: more replicas are wanted than there may be', () => {
    const symptoms = new Symptoms('autoscaler-at-maximum', { parameters: { load: 1.5 } });
    expect(conditionOf(symptoms, 'ScalingLimited')).toEqual({
      status: 'True',
      reason: 'TooManyReplicas',
      message: 'the desired replica count is more than the maximum replica count',
    });
    const { spec, status } = symptoms.cluster.api.store.get(HORIZONTAL_POD_AUTOSCALERS, 'search', 'query') ?? {};
    expect([spec?.maxReplicas, status?.currentReplicas, status?.desiredReplicas]).toEqual([6, 6, 6]);
    symptoms.repair(3_600_000);
    expect(conditionOf(symptoms, 'ScalingLimited').reason).not.toBe('TooManyReplicas');
    expect(symptoms.cluster.api.store.get(DEPLOYMENTS, 'search', 'query')?.status?.readyReplicas).toBe(9);
  });

  it('autoscaler-target-missing: there is nothing to scale', () => {
    const symptoms = new Symptoms('autoscaler-target-missing');
    expect(conditionOf(symptoms, 'AbleToScale')).toEqual({
      status: 'False',
      reason: 'FailedGetScale',
      message:
        'the HPA controller was unable to get the target\'s current scale: deployments.apps "query-v2" not found',
    });
    expect(symptoms.warnings(NAME)).toContain('FailedGetScale: deployments.apps "query-v2" not found');
    expect(conditionOf(symptoms.repair(), 'AbleToScale').status).toBe('True');
  });

  it('gives a workload an autoscaler where none has one', () => {
    const symptoms = new Symptoms('autoscaler-target-missing', { target: 'shop/checkout' });
    expect(symptoms.fault.truth.entities).toEqual(['HorizontalPodAutoscaler shop/checkout']);
    expect(conditionOf(symptoms, 'AbleToScale', 'checkout', 'shop').reason).toBe('FailedGetScale');
  });

  it('scale-down-blocked adds a node that only the marks keep', () => {
    const MARK = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
    const cluster = newScene();
    const names = () => [...cluster.api.store.list(NODES)].map(({ metadata }) => metadata.name);
    const before = names();
    const symptoms = new Symptoms('scale-down-blocked', { target: 'shop/storefront', cluster });
    const marked = () => symptoms.pods('shop', 'storefront').filter(({ metadata }) => metadata.annotations?.[MARK]);
    const added = symptoms.fault.touched.find((one) => one.startsWith('Node '))?.slice('Node '.length);
    expect(before).not.toContain(added);
    cluster.clock.advance(3_600_000);
    const kept = names();
    expect(marked()).toHaveLength(3);
    expect(symptoms.fault.isGone?.(cluster)).toBe(false);
    cluster.clock.advance(3_600_000);
    expect(names()).toEqual(kept);
    const { spec } = cluster.api.store.get(DEPLOYMENTS, 'shop', 'storefront') as Deployment;
    const { metadata, ...template } = spec?.template ?? {};
    const unmarked = { ...template, metadata: { ...metadata, annotations: {} } };
    cluster.api.change(
      DEPLOYMENTS,
      'shop',
      'storefront',
      (now) => ({ ...now, spec: { ...now.spec, template: unmarked } }) as Deployment,
    );
    expect(symptoms.fault.isGone?.(cluster)).toBe(true);
    cluster.clock.advance(3_600_000);
    expect(marked()).toEqual([]);
    expect(names().length).toBeLessThan(kept.length);
  });

  it('scale-down-blocked is over once it is not the marks that keep nodes', () => {
    const { fault, cluster } = new Symptoms('scale-down-blocked', { target: 'shop/storefront' });
    expect(fault.isGone?.(cluster)).toBe(false);
    for (const { name, autoscaling } of cluster.cloud?.pools ?? []) {
      const minNodes = cluster.instanceGroups?.sizeOf(name) ?? 0;
      if (autoscaling !== undefined) cluster.cloud?.changePool(name, { autoscaling: { ...autoscaling, minNodes } });
    }
    expect(fault.isGone?.(cluster)).toBe(true);
  });

  it('scale-down-blocked befalls no cluster whose pools have a fixed size', () => {
    const cluster = newScene();
    for (const { name } of cluster.cloud?.pools ?? []) cluster.cloud?.changePool(name, { autoscaling: undefined });
    expect(() => new Symptoms('scale-down-blocked', { cluster })).toThrow(NoTargetError);
  });
});
