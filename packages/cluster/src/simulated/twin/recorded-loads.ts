/**
 * What HorizontalPodAutoscalers measured: the load of their targets, which more pods share and fewer have to bear. Without it a twin would have each
 * new pod use as much as the ones before, so that no number of them was ever enough.
 */
import { cpuMillis } from '../../model/quantity.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { ClusterSnapshot } from '../../snapshot/snapshot.ts';
import { DEPLOYMENTS, STATEFUL_SETS } from '../api/built-in-types.ts';
import type { SharedLoad } from '../kubelet/recorded-behaviour.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** The load of a workload. */
export interface RecordedLoad extends SharedLoad {
  readonly namespace: string;
  /** `Deployment/web`. */
  readonly workload: string;
}

const TARGETS = { Deployment: DEPLOYMENTS, StatefulSet: STATEFUL_SETS } as const;

/** Loads of workloads that are scaled by them. */
export function recordedLoads(snapshot: ClusterSnapshot, store: ObjectStore): readonly RecordedLoad[] {
  return snapshot.list('HorizontalPodAutoscaler').flatMap(({ metadata, spec, status }): readonly RecordedLoad[] => {
    const { namespace = '' } = metadata;
    const { kind = '', name = '' } = spec?.scaleTargetRef ?? {};
    if (!isTarget(kind)) return [];
    const measured = (status?.currentMetrics ?? [])
      .map(({ resource }) => (resource?.name === 'cpu' ? cpuMillis(resource.current.averageValue ?? '') : undefined))
      .find((one) => one !== undefined);
    const ready = (): number => Math.max(1, readyOf(store.get(TARGETS[kind], namespace, name)));
    const before = ready();
    return [{ namespace, workload: `${kind}/${name}`, cpuMillis: measured, share: () => before / ready() }];
  });
}

function isTarget(kind: string): kind is keyof typeof TARGETS {
  return Object.hasOwn(TARGETS, kind);
}

function readyOf(object: KubeObject | undefined): number {
  return (object as { readonly status?: { readonly readyReplicas?: number } } | undefined)?.status?.readyReplicas ?? 0;
}
