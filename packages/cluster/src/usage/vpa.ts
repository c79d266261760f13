/**
 * Recommendations of VerticalPodAutoscalers.
 * Source: https://github.com/kubernetes/autoscaler/tree/master/vertical-pod-autoscaler
 */
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { cpuMillis, wholeUnits } from '../model/quantity.ts';
import { isRecord, Reading, type Json } from '../model/unknown-json.ts';

/** Amounts of one bound; `undefined` when not recommended. */
export interface RecommendedAmounts {
  readonly cpuMillis: number | undefined;
  readonly memoryBytes: number | undefined;
}

/** What a VerticalPodAutoscaler recommends for one container of its target. */
export interface VpaRecommendation {
  readonly namespace: string;
  /** The workload, as `spec.targetRef` names it. */
  readonly targetKind: string;
  readonly targetName: string;
  readonly container: string;
  readonly target: RecommendedAmounts;
  readonly lowerBound: RecommendedAmounts;
  readonly upperBound: RecommendedAmounts;
}

/** Reads `status.recommendation.containerRecommendations`; empty for other objects and before the first recommendation. */
export function vpaRecommendations(object: KubeObject): readonly VpaRecommendation[] {
  if (object.kind !== 'VerticalPodAutoscaler' || groupOf(object.apiVersion) !== 'autoscaling.k8s.io') return [];
  const reading = new Reading();
  const { spec, status } = object as unknown as { readonly spec?: unknown; readonly status?: unknown };
  const target = reading.record(isRecord(spec) ? spec : {}, 'targetRef', '');
  const recommendation = reading.record(isRecord(status) ? status : {}, 'recommendation', '');
  return reading.records(recommendation, 'containerRecommendations', '', (item, at) => {
    const container = reading.text(item, 'containerName', at);
    if (container === '') return undefined;
    return {
      namespace: object.metadata.namespace ?? 'default',
      targetKind: reading.text(target, 'kind', ''),
      targetName: reading.text(target, 'name', ''),
      container,
      target: amounts(reading.record(item, 'target', at)),
      lowerBound: amounts(reading.record(item, 'lowerBound', at)),
      upperBound: amounts(reading.record(item, 'upperBound', at)),
    };
  });
}

function amounts({ cpu, memory }: Json): RecommendedAmounts {
  const scalar = (value: unknown): string | number =>
    typeof value === 'string' || typeof value === 'number' ? value : '';
  return { cpuMillis: cpuMillis(scalar(cpu)), memoryBytes: wholeUnits(scalar(memory)) };
}
