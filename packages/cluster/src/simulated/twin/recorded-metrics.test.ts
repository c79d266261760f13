import { describe, expect, it } from 'vitest';
import { SnapshotBuilder } from '../../snapshot/builder.ts';
import { ObjectStore } from '../store/object-store.ts';
import { isServedAnew, metricsErrorOf, recordedMetrics } from './recorded-metrics.ts';

const WHY = 'the server is currently unable to handle the request (get pods.metrics.k8s.io)';

function recorded(status: string, message: string, ...others: readonly object[]) {
  const builder = new SnapshotBuilder();
  const autoscaler = {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    metadata: { name: 'web', namespace: 'shop' },
    status: { conditions: [{ type: 'ScalingActive', status, message }] },
  };
  for (const object of [autoscaler, ...others]) builder.add(object, 'test');
  return builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: Date.UTC(2026, 5, 1) });
}

const STORE = new ObjectStore(() => 0);

const quoting = (why: string) =>
  `the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: ${why}`;
const FAILED = quoting(`unable to fetch metrics from resource metrics API: ${WHY}`);

describe('the metrics API of a record', () => {
  it('goes on giving no answer, in the words that autoscalers quote', () => {
    expect(recordedMetrics(recorded('False', FAILED), STORE)?.metricsError?.()).toBe(WHY);
  });

  it.each([
    ['it answers without metrics', recorded('False', quoting('no metrics returned from resource metrics API'))],
    ['autoscalers can compute', recorded('True', FAILED)],
    [
      'its answers are on record',
      recorded('False', FAILED, {
        ...{ apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', containers: [] },
        metadata: { name: 'web-1', namespace: 'shop' },
      }),
    ],
  ])('answers where %s', (_, snapshot) => {
    expect(metricsErrorOf(snapshot)).toBeUndefined();
    expect(recordedMetrics(snapshot, STORE)).toBeUndefined();
  });

  it('answers again once all pods of its server are new ones', () => {
    const at = Date.UTC(2026, 5, 1);
    const pod = (name: string, ms: number) => ({
      ...{ apiVersion: 'v1', kind: 'Pod' as const },
      metadata: { name, namespace: 'kube-system', creationTimestamp: new Date(at + ms).toISOString() },
    });
    expect(isServedAnew([pod('metrics-server-a', -1000), pod('metrics-server-b', 1000)], at)).toBe(false);
    expect(isServedAnew([pod('metrics-server-b', 1000), pod('kube-dns-a', -1000)], at)).toBe(true);
    expect(isServedAnew([pod('kube-dns-a', 1000)], at)).toBe(false);
  });
});
