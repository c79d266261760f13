import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, tried } from '../../trial.suite.ts';
import { fixAutoscalerTarget } from './fix-autoscaler-target.ts';

const autoscaler = (name: string, target: string) => ({
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name, namespace: 'shop' } },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
    ...{ minReplicas: 1, maxReplicas: 3 },
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
  },
});

function cluster(...objects: readonly unknown[]) {
  const made = clusterWith(objects);
  made.clock.advance(1_200_000);
  return planningOf(made);
}

describe('fix-autoscaler-target', () => {
  it('names the nearest workload', () => {
    const planning = cluster(deployment('checkout'), autoscaler('scaler', 'checkuot'));
    const [best] = proposalsOf(fixAutoscalerTarget, planning);
    expect(best?.title).toContain('Deployment checkout');
    const { outcomes, causes } = tried([fixAutoscalerTarget], best as never, planning);
    expect(outcomes).toEqual(['held']);
    expect(causes).not.toContain('hpa-target-missing');
  });

  it('takes no workload that another autoscaler scales, and none that is not near', () => {
    const planning = cluster(
      deployment('checkout'),
      deployment('search'),
      autoscaler('checkout', 'checkout'),
      autoscaler('scaler', 'checkuot'),
    );
    expect(proposalsOf(fixAutoscalerTarget, planning)).toEqual([]);
  });
});
